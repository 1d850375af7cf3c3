/** Which first attempts are one transaction, and what becomes of it. */

import { describe, expect, it } from 'vitest';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import type { Change } from '../../lib/storage/ledger-store.ts';
import { anAccount, aTransfer, DEBTOR_ID } from '../support/builders.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';

/** A new account with so many transfers. */
function aChange(number: number, transferCount: number): Change {
  const key = { debtorId: DEBTOR_ID, creditorId: BigInt(2 ** 40 + number) };
  const records = Array.from({ length: transferCount }, (_, index) => ({
    before: undefined,
    after: aTransfer({ sender: key, transferId: BigInt(index + 1) }),
  }));
  return { key, before: undefined, after: anAccount(key), records };
}

/** The numbers of items that are written together. */
function arranged(transferCounts: readonly (number | undefined)[]): readonly (readonly number[])[] {
  const attempts = transferCounts.map((count, index) => ({
    change: count === undefined ? undefined : aChange(index, count),
    itemCount: count === undefined ? 0 : count + 1,
  }));
  return new SharedTransactions()
    .arrange(attempts)
    .map((together) => together.map(({ itemCount }) => itemCount));
}

describe('first attempts', () => {
  it.each([
    [
      'of a few items each are together, up to 33',
      [2, 7, 7, 7, 6, 1],
      [
        [3, 8, 8, 8],
        [7, 2],
      ],
    ],
    ['that fill a transaction leave no room', [7, 7, 7, 7, 1], [[8, 8, 8, 8], [2]]],
    ['of more than eight items are alone', [8, 1, 1], [[9], [2, 2]]],
    ['of a single item are alone, since that needs no transaction', [0, 1, 0], [[1], [1], [2]]],
    ['that are not decided yet are alone', [undefined, 1, 1], [[0], [2, 2]]],
    ['that are none make none', [], []],
  ])('%s', (_, transferCounts, expected) => {
    expect(arranged(transferCounts)).toStrictEqual(expected);
  });
});

describe('trying together', () => {
  const changes = [aChange(1, 2), aChange(2, 1)];

  it('makes transactions smaller while races are lost, and larger again when they are not', async () => {
    const [ledger, transactions] = [new MemoryLedger(), new SharedTransactions()];
    const tools = { store: ledger.store, telemetry: new TestTelemetry() };
    const attempts = Array.from({ length: 30 }, (_, number) => ({ change: aChange(number, 1) }));
    const sizes = () => transactions.arrange(attempts).map(({ length }) => length);
    expect(sizes()).toStrictEqual([16, 14]);
    ledger.failWrites('before', () => new CommitConflictError(anAccount()));
    await transactions.tryCommit(changes, tools);
    expect(sizes()).toStrictEqual([8, 8, 8, 6]);
    for (let lost = 0; lost < 5; lost++) {
      await transactions.tryCommit(changes, tools);
    }
    expect(sizes()).toStrictEqual([4, 4, 4, 4, 4, 4, 4, 2]);
    ledger.failWrites('before', () => undefined);
    for (let won = 0; won < 20; won++) {
      await transactions.tryCommit([aChange(100 + won, 1)], tools);
    }
    expect(sizes()).toStrictEqual([16, 14]);
  });

  it('writes everything, and returns the accounts as they are stored', async () => {
    const [ledger, telemetry] = [new MemoryLedger(), new TestTelemetry()];
    const accounts = await new SharedTransactions().tryCommit(changes, { store: ledger.store, telemetry });
    expect(accounts).toStrictEqual(changes.map(({ after }) => after));
    expect(ledger.writes.map(({ size }) => size)).toStrictEqual([5]);
    expect(changes.map(({ key }) => ledger.account(key))).toStrictEqual(accounts);
    expect(telemetry.counts).toStrictEqual({ Commits: 1 });
  });

  it('writes nothing when one of the accounts was changed by somebody else', async () => {
    const [ledger, telemetry] = [new MemoryLedger(), new TestTelemetry()];
    ledger.put(anAccount({ ...changes[1]?.key, principal: 5n }));
    expect(
      await new SharedTransactions().tryCommit(changes, { store: ledger.store, telemetry }),
    ).toBeUndefined();
    expect(ledger.account(changes[0]?.key ?? anAccount())).toBeUndefined();
    expect(telemetry.counts).toStrictEqual({ Conflicts: 1, Retries: 2 });
  });

  it.each([
    ['a conflict', new CommitConflictError(anAccount()), { Conflicts: 1, Retries: 2 }],
    ['a table that does not answer', new StoreUnavailableError('busy'), { Unavailable: 1, Retries: 2 }],
    ['anything else', new TypeError('a defect'), { Retries: 2 }],
  ])('leaves it to each account after %s', async (_, error, counts) => {
    const [ledger, telemetry] = [new MemoryLedger(), new TestTelemetry()];
    ledger.failWrites('before', () => error);
    expect(
      await new SharedTransactions().tryCommit(changes, { store: ledger.store, telemetry }),
    ).toBeUndefined();
    expect(telemetry.counts).toStrictEqual(counts);
  });
});

describe('an attempt', () => {
  /** What becomes of two attempts that fit together, and of one that is too large for that. */
  async function fatesAfter(error: Error | undefined): Promise<readonly string[]> {
    const ledger = new MemoryLedger();
    ledger.failWrites('before', () => error);
    const attempts = [aChange(1, 2), aChange(2, 1), aChange(3, 20)].map((change) => ({ change }));
    return new SharedTransactions().run(
      attempts,
      { store: ledger.store, telemetry: new TestTelemetry() },
      {
        committed: ({ change }) => `${change.records.length} committed`,
        changeAlone: async ({ change }, state) => `${change.records.length} ${state}`,
      },
    );
  }

  it('that is alone in its transaction is left to its account untried, the others are committed', async () => {
    expect(await fatesAfter(undefined)).toStrictEqual(['20 untried', '2 committed', '1 committed']);
  });

  it('that failed together with others is left to its account as such', async () => {
    const lost = new CommitConflictError(anAccount());
    expect(await fatesAfter(lost)).toStrictEqual(['20 untried', '2 failed', '1 failed']);
  });
});
