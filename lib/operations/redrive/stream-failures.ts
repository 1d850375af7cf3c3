/**
 * The part of `npm run redrive` that is about stream failures: records that were kept whole in one queue, and Lambda's notices in
 * another. Each message is handled, and the result printed.
 */

import { sqsChoreQueue } from '../../shell/chore-queue.ts';
import { parseFailureNotice } from '../../shell/failure-notices.ts';
import { parseKeptRecord } from '../../shell/kept-records.ts';
import type { OperationSettings } from '../../shell/settings.ts';
import { SharedTransactions } from '../../shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import type { Telemetry } from '../../shell/telemetry.ts';
import type { LedgerStore } from '../../storage/ledger-store.ts';
import type { StackTools } from '../stack-tools.ts';
import type { DeadLetterReader, ReceivedDeadLetter } from './dead-letter-reader.ts';
import { noticeHandling } from './failure-notices-report.ts';
import { keptHandling } from './kept-records-report.ts';
import type { Handling, HandlingTools, WorkTools } from './process-records.ts';

export interface StreamFailureOptions {
  /** Of the queue, as the command calls it. */
  readonly name: string;
  readonly apply: boolean;
  /** Whether messages are deleted whose records or items are gone. */
  readonly forget: boolean;
  readonly limit: number;
  /** Milliseconds since 1970; messages sent later are omitted. */
  readonly now: number;
  readonly settings: OperationSettings;
  /** Prints a line. */
  readonly say: (line: string) => void;
}

/** @returns how many messages are left */
export async function redriveStreamFailures(
  queue: DeadLetterReader,
  { name, apply, forget, limit, now, settings, say }: StreamFailureOptions,
  stack: StackTools,
): Promise<number> {
  const { reader, store } = stack.openTables();
  const work = apply ? workTools(stack, store, { settings, say }) : undefined;
  const tools: HandlingTools = { settings, work, forgetsGone: apply && forget, say };
  const handle = handlingOf(
    { kept: keptHandling(reader, tools), notices: noticeHandling(stack.openStreams(), tools) },
    say,
  );
  let [seenCount, doneCount] = [0, 0];
  try {
    for await (const letters of queue.receive(limit, now)) {
      // One after the other, so that records of one account do not overtake each other even more.
      for (const letter of letters) {
        seenCount += 1;
        if (await handle(letter)) {
          await queue.delete(letter);
          doneCount += 1;
        }
      }
    }
  } finally {
    await queue.returnAll();
  }
  if (apply) {
    say(`done: ${doneCount} of ${seenCount}`);
  } else if (seenCount > 0) {
    say(`nothing was done; add --queue ${name} --apply to process them`);
  }
  return seenCount - doneCount;
}

interface Handlings {
  readonly kept: ReturnType<typeof keptHandling>;
  readonly notices: ReturnType<typeof noticeHandling>;
}

/** @returns what handles a message of either kind, and says whether it can be deleted */
function handlingOf({ kept, notices }: Handlings, say: (line: string) => void) {
  const handleAs = <T>({ describe, handle }: Handling<T>, messageId: string, content: T) => {
    say(`${messageId}: ${describe(content)}`);
    return handle(content);
  };
  return async ({ messageId, body }: ReceivedDeadLetter): Promise<boolean> => {
    const record = parseKeptRecord(body);
    if (record !== undefined) {
      return handleAs(kept, messageId, record);
    }
    const notice = parseFailureNotice(body);
    if (notice !== undefined) {
      return handleAs(notices, messageId, notice);
    }
    say(`${messageId} is neither a stream record nor a notice of a stream failure`);
    return false;
  };
}

function workTools(
  stack: StackTools,
  store: LedgerStore,
  { settings, say }: Pick<StreamFailureOptions, 'settings' | 'say'>,
): WorkTools {
  const telemetry: Telemetry = {
    count: () => {},
    time: () => {},
    info: () => {},
    warn: (message, { error, reason = '' }) =>
      say(`  ${message} ${error instanceof Error ? error.message : reason}`),
  };
  const chores = sqsChoreQueue(
    stack.openQueues(),
    stack.outputs.get('ChoresQueueUrl'),
    settings.accountUpdateDelaySeconds,
  );
  return {
    publish: { topics: stack.openTopics(), chores, settings, telemetry, hasTime: () => true },
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
