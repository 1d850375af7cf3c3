/** What `npm run redrive` does with Lambda's notices of stream failures, and what it says of them. */

import type { Handling, HandlingTools } from './failure-handling.ts';
import {
  adviceWithoutRecords,
  type FailureNotice,
  lookAt,
  type RecordSource,
  takeUp,
} from './failure-notices.ts';
import type { WorkTools } from './take-up.ts';

export function noticeHandling(streams: RecordSource, tools: HandlingTools): Handling<FailureNotice> {
  const { work } = tools;
  return {
    describe: describeNotice,
    handle:
      work === undefined
        ? (notice) => look(notice, streams, tools)
        : (notice) => takeUpAndTell(notice, streams, work, tools),
  };
}

function describeNotice({ functionName, streamArn, shardId, condition, ...notice }: FailureNotice): string {
  const table = streamArn.split('/')[1] ?? streamArn;
  return (
    `${functionName ?? 'a function'} gave up records (${notice.batchSize}) of ${table}, shard ${shardId}, ` +
    `${notice.first} … ${notice.last}: ${condition}`
  );
}

async function look(
  notice: FailureNotice,
  streams: RecordSource,
  { settings, say }: HandlingTools,
): Promise<boolean> {
  const found = await lookAt(notice, settings, streams);
  if (found === undefined) {
    sayGone(notice, say);
    return false;
  }
  say(`  the stream still has them, and all between them: ${found.recordCount}`);
  for (const fault of found.unreadable) {
    say(`  can't be read: ${fault}`);
  }
  return false;
}

async function takeUpAndTell(
  notice: FailureNotice,
  streams: RecordSource,
  work: WorkTools,
  { forgetsGone, say }: HandlingTools,
): Promise<boolean> {
  const result = await takeUp(notice, streams, work);
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
}

function sayGone(notice: FailureNotice, say: (line: string) => void): void {
  say('  the stream does not have them any more');
  for (const advice of adviceWithoutRecords(notice)) {
    say(`  ${advice}`);
  }
}
