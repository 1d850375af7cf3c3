/** The dead-letter queues: what is in each of them, and where its letters go when they are tried again. */

import { MalformedMessageError, parseIncomingMessage } from '../../protocol/codec.ts';
import type { IncomingMessage } from '../../protocol/messages.ts';
import { printTimestamp, secondsBetween, type Timestamp } from '../../protocol/timestamps.ts';
import { printAccountKey } from '../../rules/account.ts';
import { parseChore } from '../../shell/chore-queue.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import { parseSweepTask } from '../../shell/sweep-queue.ts';
import type { Letter, LetterBox } from './letter-box.ts';

/** A dead-letter queue whose letters go back to where they came from. */
export interface RedrivableQueue {
  /** Outputs of the stack that name the queue, and the ones that its letters may have come from. */
  readonly output: string;
  readonly sources: readonly string[];
  /** What a letter is about, without anything that clients have written in it. Throws for what can't be read. */
  readonly describe: (body: string) => string;
  /** Why the letter must not be tried again, where it must not: a clause that follows on its name. */
  readonly obstacle?: (body: string, now: Timestamp) => string | undefined;
}

/**
 * A request is told from its copies by the item that it has left, for 30 days after it was finished. A letter that is moved
 * back may wait in its queue for 14 days more, so one that is older than this might be taken for a new request.
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
    describe: (body) => `announce account ${printAccountKey(parseChore(body))}`,
  },
  sweeps: {
    output: 'SweepsDeadLetterQueueUrl',
    sources: ['AccountsSweepQueueUrl', 'TransfersSweepQueueUrl'],
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
    ? `asks for a transfer at ${printTimestamp(message.ts)}; so late it might be prepared a second time, so it stays`
    : undefined;
}

function parsed(body: string): IncomingMessage | undefined {
  try {
    return parseIncomingMessage(body);
  } catch {
    // What can't be read is refused again, at once.
    return undefined;
  }
}

export type RedrivableName = keyof typeof REDRIVABLE_QUEUES;

export interface RedriveOptions {
  readonly limit: number;
  /** Milliseconds since 1970; what is sent later is left alone. */
  readonly now: number;
  readonly obstacle?: RedrivableQueue['obstacle'];
  /** Where letters go, or `undefined` for a dry run. */
  readonly sourceUrls: readonly string[] | undefined;
  /** Whether letters that were refused, and not just given up, are tried again too. */
  readonly withRefused: boolean;
  readonly onLetter: (letter: Letter) => void;
  readonly onTrouble: (sentence: string) => void;
}

export interface RedriveResult {
  readonly seenCount: number;
  readonly movedCount: number;
}

const AT_ONCE = 10;

/** Looks at the letters, and moves those which are to be tried again. */
export async function redrive(box: LetterBox, options: RedriveOptions): Promise<RedriveResult> {
  let [seenCount, movedCount] = [0, 0];
  try {
    for await (const letters of box.take(options.limit, options.now)) {
      seenCount += letters.length;
      const moved = await mapConcurrently(letters, AT_ONCE, async (letter) => {
        options.onLetter(letter);
        return tryMove(letter, box, options);
      });
      movedCount += moved.filter((isMoved) => isMoved).length;
    }
  } finally {
    await box.returnAll();
  }
  return { seenCount, movedCount };
}

async function tryMove(letter: Letter, box: LetterBox, options: RedriveOptions): Promise<boolean> {
  const { sourceUrls, withRefused, onTrouble } = options;
  if (sourceUrls === undefined || (letter.reason !== undefined && !withRefused)) {
    return false;
  }
  const obstacle = options.obstacle?.(letter.body, BigInt(options.now) * 1_000n);
  if (obstacle !== undefined) {
    onTrouble(`Letter ${letter.messageId} ${obstacle}.`);
    return false;
  }
  const url = sourceOf(letter, sourceUrls);
  if (url === undefined) {
    onTrouble(`Letter ${letter.messageId} does not tell which queue it came from, so it stays.`);
    return false;
  }
  try {
    await box.move(letter, url);
    return true;
  } catch (error) {
    onTrouble(
      `Letter ${letter.messageId} could not be moved: ${error instanceof Error ? error.message : error}`,
    );
    return false;
  }
}

function sourceOf({ sourceQueue }: Letter, urls: readonly string[]): string | undefined {
  const [first, ...others] = urls;
  const told = urls.find((url) => sourceQueue !== undefined && url.endsWith(`/${sourceQueue}`));
  return told ?? (others.length === 0 ? first : undefined);
}

/** What a letter is about, safe to print: nothing that a client has written, but for a few characters of what can't be read. */
export function describeLetter(letter: Letter, { describe }: RedrivableQueue): string {
  try {
    return describe(letter.body);
  } catch (error) {
    const why = error instanceof MalformedMessageError ? error.message : 'not of a form that is known';
    return `unreadable, ${Buffer.byteLength(letter.body)} bytes: ${why}`;
  }
}
