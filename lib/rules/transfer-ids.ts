/** How items of the transfers table get their IDs: from what they are, so that a redelivered request finds its own item. */

import { createHash } from 'node:crypto';
import type { ConfigureAccount, PrepareTransfer } from '../protocol/messages.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import { type AccountKey, printAccountKey } from './account.ts';

/** What tells one request from all others. */
type RequestIdentity = Pick<
  PrepareTransfer,
  'debtorId' | 'creditorId' | 'coordinatorType' | 'coordinatorId' | 'coordinatorRequestId' | 'ts'
>;

/** The transfer ID of a request: the same for every copy of it, another for a later one with the same triple. */
export function transferIdOf(request: RequestIdentity): bigint {
  const { coordinatorType, coordinatorId, coordinatorRequestId, ts } = request;
  return hashToId([
    'request',
    printAccountKey(request),
    coordinatorId,
    coordinatorRequestId,
    ts,
    coordinatorType,
  ]);
}

/** The transfer ID of a payment that this server makes itself; at most one of a type leaves one version of an account. */
export function ownPaymentIdOf(key: AccountKey, coordinatorType: string, version: bigint): bigint {
  return hashToId(['payment', printAccountKey(key), version, coordinatorType]);
}

/** The (negative) ID under which a refused configuration is kept. */
export function configRejectionIdOf(config: ConfigureAccount): bigint {
  const { ts, seqnum, configFlags, negligibleAmount, configData } = config;
  return -hashToId([
    'config',
    printAccountKey(config),
    ts,
    seqnum,
    configFlags,
    negligibleAmount,
    configData,
  ]);
}

/** 1 … 2^63 − 1. Of the parts only the last may hold a line feed, so different lists make different texts. */
function hashToId(parts: readonly (string | number | Timestamp)[]): bigint {
  const digest = createHash('sha256').update(parts.join('\n')).digest();
  const id = digest.readBigUInt64BE() >> 1n;
  return id === 0n ? 1n : id;
}
