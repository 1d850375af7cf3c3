/** Counts what happened in a world, to show whether simulations reach what they are meant to test. */

import type { Account } from '../../lib/rules/account.ts';
import type { Transfer, TransferRecord } from '../../lib/rules/transfer.ts';
import type { History, Pair } from './history.ts';

/** As many transfers as a transaction can change with their account. */
const RECORDS_IN_FULL = 99;

export function censusOf({ commits }: History): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const purged = new Set<string>();
  for (const { accounts, records } of commits) {
    const events = [
      ...accounts.flatMap((pair) => accountEvents(pair, purged, records)),
      ...records.flatMap((pair) => recordEvents(pair)),
      ...(records.length >= RECORDS_IN_FULL ? ['full transactions'] : []),
    ];
    for (const event of events) {
      counts[event] = (counts[event] ?? 0) + 1;
    }
  }
  return counts;
}

function accountEvents(
  { before, after }: Pair<Account>,
  purged: Set<string>,
  records: readonly Pair<TransferRecord>[],
): string[] {
  const name = `${(after ?? before)?.debtorId}:${(after ?? before)?.creditorId}`;
  if (after === undefined) {
    purged.add(name);
    return ['account purged'];
  }
  if (before === undefined) {
    return [
      purged.has(name) ? 'account created anew' : 'account created',
      ...(isCredited(after, records) ? ['account created by a credit'] : []),
    ];
  }
  const wasDeleted = before.deletedAt !== undefined;
  const isDeleted = after.deletedAt !== undefined;
  return [
    ...(isDeleted && !wasDeleted ? ['account deleted'] : []),
    ...(wasDeleted && !isDeleted ? ['account brought back'] : []),
    ...(wasDeleted && !isDeleted && isCredited(after, records) ? ['account brought back by a credit'] : []),
    ...(!wasDeleted && before.interestRate !== after.interestRate ? ['account rate changed'] : []),
    ...(before.clippedAmount !== after.clippedAmount ? ['account clipped'] : []),
  ];
}

function isCredited({ debtorId, creditorId }: Account, records: readonly Pair<TransferRecord>[]): boolean {
  return records.some(
    ({ after }) =>
      after?.kind === 'transfer' &&
      after.credit !== undefined &&
      after.sender.debtorId === debtorId &&
      after.recipientId === creditorId,
  );
}

function recordEvents({ before, after }: Pair<TransferRecord>): string[] {
  if (after === undefined) {
    return ['item expired'];
  }
  if (after.kind === 'config-rejection') {
    return ['config rejected'];
  }
  if (after.kind === 'tombstone') {
    return ['tombstone'];
  }
  const earlier: Partial<Transfer> = before?.kind === 'transfer' ? before : {};
  const { rejection, preparation, finalization, payment, credit, request } = after;
  const isReminder = preparation?.announcedAt !== earlier.preparation?.announcedAt;
  const isOwn = payment !== undefined && finalization === undefined;
  return [
    ...(rejection ? [`transfer rejected ${rejection.statusCode}`] : []),
    ...(preparation && isReminder ? [earlier.preparation ? 'transfer reminded' : 'transfer prepared'] : []),
    ...(finalization && !earlier.finalization
      ? [`transfer ${payment ? 'committed' : 'dismissed'} ${finalization.statusCode}`]
      : []),
    ...(isOwn && !earlier.payment ? [`payment ${request.coordinatorType}`] : []),
    ...(credit && !earlier.credit ? ['transfer credited'] : []),
  ];
}
