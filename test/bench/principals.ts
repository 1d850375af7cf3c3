/** Reads the accounts table directly, without the measured code. */

import type { LedgerStore } from '../../lib/storage/ledger-store.ts';

/** The present principals in the table, by creditor ID. */
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
