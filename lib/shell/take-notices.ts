/**
 * Turns Lambda's failure notices into the tasks of a sweep that publishes again. Notices are deleted only after their tasks are in
 * the queue, so a crash in between costs a second sweep and loses nothing.
 */

import { addSeconds, type Timestamp } from '../protocol/timestamps.ts';
import { type FailureNotice, parseFailureNotice, tableNameOf } from './failure-notices.ts';
import type { NoticeQueue, TakenNotice } from './notice-queue.ts';
import { printTaskRanges, type RepeatTask } from './repeat-tasks.ts';
import { firstTasks, type SweepInvocation } from './sweep.ts';
import { type ClosedRange, mergeRanges } from './time-range.ts';

export interface NoticeTools extends SweepInvocation {
  readonly notices: NoticeQueue;
  /** The name of the accounts table, by which notices tell whose stream they are about. */
  readonly accountsTableName: string;
  readonly scan: { readonly countItems: (table: 'accounts' | 'transfers') => Promise<number> };
}

/** A notice, and the times of the messages that its records made due. */
interface Loss {
  readonly table: 'accounts' | 'transfers';
  readonly range: ClosedRange;
}

/** A message's `ts` and the time of its record may differ by an invocation's time and by the difference of two clocks. */
const MARGIN_SECONDS = 900;
/** Losses so close to each other are one range: to publish a little more costs less than a long list. */
const GAP_MICROSECONDS = 3_600_000_000n;
/** A notice that does not say when its records were written may have lain in the queue for 14 days, and they in the stream for one. */
const MAX_AGE_SECONDS = 15 * 86_400;
/** So many notices are taken at once; the others wait for the next time. */
const MAX_NOTICES = 5_000;

/** Begins to publish again what the notices tell of, unless that is still under way from the last time. */
export async function takeNotices(tools: NoticeTools): Promise<void> {
  const { queue, telemetry } = tools;
  const taskCount = await queue.countTasks();
  if (taskCount > 0) {
    telemetry.count('Notices.postponed');
    telemetry.info('Notices wait: publishing again is still under way.', { taskCount });
    return;
  }
  const { taken, losses } = sort(await takeAll(tools), tools);
  const tasks = await tasksFor(losses, tools);
  if (tasks.length > 0) {
    await queue.send(tasks);
    telemetry.count('Again.started');
    telemetry.warn('Records were given up; their messages are published again.', {
      noticeCount: taken.length,
      taskCount: tasks.length,
      ranges: JSON.stringify(tasks[0]?.ranges),
    });
  }
  await tools.notices.delete(taken);
}

async function takeAll({ notices, hasTime }: NoticeTools): Promise<readonly TakenNotice[]> {
  const all: TakenNotice[] = [];
  while (hasTime() && all.length < MAX_NOTICES) {
    const some = await notices.take();
    if (some.length === 0) {
      break;
    }
    all.push(...some);
  }
  return all;
}

/** Credits are only counted: the sweep over transfers makes them. What is no notice stays, and is told of each time. */
function sort(
  all: readonly TakenNotice[],
  tools: NoticeTools,
): { readonly taken: readonly TakenNotice[]; readonly losses: readonly Loss[] } {
  const { telemetry } = tools;
  const taken: TakenNotice[] = [];
  const losses: Loss[] = [];
  for (const message of all) {
    const notice = parseFailureNotice(message.body);
    const giver = notice === undefined ? 'unknown' : (notice.functionName ?? 'other');
    telemetry.count(`Notices.${giver}`);
    if (notice === undefined) {
      telemetry.warn('A message in the queue of failure notices is none.', { bytes: message.body.length });
      continue;
    }
    taken.push(message);
    const { functionName, shardId, batchSize, condition } = notice;
    telemetry.warn('A function has given up stream records.', {
      functionName,
      table: tableNameOf(notice),
      shardId,
      batchSize,
      condition,
    });
    if (functionName !== 'credit-recipients') {
      losses.push(lossOf(notice, tools));
    }
  }
  return { taken, losses };
}

function lossOf(notice: FailureNotice, { accountsTableName, surroundings }: NoticeTools): Loss {
  const now: Timestamp = surroundings.now();
  const { arrivedFrom = addSeconds(now, -MAX_AGE_SECONDS), arrivedTo = now } = notice;
  return {
    table: tableNameOf(notice) === accountsTableName ? 'accounts' : 'transfers',
    range: { from: addSeconds(arrivedFrom, -MARGIN_SECONDS), to: addSeconds(arrivedTo, MARGIN_SECONDS) },
  };
}

/** One sweep for each table that holds something to publish, over all ranges of time at once. */
async function tasksFor(losses: readonly Loss[], tools: NoticeTools): Promise<readonly RepeatTask[]> {
  const rangesOf = (table: Loss['table']) => {
    const ranges = losses.filter((loss) => loss.table === table).map(({ range }) => range);
    return printTaskRanges(mergeRanges(ranges, GAP_MICROSECONDS));
  };
  const [accountRanges, transferRanges] = [rangesOf('accounts'), rangesOf('transfers')];
  const selections: Pick<RepeatTask, 'table' | 'ranges' | 'purgeRanges'>[] = [
    { table: 'accounts', ranges: accountRanges, purgeRanges: [] },
    { table: 'transfers', ranges: transferRanges, purgeRanges: accountRanges },
  ];
  const tasks: RepeatTask[] = [];
  for (const selection of selections) {
    if (selection.ranges.length + selection.purgeRanges.length > 0) {
      const itemCount = await tools.scan.countItems(selection.table);
      tasks.push(
        ...firstTasks(itemCount, tools.surroundings.now()).map((task) => ({ ...task, ...selection })),
      );
    }
  }
  return tasks;
}
