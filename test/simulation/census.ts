/** Counts what happened in a world, to show whether simulations reach what they are meant to test. */

import type { Account } from '../../lib/rules/account.ts';
import type { Transfer, TransferRecord } from '../../lib/rules/transfer.ts';
import type { History, Pair } from './history.ts';

export function censusOf({ commits }: History): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const purged = new Set<string>();
  for (const { accounts, records } of commits) {
    const events = [
      ...accounts.flatMap((pair) => accountEvents(pair, purged)),
      ...records.flatMap((pair) => recordEvents(pair)),
    ];
    for (const event of events) {
      counts[event] = (counts[event] ?? 0) + 1;
    }
  }
  return counts;
}

function accountEvents({ before, after }: Pair<Account>, purged: Set<string>): string[] {
  const name = `${(after ?? before)?.debtorId}:${(after ?? before)?.creditorId}`;
  if (after === undefined) {
    purged.add(name);
    return ['account purged'];
  }
  if (before === undefined) {
    return [purged.has(name) ? 'account created anew' : 'account created'];
  }
  const wasDeleted = before.deletedAt !== undefined;
  const isDeleted = after.deletedAt !== undefined;
  return [
    ...(isDeleted && !wasDeleted ? ['account deleted'] : []),
    ...(wasDeleted && !isDeleted ? ['account brought back'] : []),
    ...(!wasDeleted && before.interestRate !== after.interestRate ? ['account rate changed'] : []),
    ...(before.clippedAmount !== after.clippedAmount ? ['account clipped'] : []),
  ];
}

function recordEvents({ before, after }: Pair<TransferRecord>): string[] {
  if (after === undefined) {
    return ['item expired'];
  }
  if (after.kind === 'config-rejection') {
    return ['config rejected'];
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
