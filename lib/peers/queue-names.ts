/**
 * The names of a peer's queues. The name of the queue that a peer fills says who the peer is and what it is responsible for, so
 * that whoever takes a message from it needs to know nothing else.
 */

import type { Peer, PeerType, Responsibility } from './peer.ts';

/** SQS's limit. */
export const MAX_QUEUE_NAME_LENGTH = 80;

const TYPE_CODES = { 'creditors-agent': 'ca', 'debtors-agent': 'da' } as const;

export interface PeerQueueNames {
  /** From the peer, or from the listener in its name. */
  readonly incoming: string;
  /** For the peer. */
  readonly outgoing: string;
  /** Messages from the peer that were refused, each with the reason; the peer may read it. */
  readonly refused: string;
  /** Valid messages from the peer that failed too often. */
  readonly givenUp: string;
  /** Messages for the peer that it does not take. */
  readonly undelivered: string;
}

/** How the names of all queues of all peers of a stack begin. */
export function peerQueuePrefix(stackName: string): string {
  return `${stackName}-peer-`;
}

export function peerQueueNames(
  stackName: string,
  { nodeId, type, range }: Pick<Peer, 'nodeId' | 'type' | 'range'>,
): PeerQueueNames {
  const stem = peerQueuePrefix(stackName) + nodeId;
  return {
    incoming: `${stem}-${TYPE_CODES[type]}-${range.digits}-in`,
    outgoing: `${stem}-out`,
    refused: `${stem}-refused`,
    givenUp: `${stem}-given-up`,
    undelivered: `${stem}-undelivered`,
  };
}

export interface PeerQueue {
  readonly nodeId: string;
  readonly responsibility: Responsibility;
  /** The name of the queue of the peer's refused messages. */
  readonly refused: string;
}

/**
 * Whose queue this is.
 * @param name of a queue of the stack
 * @returns `undefined` when it is no queue of a peer
 * @throws {RangeError} when it begins as a queue of a peer does, but is none that a peer fills
 */
export function parsePeerQueue(
  name: string,
  { stackName, authorityId }: { readonly stackName: string; readonly authorityId: string },
): PeerQueue | undefined {
  const prefix = peerQueuePrefix(stackName);
  if (!name.startsWith(prefix)) {
    return undefined;
  }
  const match = /^([0-9a-f]{8,32})-(ca|da)-([0-9a-f]{6,16})-in$/.exec(name.slice(prefix.length));
  if (match === null) {
    throw new RangeError(`no peer fills the queue ${name}`);
  }
  const [, nodeId, code, digits] = match as unknown as [string, string, 'ca' | 'da', string];
  const type: PeerType = code === 'ca' ? 'creditors-agent' : 'debtors-agent';
  const range = { digits };
  return {
    nodeId,
    responsibility: { type, range, authorityRange: { digits: authorityId } },
    refused: peerQueueNames(stackName, { nodeId, type, range }).refused,
  };
}
