/** The dead-letter queues: what is in each of them, and where its messages go when they are tried again. */

import { MalformedMessageError, parseIncomingMessage } from '../../protocol/codec.ts';
import type { IncomingMessage } from '../../protocol/messages.ts';
import { printTimestamp, secondsBetween, type Timestamp } from '../../protocol/timestamps.ts';
import { printAccountKey } from '../../rules/account.ts';
import { parseChore } from '../../shell/chore-queue.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import { parseSweepTask } from '../../shell/sweep-queue.ts';
import type { DeadLetterReader, ReceivedDeadLetter } from './dead-letter-reader.ts';

/** A dead-letter queue whose messages can go back to where they came from. */
export interface RedrivableQueue {
  /** Outputs of the stack: of the queue, and of those that its messages may have come from. */
  readonly output: string;
  readonly sources: readonly string[];
  /** What a message is about, without text from clients. Throws if it can't be read. */
  readonly describe: (body: string) => string;
  /** Why the message must not be tried again, if so: a clause to be printed after its name. */
  readonly obstacle?: (body: string, now: Timestamp) => string | undefined;
}

/**
 * A copy of a request is recognised by the request's item, which is kept for more than 30 days after it was finished. A message that is
 * moved back may wait in its queue for another 14 days, so an older one could be taken for a new request.
 */
const MAX_REQUEST_AGE_SECONDS = 14 * 86_400;

const INCOMING = {
  sources: ['IncomingQueueUrl'],
  describe: (body: string) => {
    const message = parseIncomingMessage(body);
    return `${message.type} of ${printTimestamp(message.ts)} for account ${printAccountKey(message)}`;
  },
  obstacle: obstacleToRequest,
};

export const REDRIVABLE_QUEUES = {
  'dead-letter': { ...INCOMING, output: 'DeadLetterQueueUrl' },
  'given-up': { ...INCOMING, output: 'GivenUpQueueUrl' },
  chores: {
    output: 'ChoresDeadLetterQueueUrl',
    sources: ['ChoresQueueUrl'],
    describe: (body) => `announce account ${printAccountKey(parseChore(body).account)}`,
  },
  sweeps: {
    output: 'SweepsDeadLetterQueueUrl',
    sources: ['AccountsSweepQueueUrl', 'TransfersSweepQueueUrl', 'PublishAgainTasksQueueUrl'],
    describe: (body) => {
      const { segment, totalSegments, startedAt } = parseSweepTask(body);
      return `segment ${segment} of ${totalSegments} of the sweep of ${printTimestamp(BigInt(startedAt))}`;
    },
  },
} as const satisfies Record<string, RedrivableQueue>;

function obstacleToRequest(body: string, now: Timestamp): string | undefined {
  const message = parsed(body);
  const isTooOld =
    message?.type === 'PrepareTransfer' && secondsBetween(message.ts, now) > MAX_REQUEST_AGE_SECONDS;
  return isTooOld
    ? `asks for a transfer at ${printTimestamp(message.ts)}; it stays, since it could be prepared a second time`
    : undefined;
}

function parsed(body: string): IncomingMessage | undefined {
  try {
    return parseIncomingMessage(body);
  } catch {
    // An unreadable message is refused again, at once.
    return undefined;
  }
}

export interface RedriveOptions {
  readonly limit: number;
  /** Milliseconds since 1970; messages sent later are omitted. */
  readonly now: number;
  readonly obstacle?: RedrivableQueue['obstacle'];
  /** Where messages go; `undefined` for a dry run. */
  readonly sourceUrls: readonly string[] | undefined;
  /** Whether messages that were refused are tried again too. */
  readonly withRefused: boolean;
  readonly onLetter: (letter: ReceivedDeadLetter) => void;
  readonly onTrouble: (sentence: string) => void;
}

export interface RedriveResult {
  readonly seenCount: number;
  readonly movedCount: number;
}

const AT_ONCE = 10;

/** Looks at the messages, and moves those that may be tried again. */
export async function redrive(reader: DeadLetterReader, options: RedriveOptions): Promise<RedriveResult> {
  let [seenCount, movedCount] = [0, 0];
  try {
    for await (const letters of reader.receive(options.limit, options.now)) {
      seenCount += letters.length;
      const moved = await mapConcurrently(letters, AT_ONCE, async (letter) => {
        options.onLetter(letter);
        return tryMove(letter, reader, options);
      });
      movedCount += moved.filter((isMoved) => isMoved).length;
    }
  } finally {
    await reader.returnAll();
  }
  return { seenCount, movedCount };
}

async function tryMove(
  letter: ReceivedDeadLetter,
  reader: DeadLetterReader,
  options: RedriveOptions,
): Promise<boolean> {
  const { sourceUrls, withRefused, onTrouble } = options;
  if (sourceUrls === undefined || (letter.reason !== undefined && !withRefused)) {
    return false;
  }
  const obstacle = options.obstacle?.(letter.body, BigInt(options.now) * 1_000n);
  if (obstacle !== undefined) {
    onTrouble(`Message ${letter.messageId} ${obstacle}.`);
    return false;
  }
  const url = sourceOf(letter, sourceUrls);
  if (url === undefined) {
    onTrouble(`Message ${letter.messageId} does not say which queue it came from, so it stays.`);
    return false;
  }
  try {
    await reader.move(letter, url);
    return true;
  } catch (error) {
    onTrouble(
      `Message ${letter.messageId} could not be moved: ${error instanceof Error ? error.message : error}`,
    );
    return false;
  }
}

function sourceOf({ sourceQueue }: ReceivedDeadLetter, urls: readonly string[]): string | undefined {
  const [first, ...others] = urls;
  const named = urls.find((url) => sourceQueue !== undefined && url.endsWith(`/${sourceQueue}`));
  return named ?? (others.length === 0 ? first : undefined);
}

/** What a message is about. Prints no text from clients, except for a few characters that explain why it can't be read. */
export function describeLetter(letter: ReceivedDeadLetter, { describe }: RedrivableQueue): string {
  try {
    return describe(letter.body);
  } catch (error) {
    const why = error instanceof MalformedMessageError ? error.message : 'its form is unknown';
    return `unreadable, ${Buffer.byteLength(letter.body)} bytes: ${why}`;
  }
}
