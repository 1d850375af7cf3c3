/** What `npm run redrive` does with Lambda's notices of stream failures, and what it prints about them. */

import { type FailureNotice, tableNameOf } from '../../shell/failure-notices.ts';
import { adviceWithoutRecords, inspectNotice, processNotice, type RecordSource } from './failure-notices.ts';
import type { Handling, HandlingTools, WorkTools } from './process-records.ts';

export function noticeHandling(streams: RecordSource, tools: HandlingTools): Handling<FailureNotice> {
  const { work } = tools;
  return {
    describe: describeNotice,
    handle: (notice) =>
      work === undefined
        ? inspectAndReport(notice, streams, tools)
        : processAndReport(notice, streams, { ...tools, work }),
  };
}

function describeNotice({ functionName, shardId, condition, ...notice }: FailureNotice): string {
  const table = tableNameOf(notice);
  return (
    `${functionName ?? 'a function'} has given up on records (${notice.batchSize}) of ${table}, shard ${shardId}, ` +
    `${notice.first} … ${notice.last}: ${condition}`
  );
}

async function inspectAndReport(
  notice: FailureNotice,
  streams: RecordSource,
  { settings, say }: HandlingTools,
): Promise<boolean> {
  const found = await inspectNotice(notice, settings, streams);
  if (found === undefined) {
    reportGone(notice, say);
    return false;
  }
  say(`  still in the stream, with all records between them: ${found.recordCount}`);
  for (const fault of found.unreadable) {
    say(`  can't be read: ${fault}`);
  }
  return false;
}

async function processAndReport(
  notice: FailureNotice,
  streams: RecordSource,
  { work, forgetsGone, say }: HandlingTools & { readonly work: WorkTools },
): Promise<boolean> {
  const result = await processNotice(notice, streams, work);
  switch (result.kind) {
    case 'done':
      say(`  processed, with all records between them: ${result.recordCount}`);
      return true;
    case 'gone':
      reportGone(notice, say);
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

function reportGone(notice: FailureNotice, say: (line: string) => void): void {
  say('  no longer in the stream');
  for (const advice of adviceWithoutRecords(notice)) {
    say(`  ${advice}`);
  }
}
