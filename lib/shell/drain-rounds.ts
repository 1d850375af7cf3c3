/**
 * How many messages a function takes that is given a full event: the pure part of batches that adapt. Few messages are handled
 * at once as they come. Of a backlog, which fills events, the function takes more itself, since what a batch costs is nearly
 * independent of its size.
 */

/** A receive brings at most so many, and so does an event of the queue. */
export const MESSAGES_IN_RECEIVE = 10;
/** One that was received more often may be what makes functions fail, and must not take many others along. */
export const MAX_TRUSTED_RECEIVES = 5;

const FIRST_RECEIVES = 2;
const MAX_RECEIVES = 16;
/**
 * As many as one invocation handles within its time. Payments of a thousand accounts by turns need so many for a batch to have
 * several messages for each account, which is what makes it cheap.
 */
export const MAX_MESSAGES = 5_000;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_SHARE_OF_TIME = 0.25;

/** What an invocation holds so far, and what the last round of receives has brought. */
export interface DrainProgress {
  /** With those of its event. */
  readonly messageCount: number;
  /** Of their bodies together. */
  readonly byteCount: number;
  /** How many receives the last round made; 0 before the first. */
  readonly receiveCount: number;
  /** How many messages it brought. */
  readonly broughtCount: number;
  /** From 0 to 1, of the time that the invocation had at its start. */
  readonly shareOfTimeUsed: number;
}

/** Whether an event says that there is more: it is full, and nothing in it is suspect. */
export function mayTakeMore(receiveCounts: readonly number[], fullEvent: number): boolean {
  return receiveCounts.length >= fullEvent && receiveCounts.every((count) => count <= MAX_TRUSTED_RECEIVES);
}

/**
 * A round doubles the last one. A short poll asks only some of the queue's servers, so one answer that is not full says
 * little; a round that brings less than half of what it asked for says that the queue is nearly empty.
 * @returns how many receives to make at once; 0 to stop
 */
export function receivesInNextRound(progress: DrainProgress): number {
  const { messageCount, byteCount, receiveCount, broughtCount, shareOfTimeUsed } = progress;
  const isNearlyEmpty = 2 * broughtCount < receiveCount * MESSAGES_IN_RECEIVE;
  if (isNearlyEmpty || shareOfTimeUsed >= MAX_SHARE_OF_TIME) {
    return 0;
  }
  const wanted = receiveCount === 0 ? FIRST_RECEIVES : Math.min(MAX_RECEIVES, 2 * receiveCount);
  const bytesOfReceive = (MESSAGES_IN_RECEIVE * byteCount) / Math.max(1, messageCount);
  const roomForBytes = Math.floor((MAX_BYTES - byteCount) / Math.max(1, bytesOfReceive));
  const roomForMessages = Math.floor((MAX_MESSAGES - messageCount) / MESSAGES_IN_RECEIVE);
  return Math.max(0, Math.min(wanted, roomForBytes, roomForMessages));
}
