/** The part of `npm run redrive` that is about stream failures: goes through the notices, and tells what came of each. */

import { StreamReader } from '../storage/stream-reader.ts';
import { sqsChoreQueue } from './chore-queue.ts';
import type { Letter, LetterBox } from './letter-box.ts';
import type { OperatorOutput } from './operator-command.ts';
import type { OperationSettings } from './settings.ts';
import type { StackTools } from './stack-tools.ts';
import {
  adviceWithoutRecords,
  type FailureNotice,
  lookAt,
  parseFailureNotice,
  type TakeUpTools,
  takeUp,
} from './stream-failures.ts';
import { REAL_SURROUNDINGS } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

export interface StreamFailureOptions {
  readonly apply: boolean;
  /** Whether notices of records that are gone are deleted. */
  readonly forget: boolean;
  readonly limit: number;
  /** Milliseconds since 1970; notices that are sent later are left alone. */
  readonly now: number;
  readonly settings: OperationSettings;
}

/** @returns how many notices are left */
export async function redriveStreamFailures(
  box: LetterBox,
  options: StreamFailureOptions,
  stack: StackTools,
  output: OperatorOutput,
): Promise<number> {
  const streams = new StreamReader(stack.tablesPlace);
  const say = (line: string): void => output.print(`  ${line}`);
  const handle = options.apply
    ? takingUp(takeUpTools(streams, stack, options.settings, say), options.forget, say)
    : looking(streams, say);
  let [seenCount, doneCount] = [0, 0];
  output.print(`Queue stream-failures: about ${await box.count()} notices`);
  try {
    for await (const letters of box.take(options.limit, options.now)) {
      // One after the other: records of one account must not overtake each other more than they have already.
      for (const letter of letters) {
        seenCount += 1;
        if (await handleLetter(letter, handle, say)) {
          await box.delete(letter);
          doneCount += 1;
        }
      }
    }
  } finally {
    await box.returnAll();
    streams.close();
  }
  if (options.apply) {
    say(`done with: ${doneCount} of ${seenCount}`);
  } else if (seenCount > 0) {
    say('nothing was done; add --queue stream-failures --apply to take them up again');
  }
  return seenCount - doneCount;
}

/** @returns whether the notice is done with */
type Handle = (notice: FailureNotice) => Promise<boolean>;

async function handleLetter(letter: Letter, handle: Handle, say: (line: string) => void): Promise<boolean> {
  let notice: FailureNotice;
  try {
    notice = parseFailureNotice(letter.body);
  } catch {
    say(`${letter.messageId} is no notice of a stream failure`);
    return false;
  }
  say(`${letter.messageId}: ${describeNotice(notice)}`);
  return handle(notice);
}

function describeNotice({ functionName, streamArn, shardId, condition, ...notice }: FailureNotice) {
  const table = streamArn.split('/')[1] ?? streamArn;
  return (
    `${functionName ?? 'a function'} gave up records (${notice.batchSize}) of ${table}, shard ${shardId}, ` +
    `${notice.first} … ${notice.last}: ${condition}`
  );
}

function looking(streams: StreamReader, say: (line: string) => void): Handle {
  return async (notice) => {
    const found = await lookAt(notice, streams);
    if (found === undefined) {
      sayGone(notice, say);
    } else {
      say(`  the stream still has them, and all between them: ${found.recordCount}`);
      for (const fault of found.unreadable) {
        say(`  can't be read: ${fault}`);
      }
    }
    return false;
  };
}

function takingUp(tools: TakeUpTools, forgetsGone: boolean, say: (line: string) => void): Handle {
  return async (notice) => {
    const result = await takeUp(notice, tools);
    switch (result.kind) {
      case 'done':
        say(`  taken up again, with all between them: ${result.recordCount}`);
        return true;
      case 'gone':
        sayGone(notice, say);
        return forgetsGone;
      case 'failed':
        say(
          `  failed again: ${result.failures.length} of ${result.recordCount} (${result.failures.join(', ')})`,
        );
        return false;
      default:
        return result satisfies never;
    }
  };
}

function sayGone(notice: FailureNotice, say: (line: string) => void): void {
  say('  the stream does not have them any more');
  for (const advice of adviceWithoutRecords(notice)) {
    say(`  ${advice}`);
  }
}

function takeUpTools(
  streams: StreamReader,
  stack: StackTools,
  settings: OperationSettings,
  say: (line: string) => void,
): TakeUpTools {
  const telemetry: Telemetry = {
    count: () => {},
    time: () => {},
    info: () => {},
    warn: (message, { error }) => say(`  ${message} ${error instanceof Error ? error.message : ''}`),
  };
  const chores = sqsChoreQueue(
    stack.openQueues(),
    stack.outputs.get('ChoresQueueUrl'),
    settings.accountUpdateDelaySeconds,
  );
  return {
    streams,
    publish: { topics: stack.openTopics(), chores, settings, telemetry },
    credit: { store: stack.openTables().store, surroundings: REAL_SURROUNDINGS, telemetry },
  };
}
