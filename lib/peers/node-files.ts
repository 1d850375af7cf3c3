/** The forms of what the small text files of a node's folder hold: node IDs, types and ranges. */

import type { IdRange } from './id-range.ts';
import type { Responsibility } from './peer.ts';
import { PeersError } from './peers-error.ts';

export const NODE_ID_FORM = /^(?:[0-9a-f]{8,32})$/;
export const AUTHORITY_ID_FORM = /^[0-9a-f]{8}$/;

/** The network's names of node types, as files and certificates write them. */
const NODE_TYPES = {
  'Accounting Authorities': 'accounting-authority',
  'Creditors Agents': 'creditors-agent',
  'Debtors Agents': 'debtors-agent',
} as const;

export type NodeType = (typeof NODE_TYPES)[keyof typeof NODE_TYPES];

/** Agent 0 of the creditor IDs is reserved. SMP 2.1, PrepareTransfer. */
const RESERVED_AGENT = '000000';

interface Place {
  readonly file: string;
  readonly field: string;
}

/** @throws {PeersError} when it is none of the network's three types */
export function parseNodeType(text: string, place: Place): NodeType {
  if (!Object.hasOwn(NODE_TYPES, text)) {
    throw new PeersError(place, `must be one of ${Object.keys(NODE_TYPES).join(', ')}`);
  }
  return NODE_TYPES[text as keyof typeof NODE_TYPES];
}

/** The type as certificates write it. */
export function printNodeType(type: NodeType): string {
  return Object.keys(NODE_TYPES).find(
    (name) => NODE_TYPES[name as keyof typeof NODE_TYPES] === type,
  ) as string;
}

/**
 * The range that a peer of this type may be given: 6 digits for a creditors agent; for a debtors agent whole bytes, from 8 to 16
 * digits, that begin with the authority's.
 * @throws {PeersError} for any other
 */
export function parseRange(
  { type, authorityRange }: Pick<Responsibility, 'type' | 'authorityRange'>,
  text: string,
  place: Place,
): IdRange {
  if (type === 'creditors-agent') {
    if (!/^[0-9a-f]{6}$/.test(text) || text === RESERVED_AGENT) {
      throw new PeersError(place, 'must be 6 lower-case hexadecimal digits, not all 0');
    }
    return { digits: text };
  }
  if (!/^(?:[0-9a-f]{2}){4,8}$/.test(text)) {
    throw new PeersError(place, 'must be 8, 10, 12, 14 or 16 lower-case hexadecimal digits');
  }
  if (!text.startsWith(authorityRange.digits)) {
    throw new PeersError(place, `must begin with the authority's ${authorityRange.digits}`);
  }
  return { digits: text };
}
