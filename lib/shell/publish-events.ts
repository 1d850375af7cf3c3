/**
 * Publishes what the tables' streams say has happened: the outgoing messages that the projection makes of each change, and
 * a chore for each account with balance changes to be announced. Publishing twice is harmless, not publishing is not.
 */

import { printMessage } from '../protocol/codec.ts';
import type { OutgoingMessage } from '../protocol/messages.ts';
import { routeOf, type Topic } from '../protocol/routing.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { becamePending, projectAccount, projectRecord } from '../rules/projection.ts';
import type { Settings } from '../rules/settings.ts';
import { changeOf, type ItemChange, type StreamRecord } from '../storage/stream-record.ts';
import type { ChoreQueue } from './chore-queue.ts';
import { groupBy } from './concurrency.ts';
import type { EventTopics, TopicEntry } from './event-topics.ts';
import { type BatchOutcome, reasonOf, type UnreadableRecord } from './stream-batch.ts';
import { measured, type Telemetry } from './telemetry.ts';

export type { ItemChange } from '../storage/stream-record.ts';

export interface PublishTools {
  readonly topics: EventTopics;
  readonly chores: ChoreQueue;
  readonly settings: Settings;
  readonly telemetry: Telemetry;
}

/** What one change makes due. */
interface DueWork {
  readonly sequenceNumber: string;
  readonly events: readonly Event[];
  readonly pendingAccount: AccountKey | undefined;
}

type Event = TopicEntry & { readonly topic: Topic; readonly type: OutgoingMessage['type'] };

/** Of what failed, the messages may not all have been published. */
export async function publishRecords(
  records: readonly StreamRecord[],
  tools: PublishTools,
): Promise<BatchOutcome> {
  return publishEvents(records.map(changeOf), tools);
}

/** Of what failed, the messages may not all have been published. */
export async function publishEvents(
  changes: readonly ItemChange[],
  tools: PublishTools,
): Promise<BatchOutcome> {
  const failed = new Set<string>();
  const { due, unreadable } = await measured(tools.telemetry, 'Decide', () => readChanges(changes, tools));
  await measured(tools.telemetry, 'Publish', () =>
    Promise.all([publishMessages(due, tools, failed), sendChores(due, tools, failed)]),
  );
  return { failed, unreadable };
}

function readChanges(
  changes: readonly ItemChange[],
  { settings, telemetry }: PublishTools,
): { readonly due: readonly DueWork[]; readonly unreadable: readonly UnreadableRecord[] } {
  const due: DueWork[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const change of changes) {
    const { sequenceNumber } = change;
    try {
      due.push(dueAfter(change, settings));
    } catch (error) {
      unreadable.push({ sequenceNumber, reason: reasonOf(error) });
      telemetry.count('Events.unreadable');
      telemetry.warn('A change can not be turned into messages.', { sequenceNumber, error });
    }
  }
  return { due, unreadable };
}

/** Whatever is thrown is about the change alone, and would be thrown again. */
export function dueAfter(change: ItemChange, settings: Settings): DueWork {
  const { sequenceNumber } = change;
  const images = change.images();
  if (images.table === 'transfers') {
    const messages = projectRecord(images.before, images.after);
    return { sequenceNumber, events: eventsOf(messages, sequenceNumber), pendingAccount: undefined };
  }
  const { before, after } = images;
  const messages = projectAccount(images, change.recordedAt, settings);
  return {
    sequenceNumber,
    events: eventsOf(messages, sequenceNumber),
    pendingAccount: becamePending(before, after) ? after : undefined,
  };
}

function eventsOf(messages: readonly OutgoingMessage[], origin: string): Event[] {
  return messages.map((message) => ({
    ...routeOf(message),
    type: message.type,
    body: printMessage(message),
    origin,
  }));
}

async function publishMessages(
  due: readonly DueWork[],
  { topics, telemetry }: PublishTools,
  failed: Set<string>,
): Promise<void> {
  const events = due.flatMap((work) => work.events);
  for (const { type } of events) {
    telemetry.count(`Events.${type}`);
  }
  const byTopic = groupBy(events, ({ topic }) => topic);
  const publishing = [...byTopic].map(([topic, group]) => topics.publish(topic as Topic, group));
  for (const origin of (await Promise.all(publishing)).flat()) {
    failed.add(origin);
  }
}

/** Several changes of one account in a batch need one chore. */
async function sendChores(
  due: readonly DueWork[],
  { chores }: PublishTools,
  failed: Set<string>,
): Promise<void> {
  const pending = due.flatMap(({ sequenceNumber, pendingAccount }) =>
    pendingAccount === undefined ? [] : [{ account: pendingAccount, origin: sequenceNumber }],
  );
  const groups = groupBy(pending, ({ account }) => printAccountKey(account));
  const accounts = [...groups.values()].flatMap(([first]) => (first === undefined ? [] : [first.account]));
  for (const account of await chores.send(accounts)) {
    for (const { origin } of groups.get(printAccountKey(account)) ?? []) {
      failed.add(origin);
    }
  }
}
