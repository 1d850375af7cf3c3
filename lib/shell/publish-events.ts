/**
 * Publishes what the streams of the tables report: the outgoing messages that the projection makes of each change, and a chore
 * for each account with balance changes to announce. To publish twice is harmless; not to publish is not. How they are sent is in
 * `send-due.ts`.
 */

import { printMessage } from '../protocol/codec.ts';
import type { OutgoingMessage } from '../protocol/messages.ts';
import { routeOf } from '../protocol/routing.ts';
import { type AccountImages, becamePending, projectAccount, projectRecord } from '../rules/projection.ts';
import type { Settings } from '../rules/settings.ts';
import { changeOf, type ItemChange, type StreamRecord } from '../storage/stream-record.ts';
import type { Chore } from './chore-queue.ts';
import type { Invocation } from './invocation.ts';
import { type DueWork, type Event, type SendTools, sendDue, type UnsentWork } from './send-due.ts';
import { type BatchOutcome, reasonOf, type UnreadableRecord } from './stream-batch.ts';
import { measured } from './telemetry.ts';

/** No part of the tables, which publishing does not read. */
export type PublishTools = SendTools & Pick<Invocation, 'settings'>;

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
  const unsent = await measured(tools.telemetry, 'Publish', () => sendDue(due, tools));
  const failed = unsent.filter(({ kind }) => kind !== 'refused');
  return {
    failed: new Set(failed.map(({ sequenceNumber }) => sequenceNumber)),
    unreadable: [...unreadable, ...refusedOf(unsent)],
  };
}

/** A message that its topic refuses for its content would be refused for ever: its change is kept like an unreadable one. */
function refusedOf(unsent: readonly UnsentWork[]): readonly UnreadableRecord[] {
  const refused = unsent.filter(({ kind }) => kind === 'refused');
  const reasons = new Map(refused.map(({ sequenceNumber, reason }) => [sequenceNumber, reason]));
  return [...reasons].map(([sequenceNumber, reason]) => ({ sequenceNumber, reason: `refused: ${reason}` }));
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
    return { sequenceNumber, events, chore: undefined };
  }
  const events = eventsOf(projectAccount(images, recordedAt, settings), sequenceNumber);
  return { sequenceNumber, events, chore: choreAfter(images) };
}

function choreAfter(images: AccountImages): Chore | undefined {
  const since = becamePending(images);
  return images.after === undefined || since === undefined ? undefined : { account: images.after, since };
}

function eventsOf(messages: readonly OutgoingMessage[], origin: string): Event[] {
  return messages.map((message) => ({
    ...routeOf(message),
    type: message.type,
    body: printMessage(message),
    origin,
  }));
}
