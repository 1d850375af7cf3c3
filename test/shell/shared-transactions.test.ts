/** Which first attempts are one transaction, and what becomes of it. */

import { describe, expect, it } from 'vitest';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import type { Change } from '../../lib/storage/ledger-store.ts';
import { anAccount, aRootAccount, aTransfer, DEBTOR_ID } from '../support/builders.ts';
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

  it('writes everything, and leaves nothing to the accounts', async () => {
    const [ledger, telemetry] = [new MemoryLedger(), new TestTelemetry()];
    const left = await new SharedTransactions().tryCommit(changes, { store: ledger.store, telemetry });
    expect(left).toStrictEqual(new Set());
    expect(ledger.writes.map(({ size }) => size)).toStrictEqual([5]);
    expect(changes.map(({ key }) => ledger.account(key))).toStrictEqual(changes.map(({ after }) => after));
    expect(telemetry.counts).toStrictEqual({ Commits: 1 });
  });

  it('writes nothing when an account was changed by somebody else, and tells which', async () => {
    const [ledger, telemetry] = [new MemoryLedger(), new TestTelemetry()];
    ledger.put(anAccount({ ...changes[1]?.key, principal: 5n }));
    expect(
      await new SharedTransactions().tryCommit(changes, { store: ledger.store, telemetry }),
    ).toStrictEqual(new Set([changes[1]]));
    expect(ledger.account(changes[0]?.key ?? anAccount())).toBeUndefined();
    expect(telemetry.counts).toStrictEqual({ Conflicts: 1, Retries: 2 });
  });

  it.each([
    ['a conflict of unknown accounts', new CommitConflictError(aRootAccount()), { Conflicts: 1, Retries: 2 }],
    ['a table that does not answer', new StoreUnavailableError('busy'), { Unavailable: 1, Retries: 2 }],
    ['anything else', new TypeError('a defect'), { Retries: 2 }],
  ])('leaves all to their accounts after %s', async (_, error, counts) => {
    const [ledger, telemetry] = [new MemoryLedger(), new TestTelemetry()];
    ledger.failWrites('before', () => error);
    expect(
      await new SharedTransactions().tryCommit(changes, { store: ledger.store, telemetry }),
    ).toStrictEqual(new Set(changes));
    expect(telemetry.counts).toStrictEqual(counts);
  });
});

describe('an attempt', () => {
  const ATTEMPTS = [aChange(1, 2), aChange(2, 1), aChange(4, 3), aChange(3, 20)].map((change) => ({
    change,
  }));

  /** What becomes of three attempts that fit together, and of one that is too large for that, and how large the tried writes are. */
  async function fatesAfter(errorOf: (number: number) => Error | undefined) {
    const ledger = new MemoryLedger();
    ledger.failWrites('before', errorOf);
    const telemetry = new TestTelemetry();
    const fates = await new SharedTransactions().run(
      ATTEMPTS,
      { store: ledger.store, telemetry },
      {
        committed: ({ change }) => `${change.records.length} committed`,
        changeAlone: async ({ change }, state) => `${change.records.length} ${state}`,
      },
    );
    return { fates, tried: ledger.writes.map(({ size }) => size), commits: telemetry.counts.Commits ?? 0 };
  }
  const lostBy = (number: number) => new CommitConflictError(aChange(number, 0).key);

  it('that is alone in its transaction is left to its account untried, the others are committed', async () => {
    const { fates, tried } = await fatesAfter(() => undefined);
    expect(fates).toStrictEqual(['20 untried', '2 committed', '1 committed', '3 committed']);
    expect(tried).toStrictEqual([9]);
  });

  it('that has lost a race is left to its account as failed, the others are committed together', async () => {
    const { fates, tried } = await fatesAfter((number) => (number === 0 ? lostBy(2) : undefined));
    expect(fates).toStrictEqual(['20 untried', '2 committed', '1 failed', '3 committed']);
    expect(tried).toStrictEqual([9, 7]);
  });

  it('is tried together twice at the most', async () => {
    const { fates, tried } = await fatesAfter((number) => lostBy(number === 0 ? 2 : 4));
    expect(fates).toStrictEqual(['20 untried', '2 failed', '1 failed', '3 failed']);
    expect(tried).toStrictEqual([9, 7]);
  });

  it('that failed with all others is left to its account, and is not tried together again', async () => {
    const { fates, tried, commits } = await fatesAfter((number) =>
      number === 0 ? new StoreUnavailableError('busy') : undefined,
    );
    expect(fates).toStrictEqual(['20 untried', '2 failed', '1 failed', '3 failed']);
    expect(tried).toStrictEqual([9]);
    expect(commits).toBe(0);
  });
});
