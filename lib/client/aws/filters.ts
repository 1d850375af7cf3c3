/** Which messages of which topic are for a role, as SNS filter policies on the messages' attributes (SMP 2.1, JSON form, wire). */

import type { Topic } from '../../protocol/routing.ts';
import { creditorRange, type Role } from '../roles.ts';

/** A value that an attribute may have: the very text, its beginning, or all but some. */
export type FilterValue =
  | string
  | { readonly prefix: string }
  | { readonly 'anything-but': readonly string[] };

/** A filter policy of SNS: all of these attributes must have one of their values. Without attributes it lets all messages through. */
export type FilterPolicy = Readonly<Record<string, readonly FilterValue[]>>;

/** One subscription: a topic of the authority, and which of its messages are wanted. */
export interface Subscribing {
  /** One of the three topics that the authority publishes to. */
  readonly topic: Topic;
  /** Only messages with these attributes are delivered. */
  readonly filter: FilterPolicy;
}

const ID_DIGITS = 16;
/** SNS takes so many combinations of values in one policy. */
const MAX_VALUES = 150;

/** What a debtor needs: the messages about its root account, and the answers to its requests to issue. */
export function forDebtor(debtorId: bigint): readonly Subscribing[] {
  return [
    { topic: 'to_debtors', filter: { debtor_id: [`${debtorId}`] } },
    forCoordinator('issuing', debtorId),
  ];
}

/**
 * What the creditors from the first to the last need, both included and compared as unsigned 64-bit integers: the messages about
 * their accounts, and the answers to their own requests.
 * @throws {RangeError} where the last comes before the first, or SNS could not tell the range from others by 150 prefixes of IDs;
 *   a range that begins and ends at a multiple of a power of 16 needs one to fifteen
 */
export function forCreditorRange(first: bigint, last: bigint): readonly Subscribing[] {
  creditorRange(first, last);
  if (first === last) {
    return [
      { topic: 'to_creditors', filter: { creditor_id: [`${first}`] } },
      forCoordinator('direct', first),
    ];
  }
  const keys = routingKeys(BigInt.asUintN(64, first), BigInt.asUintN(64, last));
  if (keys.length > MAX_VALUES) {
    throw new RangeError(`the range needs ${keys.length} prefixes of IDs, and SNS takes ${MAX_VALUES}`);
  }
  return [
    { topic: 'to_creditors', filter: { routing_key: keys } },
    { topic: 'to_coordinators', filter: { coordinator_type: ['direct'], routing_key: keys } },
  ];
}

/** What a coordinator needs: the answers to its requests. */
export function forCoordinator(coordinatorType: string, coordinatorId: bigint): Subscribing {
  return {
    topic: 'to_coordinators',
    filter: { coordinator_type: [coordinatorType], coordinator_id: [`${coordinatorId}`] },
  };
}

/** All that a client of the role needs. */
export function forRole(role: Role): readonly Subscribing[] {
  switch (role.kind) {
    case 'creditor':
      return forCreditorRange(role.first, role.last);
    case 'issuer':
      return forDebtor(role.debtorId);
    case 'coordinator':
      return [forCoordinator(role.coordinatorType, role.coordinatorId)];
    default:
      return role satisfies never;
  }
}

/** The fewest beginnings of hexadecimal IDs that are those of the range and of no other ID. */
function routingKeys(first: bigint, last: bigint): FilterValue[] {
  const keys: FilterValue[] = [];
  let start = first;
  while (start <= last) {
    let zeros = 0;
    while (zeros < ID_DIGITS && isBlock(start, zeros + 1) && blockEnd(start, zeros + 1) <= last) {
      zeros += 1;
    }
    keys.push(filterValue(start, ID_DIGITS - zeros));
    start = blockEnd(start, zeros) + 1n;
  }
  return keys;
}

/** Whether the ID ends in so many hexadecimal zeros. */
function isBlock(id: bigint, zeros: number): boolean {
  return id % 16n ** BigInt(zeros) === 0n;
}

function blockEnd(id: bigint, zeros: number): bigint {
  return id + 16n ** BigInt(zeros) - 1n;
}

/** The first digits of the ID as a routing key has them: pairs that are joined by points. */
function filterValue(id: bigint, digits: number): FilterValue {
  const text = id
    .toString(16)
    .padStart(ID_DIGITS, '0')
    .slice(0, digits)
    .replace(/..(?=.)/g, '$&.');
  return digits === ID_DIGITS ? text : { prefix: text };
}
