/**
 * Sends what changes have made due: messages to the topics, chores to their queue. What the first change needs goes first, and
 * alone. A stream starts again at its earliest failure, so while a topic takes nothing, that is as far as each attempt comes,
 * and the messages of other topics are not published hundreds of times.
 */

import type { OutgoingMessage } from '../protocol/messages.ts';
import type { Topic } from '../protocol/routing.ts';
import { printAccountKey } from '../rules/account.ts';
import { MAX_ENTRIES, type Unsent } from './batch-calls.ts';
import { type Chore, type ChoreQueue, latestChore } from './chore-queue.ts';
import { groupBy } from './concurrency.ts';
import type { EventTopics, TopicEntry } from './event-topics.ts';
import type { Invocation } from './invocation.ts';
import type { Telemetry } from './telemetry.ts';

/** What one change makes due. */
export interface DueWork {
  readonly sequenceNumber: string;
  readonly events: readonly Event[];
  readonly chore: Chore | undefined;
}

export type Event = TopicEntry & { readonly topic: Topic; readonly type: OutgoingMessage['type'] };

export interface SendTools extends Pick<Invocation, 'telemetry' | 'hasTime'> {
  readonly topics: EventTopics;
  readonly chores: ChoreQueue;
}

/** Something of a change that was not sent, or of which that is not known. */
export interface UnsentWork extends Pick<Unsent<unknown>, 'kind' | 'reason'> {
  readonly sequenceNumber: string;
}

/** One message or chore, and where it goes. */
type Parcel =
  | { readonly destination: Topic; readonly sequenceNumber: string; readonly event: Event }
  | { readonly destination: 'chores'; readonly sequenceNumber: string; readonly chore: Chore };

/** @param due in the order of the stream */
export async function sendDue(due: readonly DueWork[], tools: SendTools): Promise<readonly UnsentWork[]> {
  const parcels = due.flatMap(parcelsOf);
  const first = firstOf(parcels);
  const unsent = await sendAll(first, tools);
  const obstacle = unsent.find(
    ({ sequenceNumber, kind }) => sequenceNumber === parcels[0]?.sequenceNumber && kind !== 'refused',
  );
  const sentFirst = new Set(first);
  const rest = parcels.filter((parcel) => !sentFirst.has(parcel));
  const unsentOfRest =
    obstacle === undefined
      ? await sendAll(rest, tools)
      : rest.map(({ sequenceNumber }) => ({ ...obstacle, sequenceNumber, kind: 'untried' as const }));
  return report([...unsent, ...unsentOfRest], tools.telemetry);
}

function parcelsOf({ sequenceNumber, events, chore }: DueWork): readonly Parcel[] {
  return [
    ...events.map((event) => ({ destination: event.topic, sequenceNumber, event })),
    ...(chore === undefined ? [] : [{ destination: 'chores' as const, sequenceNumber, chore }]),
  ];
}

/** One call to each destination that the first change needs; it takes along what fits into it. */
function firstOf(parcels: readonly Parcel[]): readonly Parcel[] {
  const ofFirstChange = parcels.filter(({ sequenceNumber }) => sequenceNumber === parcels[0]?.sequenceNumber);
  return [...new Set(ofFirstChange.map(({ destination }) => destination))].flatMap((needed) =>
    parcels.filter(({ destination }) => destination === needed).slice(0, MAX_ENTRIES),
  );
}

async function sendAll(parcels: readonly Parcel[], tools: SendTools): Promise<readonly UnsentWork[]> {
  const events = parcels.flatMap((parcel) => (parcel.destination === 'chores' ? [] : [parcel.event]));
  const chores = parcels.flatMap((parcel) => (parcel.destination === 'chores' ? [parcel] : []));
  const publishing = [...groupBy(events, ({ topic }) => topic)].map(([topic, group]) =>
    publish(topic as Topic, group, tools),
  );
  return (await Promise.all([...publishing, sendChores(chores, tools)])).flat();
}

async function publish(
  topic: Topic,
  events: readonly Event[],
  { topics, telemetry, hasTime }: SendTools,
): Promise<readonly UnsentWork[]> {
  const unsent = await topics.publish(topic, events, hasTime);
  const left = new Set<TopicEntry>(unsent.map(({ item }) => item));
  for (const event of events) {
    if (!left.has(event)) {
      telemetry.count(`Events.${event.type}`);
    }
  }
  return unsent.map(({ item, kind, reason }) => ({ sequenceNumber: item.origin, kind, reason }));
}

/** Several changes of one account need one chore, that of the last. A chore has no content of its own that could be refused. */
async function sendChores(
  pending: readonly Extract<Parcel, { readonly destination: 'chores' }>[],
  { chores, hasTime }: SendTools,
): Promise<readonly UnsentWork[]> {
  const groups = groupBy(pending, ({ chore }) => printAccountKey(chore.account));
  const due = [...groups.values()].map((group) => latestChore(group.map(({ chore }) => chore)));
  const unsent = due.length === 0 ? [] : await chores.send(due, hasTime);
  return unsent.flatMap(({ item, kind, reason }) =>
    (groups.get(printAccountKey(item.account)) ?? []).map(({ sequenceNumber }) => ({
      sequenceNumber,
      kind: kind === 'refused' ? 'unavailable' : kind,
      reason,
    })),
  );
}

/** A line for each kind of failure, and counts: `Publish.denied` and the like. */
function report(unsent: readonly UnsentWork[], telemetry: Telemetry): readonly UnsentWork[] {
  for (const [kind, group] of groupBy(unsent, (work) => work.kind)) {
    telemetry.count(`Publish.${kind}`, group.length);
    const { sequenceNumber, reason } = group[0] as UnsentWork;
    const message = 'Messages or chores of changes could not be sent.';
    telemetry.warn(message, { kind, count: group.length, sequenceNumber, reason });
  }
  return unsent;
}
