/** Reads the accounts table directly, without the measured code, and compares it with what clients were told. */

import type { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { creditorIdOf } from './wire.ts';

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

/** So many wrong accounts are enough to show. */
const MAX_FAULTS = 5;

/** @param expected the principals by account, which add up to 0 */
export function principalFaults(
  expected: ReadonlyMap<number, number>,
  principals: ReadonlyMap<number, bigint>,
): string[] {
  const wrong = [...expected].filter(
    ([account, principal]) => principals.get(creditorIdOf(account)) !== BigInt(principal),
  );
  const sum = [...principals.values()].reduce((total, principal) => total + principal, 0n);
  return [
    ...wrong
      .slice(0, MAX_FAULTS)
      .map(
        ([account, principal]) =>
          `the table has ${principals.get(creditorIdOf(account))} for account ${account}, not ${principal}`,
      ),
    ...(sum === 0n ? [] : [`the principals come to ${sum} instead of 0`]),
  ];
}
