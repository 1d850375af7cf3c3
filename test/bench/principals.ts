/** What the accounts table holds, read past everything that is measured. */

import type { LedgerStore } from '../../lib/storage/ledger-store.ts';

/** The principals of accounts as the table has them now, by creditor ID. */
export async function readPrincipals(
  store: LedgerStore,
  debtorId: number,
  creditorIds: readonly number[],
): Promise<ReadonlyMap<number, bigint>> {
  const keys = creditorIds.map((creditorId) => ({
    debtorId: BigInt(debtorId),
    creditorId: BigInt(creditorId),
  }));
  const accounts = await store.loadAccounts(keys, { consistent: true });
  return new Map([...accounts.values()].map(({ creditorId, principal }) => [Number(creditorId), principal]));
}
