/**
 * Publishes again what the streams have given up, so that no outage needs a person. Lambda's notices say when the lost records
 * were written; a sweep over the tables publishes the messages that items show for that time. Messages may be published twice.
 */

import type { OutgoingMessage } from '../protocol/messages.ts';
import type { Account } from '../rules/account.ts';
import { messagesShownByAccount, messagesShownByRecord } from '../rules/projection.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import type { Page, TableScan } from '../storage/table-scan.ts';
import type { EventTopics } from './event-topics.ts';
import { publishMessages } from './publish-messages.ts';
import { type RepeatTask, readTaskRanges } from './repeat-tasks.ts';
import { continueSweep, type SweepInvocation, type SweepWork } from './sweep.ts';
import type { SweepPace } from './sweep-pace.ts';
import { measured, type Telemetry } from './telemetry.ts';
import { type ClosedRange, isInRange } from './time-range.ts';

export type RepeatInvocation = SweepInvocation & { readonly scan: TableScan; readonly topics: EventTopics };

/** On the spot; an outage is waited for in the queue. */
const MAX_ATTEMPTS = 3;

/** Goes on with a part of a sweep that publishes again. @returns whether it is done; otherwise it has to come again */
export function continuePublishingAgain(task: RepeatTask, invocation: RepeatInvocation): Promise<boolean> {
  return task.table === 'accounts'
    ? continueSweep(task, repeatAccounts(task, invocation), invocation)
    : continueSweep(task, repeatRecords(task, invocation), invocation);
}

function repeatAccounts(task: RepeatTask, invocation: RepeatInvocation): SweepWork<Account> {
  const { scan, settings, telemetry } = invocation;
  const ranges = readTaskRanges(task.ranges);
  return {
    name: 'again-accounts',
    countItems: () => scan.countItems('accounts'),
    readPage: async (segment, from) =>
      countLost(await measured(telemetry, 'Load', () => scan.accounts(segment, from)), telemetry),
    handlePage: (accounts, pace) => {
      const messages = accounts.flatMap((account) => messagesShownByAccount(account, settings));
      return publishPage(
        messages.filter((message) => isWanted(message, ranges)),
        pace,
        invocation,
      );
    },
  };
}

function repeatRecords(task: RepeatTask, invocation: RepeatInvocation): SweepWork<TransferRecord> {
  const { scan, telemetry } = invocation;
  const [ranges, purgeRanges] = [readTaskRanges(task.ranges), readTaskRanges(task.purgeRanges)];
  return {
    name: 'again-transfers',
    countItems: () => scan.countItems('transfers'),
    readPage: async (segment, from) =>
      countLost(await measured(telemetry, 'Load', () => scan.records(segment, from)), telemetry),
    handlePage: (records, pace) => {
      // A tombstone stands for a record of the accounts table.
      const selected = records
        .flatMap(messagesShownByRecord)
        .filter((message) => isWanted(message, message.type === 'AccountPurge' ? purgeRanges : ranges));
      return publishPage(selected, pace, invocation);
    },
  };
}

/** Nobody knows which messages an unreadable item shows. The sweep names it in the log. */
function countLost<T>(page: Page<T>, telemetry: Telemetry): Page<T> {
  telemetry.count('Again.lost', page.corrupt.length);
  return page;
}

function isWanted({ ts }: OutgoingMessage, ranges: readonly ClosedRange[]): boolean {
  return ranges.some((range) => isInRange(ts, range));
}

/**
 * A page is published as a whole, in a second or two, and not at the pace of other sweeps: nothing in an item tells that its
 * messages were published again, so a page that was left in its middle would begin again and again. A message that is refused
 * for its content is left: its item stays, and the log names its account. While others can't be published, the page waits.
 */
async function publishPage(
  messages: readonly OutgoingMessage[],
  pace: SweepPace,
  { topics, surroundings, telemetry }: RepeatInvocation,
): Promise<void> {
  const tools = { topics, surroundings, maxAttempts: MAX_ATTEMPTS };
  const unpublished = await measured(telemetry, 'Publish', () => publishMessages(messages, tools));
  for (const { kind, reason, item } of unpublished) {
    telemetry.count(`Again.${kind}`);
    if (kind === 'refused') {
      telemetry.count('Again.lost');
      const { type, debtor_id, creditor_id } = item.attributes;
      telemetry.warn('A message can not be published again.', { type, debtor_id, creditor_id, reason });
    }
  }
  const obstacle = unpublished.find(({ kind }) => kind !== 'refused');
  if (obstacle !== undefined) {
    const { kind, reason } = obstacle;
    telemetry.warn('Publishing again waits, since messages can not be published now.', { kind, reason });
    pace.postpone();
    return;
  }
  telemetry.count('Again.published', messages.length - unpublished.length);
}
