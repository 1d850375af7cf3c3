/**
 * Publishes what the tables' streams say has happened: the outgoing messages that the projection makes of each change, and
 * a chore for each account with balance changes to be announced. Publishing twice is harmless, not publishing is not.
 */

import { printMessage } from '../protocol/codec.ts';
import type { OutgoingMessage } from '../protocol/messages.ts';
import { routeOf, type Topic } from '../protocol/routing.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { becamePending, projectAccount, projectRecord } from '../rules/projection.ts';
import type { Settings } from '../rules/settings.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import type { ChoreQueue } from './chore-queue.ts';
import { groupBy } from './concurrency.ts';
import type { EventTopics, TopicEntry } from './event-topics.ts';
import { measured, type Telemetry } from './telemetry.ts';

/** One change of one item, as the streams tell it. Reading the images may fail for one record and not for others. */
export interface ItemChange {
  /** What the failure of this record is reported under. */
  readonly sequenceNumber: string;
  readonly recordedAt: Timestamp;
  readonly images: () =>
    | {
        readonly table: 'accounts';
        readonly before: Account | undefined;
        readonly after: Account | undefined;
      }
    | {
        readonly table: 'transfers';
        readonly before: TransferRecord | undefined;
        readonly after: TransferRecord | undefined;
      };
}

export interface PublishTools {
  readonly topics: EventTopics;
  readonly chores: ChoreQueue;
  readonly settings: Settings;
  readonly telemetry: Telemetry;
}

interface DueWork {
  readonly change: ItemChange;
  readonly messages: readonly OutgoingMessage[];
  readonly pendingAccount: AccountKey | undefined;
}

/** @returns the sequence numbers of the changes whose messages may not all have been published */
export async function publishEvents(
  changes: readonly ItemChange[],
  tools: PublishTools,
): Promise<ReadonlySet<string>> {
  const failed = new Set<string>();
  const due = await measured(tools.telemetry, 'Decide', () => dueWork(changes, tools, failed));
  await measured(tools.telemetry, 'Publish', () =>
    Promise.all([publishMessages(due, tools, failed), sendChores(due, tools, failed)]),
  );
  return failed;
}

function dueWork(
  changes: readonly ItemChange[],
  { settings, telemetry }: PublishTools,
  failed: Set<string>,
): DueWork[] {
  const due: DueWork[] = [];
  for (const change of changes) {
    try {
      due.push({ change, ...project(change, settings) });
    } catch (error) {
      // One record that can't be read must not hold up the others; the stream's own retries isolate it.
      failed.add(change.sequenceNumber);
      telemetry.count('Events.unreadable');
      telemetry.warn('A change can not be turned into messages.', {
        sequenceNumber: change.sequenceNumber,
        error,
      });
    }
  }
  return due;
}

function project(change: ItemChange, settings: Settings): Omit<DueWork, 'change'> {
  const images = change.images();
  if (images.table === 'transfers') {
    return { messages: projectRecord(images.before, images.after), pendingAccount: undefined };
  }
  const { before, after } = images;
  return {
    messages: projectAccount(before, after, change.recordedAt, settings),
    pendingAccount: becamePending(before, after) ? after : undefined,
  };
}

async function publishMessages(
  due: readonly DueWork[],
  tools: PublishTools,
  failed: Set<string>,
): Promise<void> {
  const entries = due.flatMap(({ change, messages }) =>
    messages.map((message) => entryOf(change, message, tools)),
  );
  const byTopic = groupBy(entries, ({ topic }) => topic);
  const publishing = [...byTopic].map(([topic, group]) => tools.topics.publish(topic as Topic, group));
  for (const origin of (await Promise.all(publishing)).flat()) {
    failed.add(origin);
  }
}

function entryOf(
  { sequenceNumber }: ItemChange,
  message: OutgoingMessage,
  { telemetry }: PublishTools,
): TopicEntry & { readonly topic: Topic } {
  telemetry.count(`Events.${message.type}`);
  return { ...routeOf(message), body: printMessage(message), origin: sequenceNumber };
}

/** Several changes of one account in a batch need one chore. */
async function sendChores(
  due: readonly DueWork[],
  { chores }: PublishTools,
  failed: Set<string>,
): Promise<void> {
  const pending = due.flatMap(({ change, pendingAccount }) =>
    pendingAccount === undefined ? [] : [{ account: pendingAccount, origin: change.sequenceNumber }],
  );
  const groups = groupBy(pending, ({ account }) => printAccountKey(account));
  const accounts = [...groups.values()].flatMap(([first]) => (first === undefined ? [] : [first.account]));
  for (const account of await chores.send(accounts)) {
    for (const { origin } of groups.get(printAccountKey(account)) ?? []) {
      failed.add(origin);
    }
  }
}
