/**
 * How a function handles an event of messages: takes more where there is more, does its work on all of them, deletes what it
 * took and has done, and delays what comes again. The messages of the event itself are deleted by Lambda.
 */

import { MAX_TRUSTED_RECEIVES, mayTakeMore, receivesInNextRound } from './drain-rounds.ts';
import type { Invocation } from './invocation.ts';
import { returnDelaySeconds } from './return-delay.ts';
import type { QueueDelivery, SourceQueue } from './source-queue.ts';

export interface QueueBatchTools extends Pick<Invocation, 'surroundings' | 'telemetry' | 'hasTime'> {
  readonly queue: SourceQueue;
  /** How many messages an event holds that is full, and asks for more; infinitely many where the function takes no more. */
  readonly fullEvent: number;
  /** How long the function may still run, in milliseconds. */
  readonly remainingMs: () => number;
}

/** @returns the IDs of the messages that are to come again */
export type QueueWork = (deliveries: readonly QueueDelivery[]) => Promise<readonly string[]>;

/** @returns the IDs of the event's messages that are to come again */
export async function handleQueueBatch(
  event: readonly QueueDelivery[],
  work: QueueWork,
  tools: QueueBatchTools,
): Promise<readonly string[]> {
  const { telemetry, hasTime } = tools;
  const taken = await takeMore(event, tools);
  if (taken.length > 0) {
    telemetry.count('Messages.taken', taken.length);
  }
  const [suspect = [], trusted = []] = [true, false].map((isSuspect) =>
    taken.filter(({ receiveCount }) => receiveCount > MAX_TRUSTED_RECEIVES === isSuspect),
  );
  if (suspect.length > 0) {
    // If one of them ends this process, it was the last time for a while.
    await tools.queue.delay(delayed(suspect, tools, hiddenSeconds(tools)));
  }
  const returned = await handle({ event, taken: trusted }, work, tools);
  if (suspect.length > 0 && hasTime()) {
    await handleSuspect(suspect, work, tools);
  }
  return returned;
}

/** Whatever they do, the others are done. They come again by themselves. */
async function handleSuspect(
  suspect: readonly QueueDelivery[],
  work: QueueWork,
  tools: QueueBatchTools,
): Promise<void> {
  try {
    await handle({ event: [], taken: suspect }, work, tools);
  } catch (error) {
    const message = 'Messages that were received often could not be handled.';
    tools.telemetry.warn(message, { messageIds: suspect.map(({ messageId }) => messageId), error });
  }
}

interface Batch {
  readonly event: readonly QueueDelivery[];
  readonly taken: readonly QueueDelivery[];
}

/** @returns the IDs of the event's messages that are to come again */
async function handle(
  { event, taken }: Batch,
  work: QueueWork,
  tools: QueueBatchTools,
): Promise<readonly string[]> {
  const { queue, telemetry } = tools;
  const all = [...event, ...taken];
  // A message may be in it twice, and is done when neither copy is to come again.
  const returned = new Set(await work(all));
  const isReturned = ({ messageId }: QueueDelivery): boolean => returned.has(messageId);
  const undeletedCount = await queue.delete(taken.filter((delivery) => !isReturned(delivery)));
  if (undeletedCount > 0) {
    telemetry.count('Messages.taken.undeleted', undeletedCount);
  }
  const back = all.filter(isReturned);
  if (back.length > 0) {
    await queue.delay(delayed(back, tools));
  }
  return event.filter(isReturned).map(({ messageId }) => messageId);
}

function delayed(deliveries: readonly QueueDelivery[], { surroundings }: QueueBatchTools, least = 0) {
  return deliveries.map((delivery) => ({
    delivery,
    seconds: Math.max(least, returnDelaySeconds(delivery.receiveCount, surroundings.random())),
  }));
}

/** Ends at the first round that brings a suspect message, or of which a call fails. */
async function takeMore(
  event: readonly QueueDelivery[],
  tools: QueueBatchTools,
): Promise<readonly QueueDelivery[]> {
  const { queue, telemetry, fullEvent, remainingMs, hasTime } = tools;
  const receiveCounts = event.map(({ receiveCount }) => receiveCount);
  if (!mayTakeMore(receiveCounts, fullEvent) || !hasTime()) {
    return [];
  }
  const totalMs = remainingMs();
  const taken: QueueDelivery[] = [];
  let byteCount = bytesOf(event);
  for (let [receiveCount, broughtCount] = [0, 0]; ; ) {
    const messageCount = event.length + taken.length;
    const shareOfTimeUsed = 1 - remainingMs() / totalMs;
    receiveCount = receivesInNextRound({
      messageCount,
      byteCount,
      receiveCount,
      broughtCount,
      shareOfTimeUsed,
    });
    if (receiveCount === 0) {
      return taken;
    }
    const answers = await Promise.allSettled(
      Array.from({ length: receiveCount }, () => queue.receive(hiddenSeconds(tools))),
    );
    const brought = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failure = answers.find((answer) => answer.status === 'rejected');
    taken.push(...brought);
    byteCount += bytesOf(brought);
    broughtCount = brought.length;
    if (failure !== undefined) {
      telemetry.warn('More messages could not be taken.', { error: failure.reason });
    }
    if (failure !== undefined || brought.some(({ receiveCount: count }) => count > MAX_TRUSTED_RECEIVES)) {
      return taken;
    }
  }
}

/** So much longer than this invocation can last are messages hidden that it has taken. */
const MARGIN_SECONDS = 10;

function hiddenSeconds({ remainingMs }: QueueBatchTools): number {
  return Math.ceil(remainingMs() / 1_000) + MARGIN_SECONDS;
}

function bytesOf(deliveries: readonly QueueDelivery[]): number {
  return deliveries.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
}
