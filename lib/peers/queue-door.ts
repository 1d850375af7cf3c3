/**
 * The second door: who sent a message is read from the queue that it came from, and asked for once more, so that a hole in the
 * first door, or a wrong permission on a queue, opens nothing.
 */

import type { IncomingMessage } from '../protocol/messages.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import { admit } from './admit.ts';
import { type PeerQueue, parsePeerQueue } from './queue-names.ts';

export interface QueueDoor {
  /**
   * Why the sender of this queue may not send the message; `undefined` when it may, and for the operator's own queue.
   * @param sourceArn of the queue that it came from
   * @throws {RangeError} when nobody can say who fills the queue
   */
  readonly admit: (
    sourceArn: string | undefined,
    message: IncomingMessage,
    now: Timestamp,
  ) => string | undefined;
  /** The name of the queue for refused messages of the peer that fills this one; `undefined` for the operator's own queue. */
  readonly refusedQueueOf: (sourceArn: string | undefined) => string | undefined;
}

/** @param authorityId the authority's node ID, which is also the range of its debtor IDs */
export function queueDoor(names: { readonly stackName: string; readonly authorityId: string }): QueueDoor {
  const known = new Map<string, PeerQueue | undefined>();
  const peerOf = (sourceArn: string | undefined): PeerQueue | undefined => {
    const name = sourceArn?.split(':').at(-1) ?? '';
    if (name === '') {
      throw new RangeError('a message without the queue that it came from');
    }
    if (!known.has(name)) {
      known.set(name, parsePeerQueue(name, names));
    }
    return known.get(name);
  };
  return {
    admit: (sourceArn, message, now) => {
      const peer = peerOf(sourceArn);
      return peer && admit(peer.responsibility, message, now);
    },
    refusedQueueOf: (sourceArn) => peerOf(sourceArn)?.refused,
  };
}
