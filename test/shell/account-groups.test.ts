/** Groups of items that are changed together or alone, however many items a group has. */

import { describe, expect, it } from 'vitest';
import { type Account, type AccountKey, printAccountKey } from '../../lib/rules/account.ts';
import { changeAccounts, type Group, type GroupWork } from '../../lib/shell/account-groups.ts';
import type { Decided } from '../../lib/shell/change-account.ts';
import { anAccount, aTransfer, DEBTOR_ID } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

interface Deposit {
  readonly key: AccountKey;
  readonly number: number;
}

/** Each deposit adds 1 to its account. What a slice adds is one item beside the account, however many deposits it has. */
function depositing(ledger: MemoryLedger, done: number[]): GroupWork<Deposit, Account, Decided> {
  const stateOf = ([first]: Group<Deposit>) => ledger.account((first as Deposit).key) as Account;
  return {
    name: 'Deposits',
    returned: 'Deposits come again.',
    faultOf: () => undefined,
    accountOf: ({ key }) => key,
    preload: async () => stateOf,
    load: async ({ slice }) => stateOf(slice),
    decide: (before, ready) => {
      const after = { ...before, principal: before.principal + BigInt(ready.length) };
      const transferId = BigInt((ready[0] as Deposit).number + 1);
      const record = aTransfer({ sender: before, transferId });
      return { change: { key: before, before, after, records: [{ before: undefined, after: record }] } };
    },
    stateAfter: (_state, _decided, account) => account as Account,
    reportOutcomes: (ready) => done.push(...ready.map(({ number }) => number)),
  };
}

describe('groups of items', () => {
  it.each([
    ['a few items share a transaction', 2, [4]],
    ['more items than a transaction takes share none, and are done to the last item', 100, [2, 2, 2]],
  ])('of which one has %s', async (_, count, writeSizes) => {
    const ledger = new MemoryLedger();
    const keys = [101n, 102n].map((creditorId) => ({ debtorId: DEBTOR_ID, creditorId }));
    ledger.put(...keys.map((key) => anAccount(key)));
    const groups = keys.map((key, index) =>
      Array.from({ length: index === 0 ? count : 1 }, (__, number) => ({ key, number })),
    );
    const done: number[] = [];
    const invocation = anInvocation({ store: ledger.store });
    const left = await changeAccounts([groups], depositing(ledger, done), invocation);
    expect(left).toStrictEqual({ returned: [], waiting: [] });
    expect(keys.map((key) => [printAccountKey(key), ledger.account(key)?.principal])).toStrictEqual([
      [`${DEBTOR_ID}:101`, BigInt(count)],
      [`${DEBTOR_ID}:102`, 1n],
    ]);
    expect(done).toHaveLength(count + 1);
    expect(ledger.writes.map(({ size }) => size)).toStrictEqual(writeSizes);
  });
});
