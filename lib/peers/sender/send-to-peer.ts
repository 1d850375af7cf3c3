/**
 * Sends a batch of messages to a peer, patiently while the peer can't be reached, and puts aside what the peer refuses, so that
 * one message never holds up the others.
 */

import type { SessionResult } from './client-session.ts';
import { type OutgoingMessage, unfitReason } from './outgoing-message.ts';

/** A message that the peer has refused on so many connections is not sent again. */
export const MAX_REFUSALS = 3;

const BASE_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

export interface SenderTools {
  /** Sends the messages, at least one, over a connection of their own. */
  readonly connect: (messages: readonly OutgoingMessage[]) => Promise<SessionResult>;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Whether there is time for a pause of so many milliseconds and a connection after it. */
  readonly hasTime: (milliseconds: number) => boolean;
  readonly report: (event: SendEvent) => void;
}

export type SendEvent =
  | { readonly kind: 'sent'; readonly count: number }
  | { readonly kind: 'refused'; readonly id: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface RefusedMessage {
  readonly message: OutgoingMessage;
  readonly reason: string;
}

export interface SendResult {
  /** They may have arrived, and must be sent again. */
  readonly unsent: readonly OutgoingMessage[];
  /** The peer does not take them, or none could. */
  readonly refused: readonly RefusedMessage[];
}

/** Sends until nothing is left or the time is up. */
export async function sendToPeer(
  messages: readonly OutgoingMessage[],
  tools: SenderTools,
): Promise<SendResult> {
  const refused: RefusedMessage[] = [];
  let waiting: OutgoingMessage[] = [];
  for (const message of messages) {
    const reason = unfitReason(message);
    if (reason === undefined) {
      waiting.push(message);
    } else {
      refused.push({ message, reason });
    }
  }
  const refusals = new Map<OutgoingMessage, number>();
  let failures = 0;
  while (waiting.length > 0) {
    const result = await tools.connect(waiting);
    const left = waiting.slice(result.receipted);
    tools.report({ kind: 'sent', count: result.receipted });
    const culprit = result.refused && (waiting[result.refused.index] as OutgoingMessage);
    failures = result.receipted > 0 ? 0 : failures + 1;
    if (result.failure !== undefined) {
      tools.report({ kind: 'failed', reason: result.failure });
    }
    if (culprit === undefined) {
      // The reference server ends a connection without naming the message that it fails on. The first one may be that.
      const [first, ...others] = left;
      waiting = result.receipted === 0 && first !== undefined ? [...others, first] : left;
    } else {
      const { reason } = result.refused as NonNullable<SessionResult['refused']>;
      tools.report({ kind: 'refused', id: culprit.id, reason });
      const count = (refusals.get(culprit) ?? 0) + 1;
      refusals.set(culprit, count);
      const others = left.filter((message) => message !== culprit);
      if (count >= MAX_REFUSALS) {
        refused.push({ message: culprit, reason });
        waiting = others;
      } else {
        // It is the last one of the next connection, so that all others are taken before it ends that one.
        waiting = [...others, culprit];
      }
    }
    const pauseMs = pauseAfter(failures, tools.random());
    if (waiting.length === 0 || !tools.hasTime(pauseMs)) {
      break;
    }
    await tools.pause(pauseMs);
  }
  return { unsent: waiting, refused };
}

/** Up to half a second at first, then longer and longer while no message at all gets through. */
function pauseAfter(failures: number, random: number): number {
  const longest = Math.min(MAX_PAUSE_MS, BASE_PAUSE_MS * 2 ** Math.max(0, failures - 1));
  return Math.round((longest * (1 + random)) / 2);
}
