/** What the sweep over accounts does with a page (SMP 2.1, sections 5 to 7). What is due is tested with the rules. */

import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/rules/account.ts';
import { continueSweep } from '../../lib/shell/sweep.ts';
import { sweepAccounts } from '../../lib/shell/sweep-accounts.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import {
  aDeletedAccount,
  anAccount,
  aRootAccount,
  CREDITOR_ID,
  DEBTOR_ID,
  NOW,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger, type MemoryLedgerOptions, TABLE_NAMES } from '../support/memory-ledger.ts';
import { TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const DAY = 86_400_000_000n;
const FIVE_PERCENT = '{"type": "RootConfigData", "rate": 5.0}';
const TEN_PERCENT = '{"type": "RootConfigData", "rate": 10.0}';

/** Announced yesterday; nothing is due for it. */
function aQuietAccount(changes: Partial<Account> = {}): Account {
  return anAccount({ announcedAt: NOW - DAY, lastChangeTs: NOW - DAY, ...changes });
}

/** Announced a week ago: a heartbeat is due, and nothing else. */
function aSilentAccount(changes: Partial<Account> = {}): Account {
  return anAccount({ announcedAt: NOW - 7n * DAY, lastChangeTs: NOW - 7n * DAY, ...changes });
}

class Sweep {
  readonly ledger: MemoryLedger;
  readonly surroundings = new TestSurroundings();
  readonly telemetry = new TestTelemetry();

  constructor(options: MemoryLedgerOptions = {}) {
    this.ledger = new MemoryLedger(options);
  }

  /** Sweeps all accounts in one invocation. */
  async run(surroundings = this.surroundings): Promise<void> {
    const { ledger, telemetry } = this;
    const { store, scan } = ledger;
    const invocation = anInvocation({ store, surroundings, telemetry });
    const work = sweepAccounts({ ...invocation, scan });
    const task = {
      segment: 0,
      totalSegments: 1,
      cursor: undefined,
      startedAt: `${NOW}`,
      itemCount: 0,
      dueCount: 0,
      continuationCount: 0,
      waitCount: 0,
    };
    const queue = { send: async () => {}, countTasks: async () => 0 };
    await continueSweep(task, work, { ...invocation, queue, writesPerSecond: 500 });
  }

  /** The counts without those of every sweep and every write. */
  get done(): Readonly<Record<string, number>> {
    const always = /\.(items|segments|seconds|due)$|^Commits$/;
    return Object.fromEntries(Object.entries(this.telemetry.counts).filter(([name]) => !always.test(name)));
  }
}

describe('a sweep over accounts', () => {
  it('writes nothing for accounts with nothing due', async () => {
    const sweep = new Sweep({ pageSize: 10 });
    sweep.ledger.put(aRootAccount({ announcedAt: NOW - DAY }));
    for (let number = 0n; number < 50n; number += 1n) {
      sweep.ledger.put(aQuietAccount({ creditorId: CREDITOR_ID + number, principal: 1_000_000n }));
    }
    await sweep.run();
    expect(sweep.ledger.writes).toStrictEqual([]);
    expect(sweep.telemetry.counts).toMatchObject({ 'Sweep.accounts.items': 51 });
    expect(sweep.telemetry.counts).not.toHaveProperty('Sweep.accounts.due');
  });

  it('does what is due for each account, in one write for each', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(
      aRootAccount({ announcedAt: NOW - DAY, lastChangeTs: NOW - DAY, configData: FIVE_PERCENT }),
      aSilentAccount({ creditorId: 1n, interestRate: 5, lastInterestRateChangeTs: NOW - 9n * DAY }),
      aQuietAccount({ creditorId: 2n }),
      aQuietAccount({
        creditorId: 3n,
        principal: 1_000n,
        interest: 10.5,
        interestRate: 5,
        lastInterestRateChangeTs: NOW - DAY,
        lastCapitalizationTs: NOW - 14n * DAY,
      }),
      aQuietAccount({
        creditorId: 4n,
        principal: 1n,
        configFlags: 1,
        lastConfigTs: NOW - 8n * DAY,
        interestRate: 5,
        lastInterestRateChangeTs: NOW - DAY,
      }),
      aQuietAccount({
        creditorId: 5n,
        interestRate: 5,
        lastInterestRateChangeTs: NOW - DAY,
        pendingUpdateSince: NOW - 3_601_000_000n,
      }),
      aDeletedAccount({ creditorId: 6n, deletedAt: NOW - 106n * DAY }),
    );
    await sweep.run();
    expect(sweep.done).toStrictEqual({
      'Sweep.accounts.heartbeat': 1,
      'Sweep.accounts.adopt-terms': 1,
      'Sweep.accounts.capitalize-interest': 1,
      'Sweep.accounts.attempt-deletion': 1,
      'Sweep.accounts.announce-overdue-update': 1,
      'Sweep.accounts.purge': 1,
    });
    expect(sweep.telemetry.counts['Sweep.accounts.due']).toBe(6);
    expect(ledger.writes.map(({ size }) => size).toSorted()).toStrictEqual([1, 1, 1, 2, 2, 2]);
    const accountOf = (creditorId: bigint) => ledger.account({ debtorId: DEBTOR_ID, creditorId });
    expect(accountOf(1n)?.announcedAt).toBe(NOW);
    expect(accountOf(2n)?.interestRate).toBe(5);
    expect(accountOf(3n)?.principal).toBe(1_010n);
    expect(accountOf(4n)?.deletedAt).toBe(NOW);
    expect(accountOf(5n)?.pendingUpdateSince).toBeUndefined();
    expect(accountOf(6n)).toBeUndefined();
    const payments = ledger.records.map((record) => record.kind === 'transfer' && record.payment?.amount);
    expect(payments.filter((amount) => amount !== false).toSorted()).toStrictEqual([-10n, 1n]);
    const tombstones = ledger.records.filter(({ kind }) => kind === 'tombstone');
    expect(tombstones.map(({ sender }) => sender.creditorId)).toStrictEqual([6n]);
  });

  it('goes by the size of the table of accounts', async () => {
    const sweep = new Sweep({ countedItems: 12 });
    const { ledger, surroundings, telemetry } = sweep;
    const { store, scan } = ledger;
    const work = sweepAccounts({ ...anInvocation({ store, surroundings, telemetry }), scan });
    expect(await work.countItems()).toBe(12);
    expect(ledger.calls.map(({ operation, table }) => `${operation} ${table}`)).toStrictEqual([
      'describe Accounts',
    ]);
  });

  it('counts each write', async () => {
    const sweep = new Sweep();
    sweep.ledger.put(aSilentAccount(), aSilentAccount({ creditorId: STRANGER_ID }));
    await sweep.run();
    expect(sweep.telemetry.counts.Commits).toBe(2);
  });

  it('does nothing when it runs a second time', async () => {
    const sweep = new Sweep();
    sweep.ledger.put(aSilentAccount(), aDeletedAccount({ creditorId: 2n, deletedAt: NOW - 200n * DAY }));
    await sweep.run();
    sweep.ledger.calls.length = 0;
    await sweep.run();
    expect(sweep.ledger.writes).toStrictEqual([]);
  });

  it('does each thing once when it runs beside itself', async () => {
    const sweep = new Sweep({ pageSize: 3 });
    for (let number = 0n; number < 10n; number += 1n) {
      sweep.ledger.put(aSilentAccount({ creditorId: CREDITOR_ID + number }));
    }
    const written = sweep.ledger.changes.length;
    await Promise.all([sweep.run(), sweep.run(), sweep.run()]);
    expect(sweep.ledger.changes.length - written).toBe(10);
    expect(sweep.telemetry.counts['Sweep.accounts.heartbeat']).toBe(10);
  });

  it('looks again at an account that was changed meanwhile, and leaves it alone if nothing is due any more', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    const silent = aSilentAccount();
    ledger.put(silent);
    const changed = { ...silent, version: silent.version + 1n, principal: 5n, announcedAt: NOW - 1n };
    ledger.intercept = (call, proceed) => {
      if (call.operation === 'write') {
        ledger.intercept = (_, go) => go();
        ledger.put(changed);
      }
      return proceed();
    };
    await sweep.run();
    expect(ledger.account(silent)).toStrictEqual(changed);
    expect(sweep.done).toStrictEqual({ Conflicts: 1, Retries: 1 });
    expect(sweep.telemetry.counts.Commits).toBeUndefined();
    expect(ledger.writes).toHaveLength(1);
    // The terms of the currency, and then the account as it is.
    expect(
      ledger.calls.filter(({ operation }) => operation === 'read').map(({ isConsistent }) => isConsistent),
    ).toStrictEqual([false, true]);
  });

  it('looks again at an account that is gone meanwhile, and is done with it', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(aSilentAccount());
    ledger.intercept = async (call, proceed) => {
      if (call.operation === 'write') {
        throw new CommitConflictError({ debtorId: DEBTOR_ID, creditorId: CREDITOR_ID });
      }
      return call.operation === 'read' && call.isConsistent ? { Responses: {} } : proceed();
    };
    await sweep.run();
    expect(ledger.writes).toHaveLength(1);
    expect(sweep.done).toStrictEqual({ Conflicts: 1, Retries: 1 });
  });

  it('does what is due for an account as it is, not as the scan saw it', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    const account = aQuietAccount({
      principal: 1n,
      configFlags: 1,
      lastConfigTs: NOW - 8n * DAY,
    });
    ledger.put(account);
    ledger.intercept = (call, proceed) => {
      if (call.operation === 'write') {
        ledger.intercept = (_, go) => go();
        ledger.put({ ...account, version: account.version + 1n, principal: 500n });
      }
      return proceed();
    };
    await sweep.run();
    expect(ledger.account(account)).toStrictEqual({
      ...account,
      version: account.version + 2n,
      principal: 500n,
      lastDeletionAttemptTs: NOW,
    });
    expect(ledger.records).toStrictEqual([]);
  });

  it('does not do again what was done by a write whose outcome it never learned', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    const account = aQuietAccount({
      principal: 1_000n,
      interest: 10.5,
      lastCapitalizationTs: NOW - 14n * DAY,
    });
    ledger.put(account, aDeletedAccount({ creditorId: 2n, deletedAt: NOW - 200n * DAY }));
    // The first writes of both accounts.
    let failureCount = 2;
    ledger.intercept = async (call, proceed) => {
      const answer = await proceed();
      if (call.operation === 'write' && failureCount > 0) {
        failureCount -= 1;
        throw Object.assign(new Error('timed out'), { name: 'TimeoutError' });
      }
      return answer;
    };
    await sweep.run();
    expect(ledger.account(account)?.principal).toBe(1_010n);
    expect(ledger.records.map(({ kind }) => kind).toSorted()).toStrictEqual(['tombstone', 'transfer']);
    expect(ledger.accounts).toHaveLength(1);
    expect(failureCount).toBe(0);
  });

  it('goes on with the other accounts when one can not be changed, and says so', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(aSilentAccount({ creditorId: 1n }), aSilentAccount({ creditorId: 2n }));
    ledger.put(aSilentAccount({ creditorId: 3n }));
    let refused: Promise<unknown> | undefined;
    ledger.intercept = (call, proceed) => {
      if (call.operation === 'write' && refused === undefined) {
        refused = Promise.reject(new Error('not allowed'));
        return refused;
      }
      return proceed();
    };
    await sweep.run();
    expect(ledger.accounts.filter(({ announcedAt }) => announcedAt === NOW)).toHaveLength(2);
    expect(sweep.done).toStrictEqual({ 'Sweep.accounts.heartbeat': 2, 'Sweep.accounts.failed': 1 });
    expect(sweep.telemetry.log.filter(({ level }) => level === 'warn')).toStrictEqual([
      {
        level: 'warn',
        message: 'Periodic work on an account has failed.',
        details: { account: expect.stringMatching(/^1:[123]$/), error: new Error('not allowed') },
      },
    ]);
  });

  it('gives up an account after a bounded number of attempts while the table is too busy, and waits for the table', async () => {
    const sweep = new Sweep();
    sweep.ledger.put(aSilentAccount());
    sweep.ledger.intercept = (call, proceed) =>
      call.operation === 'write' ? Promise.reject(new StoreUnavailableError('busy')) : proceed();
    await sweep.run();
    expect(sweep.done).toStrictEqual({
      Unavailable: 8,
      Retries: 7,
      'Sweep.accounts.failed': 1,
      'Sweep.accounts.waits': 1,
    });
  });

  it('goes on past an account that can not be read, and past one about which nothing can be decided', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(
      aSilentAccount({ creditorId: 1n }),
      aSilentAccount({ creditorId: 2n, principal: 5n, interestRate: -200 }),
    );
    ledger.putItem('accounts', { account: `${DEBTOR_ID}:3`, version: 1n });
    await sweep.run();
    expect(ledger.writes).toHaveLength(1);
    expect(sweep.done).toStrictEqual({
      'Sweep.accounts.heartbeat': 1,
      'Sweep.accounts.corrupt': 1,
      'Sweep.accounts.failed': 1,
    });
  });
});

describe('the terms of currencies', () => {
  it('are read once for a sweep, in batches, and not at all where the root account was scanned before', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    for (let debtorId = 1n; debtorId <= 130n; debtorId += 1n) {
      ledger.put(aQuietAccount({ debtorId }), aQuietAccount({ debtorId, creditorId: RECIPIENT_ID }));
    }
    ledger.put(aRootAccount({ debtorId: 7n, announcedAt: NOW }));
    await sweep.run();
    const reads = ledger.calls.filter(({ operation }) => operation === 'read');
    expect(reads.map(({ size }) => size)).toStrictEqual([100, 29]);
    expect(reads.every(({ isConsistent }) => !isConsistent)).toBe(true);
  });

  it('are read again, consistently, before an account adopts them: an old rate would stick for eight days', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    const quiet = aQuietAccount();
    ledger.put(quiet, aRootAccount({ announcedAt: NOW, configData: FIVE_PERCENT }));
    let pages = 0;
    ledger.intercept = async (call, proceed) => {
      const answer = await proceed();
      // Right after the scan has seen it, the root account goes back to no interest at all.
      if (call.operation === 'scan') {
        pages += 1;
        ledger.put(aRootAccount({ version: NOW, announcedAt: NOW, configData: '' }));
      }
      return answer;
    };
    await sweep.run();
    expect(pages).toBe(1);
    expect(ledger.account(quiet)).toStrictEqual(quiet);
    expect(ledger.writes).toStrictEqual([]);
    expect(
      ledger.calls.filter(({ operation, isConsistent }) => operation === 'read' && isConsistent),
    ).toStrictEqual([{ operation: 'read', table: TABLE_NAMES.accounts, isConsistent: true, size: 1 }]);
  });

  it('are the confirmed ones for all accounts of a page, with one read', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(aRootAccount({ announcedAt: NOW, configData: TEN_PERCENT }));
    for (let number = 0n; number < 30n; number += 1n) {
      ledger.put(aQuietAccount({ creditorId: CREDITOR_ID + number }));
    }
    await sweep.run();
    expect(sweep.done).toStrictEqual({ 'Sweep.accounts.adopt-terms': 30 });
    expect(ledger.calls.filter(({ operation }) => operation === 'read')).toHaveLength(1);
  });

  it('stay as they are where there is no root account', async () => {
    const sweep = new Sweep();
    const quiet = aQuietAccount({
      interestRate: 5,
      lastInterestRateChangeTs: 1n,
      debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' },
    });
    sweep.ledger.put(quiet);
    await sweep.run();
    expect(sweep.ledger.account(quiet)).toStrictEqual(quiet);
    expect(sweep.ledger.writes).toStrictEqual([]);
  });

  it('stay as they are while the root account can not be read, and everything else goes on', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    const info = { iri: 'https://example.com/', contentType: '', sha256: '' };
    const silent = aSilentAccount({ interestRate: 5, debtorInfo: info });
    ledger.put(silent);
    ledger.putItem('accounts', { account: `${DEBTOR_ID}:0`, version: 1n });
    ledger.put(aSilentAccount({ debtorId: 2n, creditorId: STRANGER_ID }));
    ledger.put(aRootAccount({ debtorId: 2n, announcedAt: NOW, configData: FIVE_PERCENT }));
    await sweep.run();
    expect(ledger.account(silent)).toStrictEqual({
      ...silent,
      version: silent.version + 1n,
      announcedAt: NOW,
    });
    expect(ledger.account({ debtorId: 2n, creditorId: STRANGER_ID })?.interestRate).toBe(5);
    expect(sweep.done).toStrictEqual({
      'Sweep.accounts.heartbeat': 1,
      'Sweep.accounts.adopt-terms': 1,
      'Sweep.accounts.corrupt': 1,
      'Sweep.accounts.unknown-terms': 1,
    });
  });

  it('are read again, with back-off, when the table is too busy', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(aSilentAccount());
    let failures = 2;
    ledger.intercept = (call, proceed) => {
      failures -= call.operation === 'read' ? 1 : 0;
      return call.operation === 'read' && failures >= 0
        ? Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }))
        : proceed();
    };
    await sweep.run();
    expect(sweep.done).toStrictEqual({ Unavailable: 2, Retries: 2, 'Sweep.accounts.heartbeat': 1 });
  });
});
