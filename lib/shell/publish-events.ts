/**
 * Publishes what the streams of the tables report: the outgoing messages that the projection makes of each change, and a chore
 * for each account with balance changes to announce. To publish twice is harmless; not to publish is not.
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
import type { Invocation } from './invocation.ts';
import { type BatchOutcome, reasonOf, type UnreadableRecord } from './stream-batch.ts';
import { measured } from './telemetry.ts';

/** No part of the tables, which publishing does not read. */
export interface PublishTools extends Pick<Invocation, 'settings' | 'telemetry' | 'hasTime'> {
  readonly topics: EventTopics;
  readonly chores: ChoreQueue;
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
  const { due, unreadable } = await measured(tools.telemetry, 'Decide', () => readChanges(changes, tools));
  const failed = await measured(tools.telemetry, 'Publish', () =>
    Promise.all([publishMessages(due, tools), sendChores(due, tools)]),
  );
  return { failed: new Set(failed.flat()), unreadable };
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
  const { sequenceNumber, recordedAt } = change;
  const images = change.images();
  if (images.table === 'transfers') {
    const events = eventsOf(projectRecord(images.before, images.after), sequenceNumber);
    return { sequenceNumber, events, pendingAccount: undefined };
  }
  const events = eventsOf(projectAccount(images, recordedAt, settings), sequenceNumber);
  const pendingAccount = becamePending(images.before, images.after) ? images.after : undefined;
  return { sequenceNumber, events, pendingAccount };
}

function eventsOf(messages: readonly OutgoingMessage[], origin: string): Event[] {
  return messages.map((message) => ({
    ...routeOf(message),
    type: message.type,
    body: printMessage(message),
    origin,
  }));
}

/** @returns the sequence numbers of the changes whose messages may not all have been published */
async function publishMessages(
  due: readonly DueWork[],
  { topics, telemetry, hasTime }: PublishTools,
): Promise<readonly string[]> {
  const events = due.flatMap((work) => work.events);
  for (const { type } of events) {
    telemetry.count(`Events.${type}`);
  }
  const byTopic = groupBy(events, ({ topic }) => topic);
  const publishing = [...byTopic].map(([topic, group]) => topics.publish(topic as Topic, group, hasTime));
  return (await Promise.all(publishing)).flat();
}

/** Several changes of one account in a batch need one chore. @returns the sequence numbers of changes without theirs */
async function sendChores(
  due: readonly DueWork[],
  { chores, hasTime }: PublishTools,
): Promise<readonly string[]> {
  const pending = due.flatMap(({ sequenceNumber, pendingAccount }) =>
    pendingAccount === undefined ? [] : [{ account: pendingAccount, sequenceNumber }],
  );
  const groups = groupBy(pending, ({ account }) => printAccountKey(account));
  const accounts = [...groups.values()].flatMap(([first]) => (first === undefined ? [] : [first.account]));
  const unsent = await chores.send(accounts, hasTime);
  return unsent.flatMap((account) =>
    (groups.get(printAccountKey(account)) ?? []).map(({ sequenceNumber }) => sequenceNumber),
  );
}
