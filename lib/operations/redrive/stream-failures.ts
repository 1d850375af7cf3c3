/**
 * The part of `npm run redrive` that is about stream failures: goes through the queue, in which there are Lambda's notices and
 * records that were kept whole, and tells what came of each.
 */

import { sqsChoreQueue } from '../../shell/chore-queue.ts';
import { parseKeptRecord } from '../../shell/kept-records.ts';
import type { OperationSettings } from '../../shell/settings.ts';
import { SharedTransactions } from '../../shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import type { Telemetry } from '../../shell/telemetry.ts';
import { StreamReader } from '../../storage/stream-reader.ts';
import type { OperatorOutput } from '../operator-command.ts';
import type { StackTools } from '../stack-tools.ts';
import type { Handling } from './failure-handling.ts';
import { parseFailureNotice } from './failure-notices.ts';
import { noticeHandling } from './failure-notices-report.ts';
import { keptHandling } from './kept-records-report.ts';
import type { Letter, LetterBox } from './letter-box.ts';
import type { WorkTools } from './take-up.ts';

export interface StreamFailureOptions {
  readonly apply: boolean;
  /** Whether letters are deleted whose records or items are gone. */
  readonly forget: boolean;
  readonly limit: number;
  /** Milliseconds since 1970; letters that are sent later are left alone. */
  readonly now: number;
  readonly settings: OperationSettings;
}

/** @returns how many letters are left */
export async function redriveStreamFailures(
  box: LetterBox,
  { apply, forget, limit, now, settings }: StreamFailureOptions,
  stack: StackTools,
  output: OperatorOutput,
): Promise<number> {
  const streams = new StreamReader(stack.tablesPlace);
  const { reader, store } = stack.openTables();
  const say = (line: string): void => output.print(`  ${line}`);
  const work = apply ? workTools(stack, store, settings, say) : undefined;
  const tools = { settings, work, forgetsGone: apply && forget, say };
  const handle = handlingOf(
    { kept: keptHandling(reader, tools), notices: noticeHandling(streams, tools) },
    say,
  );
  let [seenCount, doneCount] = [0, 0];
  output.print(`Queue stream-failures: about ${await box.count()} letters`);
  try {
    for await (const letters of box.take(limit, now)) {
      // One after the other: records of one account must not overtake each other more than they have already.
      for (const letter of letters) {
        seenCount += 1;
        if (await handle(letter)) {
          await box.delete(letter);
          doneCount += 1;
        }
      }
    }
  } finally {
    await box.returnAll();
    streams.close();
  }
  if (apply) {
    say(`done with: ${doneCount} of ${seenCount}`);
  } else if (seenCount > 0) {
    say('nothing was done; add --queue stream-failures --apply to take them up again');
  }
  return seenCount - doneCount;
}

interface Handlings {
  readonly kept: ReturnType<typeof keptHandling>;
  readonly notices: ReturnType<typeof noticeHandling>;
}

/** @returns what handles a letter of either kind, and tells whether it is done with */
function handlingOf({ kept, notices }: Handlings, say: (line: string) => void) {
  const handleAs = <T>({ describe, handle }: Handling<T>, { messageId }: Letter, value: T) => {
    say(`${messageId}: ${describe(value)}`);
    return handle(value);
  };
  return async (letter: Letter): Promise<boolean> => {
    const record = parseKeptRecord(letter.body);
    if (record !== undefined) {
      return handleAs(kept, letter, record);
    }
    const notice = parseFailureNotice(letter.body);
    if (notice !== undefined) {
      return handleAs(notices, letter, notice);
    }
    say(`${letter.messageId} is neither a stream record nor a notice of a stream failure`);
    return false;
  };
}

function workTools(
  stack: StackTools,
  store: WorkTools['credit']['store'],
  settings: OperationSettings,
  say: (line: string) => void,
): WorkTools {
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
    publish: { topics: stack.openTopics(), chores, settings, telemetry },
    credit: {
      store,
      transactions: new SharedTransactions(),
      settings,
      surroundings: REAL_SURROUNDINGS,
      telemetry,
      hasTime: () => true,
    },
  };
}
