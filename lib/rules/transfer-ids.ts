/** Makes the IDs of items of the transfers table from their content, so that a redelivered request finds its own item. */

import { createHash } from 'node:crypto';
import type { ConfigureAccount, PrepareTransfer } from '../protocol/messages.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import { type AccountKey, printAccountKey } from './account.ts';

/** The fields that no two requests have in common. */
type RequestIdentity = Pick<
  PrepareTransfer,
  'debtorId' | 'creditorId' | 'coordinatorType' | 'coordinatorId' | 'coordinatorRequestId' | 'ts'
>;

/** The transfer ID of a request: the same for every copy of the request, another for a later request with the same triple. */
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

/** The transfer ID of a payment that this server makes by itself; one version of an account makes at most one of each type. */
export function ownPaymentIdOf(key: AccountKey, coordinatorType: string, version: bigint): bigint {
  return hashToId(['payment', printAccountKey(key), version, coordinatorType]);
}

/** The (negative) ID of the item that keeps a rejected configuration. */
export function configRejectionIdOf(config: ConfigureAccount): bigint {
  const { ts, seqnum, configFlags, negligibleAmount, configData } = config;
  return -hashToId([
    'config',
    printAccountKey(config),
    ts,
    seqnum,
    configFlags,
    // String(-0) is '0', yet the two are different amounts to echo.
    Object.is(negligibleAmount, -0) ? '-0' : negligibleAmount,
    configData,
  ]);
}

/** The (negative) ID of the tombstone of an account. An account can be purged only once at a time. */
export function tombstoneIdOf(key: AccountKey, purgedAt: Timestamp): bigint {
  return -hashToId(['purge', printAccountKey(key), purgedAt]);
}

/** 1 … 2^63 − 1. Of the parts only the last may hold a line feed, so different lists make different texts. */
function hashToId(parts: readonly (string | number | Timestamp)[]): bigint {
  const digest = createHash('sha256').update(parts.join('\n')).digest();
  const id = digest.readBigUInt64BE() >> 1n;
  return id === 0n ? 1n : id;
}
