/** What the sweep over transfers does with a page (SMP 2.1, section 6; guarantee 6). What is due is tested with the rules. */

import { describe, expect, it } from 'vitest';
import { continueSweep } from '../../lib/shell/sweep.ts';
import { sweepTransfers } from '../../lib/shell/sweep-transfers.ts';
import { StoreUnavailableError } from '../../lib/storage/errors.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aCreditedTransfer,
  anAccount,
  aPayment,
  aPreparation,
  aRejectedTransfer,
  aTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  NOW,
  RECIPIENT_ID,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger, type MemoryLedgerOptions } from '../support/memory-ledger.ts';
import { TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';
import { anyPace } from '../support/sweep-pace.ts';

const DAY = 86_400_000_000n;
const WEEK = 7n * DAY;

/** Prepared and announced a week ago. */
function aForgottenTransfer(transferId = 5n) {
  return aTransfer({
    transferId,
    preparation: aPreparation({ preparedAt: NOW - WEEK, announcedAt: NOW - WEEK }),
  });
}

/** Committed a quarter of an hour ago and a second. */
function anUncreditedTransfer(transferId = 5n) {
  return aCommittedTransfer({ transferId, payment: aPayment({ committedAt: NOW - 901_000_000n }) });
}

class Sweep {
  readonly ledger: MemoryLedger;
  readonly surroundings = new TestSurroundings();
  readonly telemetry = new TestTelemetry();

  constructor(options: MemoryLedgerOptions = {}) {
    this.ledger = new MemoryLedger(options);
  }

  async run(): Promise<void> {
    const { ledger, telemetry, surroundings } = this;
    const { store, scan } = ledger;
    const invocation = anInvocation({ store, surroundings, telemetry });
    const work = sweepTransfers({ ...invocation, scan });
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
}

describe('a sweep over transfers', () => {
  it('writes nothing for transfers with nothing due', async () => {
    const sweep = new Sweep({ pageSize: 2 });
    sweep.ledger.putRecord(
      aTransfer({ transferId: 1n }),
      aCommittedTransfer({ transferId: 2n }),
      aCreditedTransfer({ transferId: 3n }),
      aRejectedTransfer({ transferId: 4n }),
      aConfigRejection(),
    );
    await sweep.run();
    expect(sweep.ledger.writes).toStrictEqual([]);
    expect(sweep.telemetry.counts).toStrictEqual({
      'Sweep.transfers.items': 5,
      'Sweep.transfers.segments': 1,
    });
  });

  it('goes by the size of the table of transfers', async () => {
    const { ledger, surroundings, telemetry } = new Sweep({ countedItems: 12 });
    const { store, scan } = ledger;
    const work = sweepTransfers({ ...anInvocation({ store, surroundings, telemetry }), scan });
    expect(await work.countItems()).toBe(12);
    expect(ledger.calls.map(({ operation, table }) => `${operation} ${table}`)).toStrictEqual([
      'describe Transfers',
    ]);
  });

  it('reminds of what is prepared for a week, with a new instant and nothing else', async () => {
    const sweep = new Sweep();
    const transfer = aForgottenTransfer();
    sweep.ledger.putRecord(transfer);
    await sweep.run();
    expect(sweep.ledger.records).toStrictEqual([
      { ...transfer, preparation: { ...transfer.preparation, announcedAt: NOW } },
    ]);
    expect(sweep.telemetry.counts).toStrictEqual({
      'Sweep.transfers.items': 1,
      'Sweep.transfers.due': 1,
      'Sweep.transfers.remind': 1,
      'Sweep.transfers.segments': 1,
      Commits: 1,
    });
  });

  it('credits what is committed for a quarter of an hour', async () => {
    const sweep = new Sweep();
    sweep.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    sweep.ledger.putRecord(anUncreditedTransfer(1n), anUncreditedTransfer(2n));
    await sweep.run();
    const recipient = sweep.ledger.account({ debtorId: DEBTOR_ID, creditorId: RECIPIENT_ID });
    expect(recipient?.principal).toBe(200n);
    expect(sweep.ledger.records.map((record) => record.kind === 'transfer' && record.status)).toStrictEqual([
      'credited',
      'credited',
    ]);
    expect(sweep.telemetry.counts).toMatchObject({
      'Sweep.transfers.due': 2,
      'Sweep.transfers.credit': 2,
      'Credits.applied': 2,
    });
  });

  it('tells the age of the oldest transfer that is not credited, of all pages together', async () => {
    const { ledger, surroundings, telemetry } = new Sweep();
    const { store, scan } = ledger;
    const invocation = anInvocation({ store, surroundings, telemetry });
    const { handlePage } = sweepTransfers({ ...invocation, scan });
    for (const seconds of [30n, 700n, 500n]) {
      const payment = aPayment({ committedAt: NOW - seconds * 1_000_000n });
      await handlePage([aCommittedTransfer({ payment }), aForgottenTransfer()], anyPace(invocation));
    }
    expect(telemetry.counts['Sweep.transfers.oldest-uncredited']).toBe(700);
  });

  it('tells no age, not even zero, where every transfer is credited', async () => {
    const sweep = new Sweep();
    sweep.ledger.putRecord(aTransfer({ transferId: 1n }), aCreditedTransfer({ transferId: 2n }));
    const names: string[] = [];
    Object.assign(sweep.telemetry, { count: (name: string) => void names.push(name) });
    await sweep.run();
    expect(names).toContain('Sweep.transfers.items');
    expect(names).not.toContain('Sweep.transfers.oldest-uncredited');
  });

  it('does nothing when it runs a second time', async () => {
    const sweep = new Sweep();
    sweep.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    sweep.ledger.putRecord(aForgottenTransfer(1n), anUncreditedTransfer(2n));
    await sweep.run();
    sweep.ledger.calls.length = 0;
    await sweep.run();
    expect(sweep.ledger.writes).toStrictEqual([]);
  });

  it('reminds once, and credits once, when it runs beside itself', async () => {
    const sweep = new Sweep({ pageSize: 4 });
    sweep.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    for (let id = 1n; id <= 10n; id += 1n) {
      sweep.ledger.putRecord(aForgottenTransfer(id), anUncreditedTransfer(100n + id));
    }
    await Promise.all([sweep.run(), sweep.run(), sweep.run()]);
    const recipient = sweep.ledger.account({ debtorId: DEBTOR_ID, creditorId: RECIPIENT_ID });
    expect(recipient?.principal).toBe(1_000n);
    expect(sweep.telemetry.counts).toMatchObject({ 'Sweep.transfers.remind': 10, 'Credits.applied': 10 });
  });

  it('never writes `prepared` back over what was finalized meanwhile', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.putRecord(aForgottenTransfer());
    const credited = aCreditedTransfer();
    ledger.intercept = (call, proceed) => {
      if (call.operation === 'write') {
        ledger.putRecord(credited);
      }
      return proceed();
    };
    await sweep.run();
    expect(ledger.records).toStrictEqual([credited]);
    expect(sweep.telemetry.counts).toMatchObject({ Conflicts: 1 });
    expect(sweep.telemetry.counts).not.toHaveProperty('Sweep.transfers.remind');
  });

  it('reminds again, with back-off, when the table is too busy, and goes on with the others in the end', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.putRecord(aForgottenTransfer(1n), aForgottenTransfer(2n));
    let writes = 0;
    ledger.intercept = (call, proceed) => {
      const isFirst = call.operation === 'write' && writes++ === 0;
      return isFirst ? Promise.reject(new StoreUnavailableError('busy')) : proceed();
    };
    await sweep.run();
    expect(sweep.telemetry.counts).toMatchObject({ Unavailable: 1, Retries: 1, 'Sweep.transfers.remind': 2 });
  });

  it('goes on past a reminder that fails, a recipient and a transfer that can not be read, and says so', async () => {
    const sweep = new Sweep();
    const { ledger } = sweep;
    ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    ledger.putItem('accounts', { account: `${DEBTOR_ID}:77`, version: 1n });
    ledger.putRecord(
      { ...anUncreditedTransfer(1n), recipientId: 77n },
      anUncreditedTransfer(2n),
      aForgottenTransfer(3n),
      aForgottenTransfer(4n),
    );
    ledger.putItem('transfers', {
      account: `${DEBTOR_ID}:${CREDITOR_ID}`,
      transferId: 5n,
      status: 'prepared',
    });
    let reminders = 0;
    ledger.intercept = (call, proceed) => {
      const isReminder = call.operation === 'write' && call.table === 'Transfers';
      return isReminder && reminders++ === 0 ? Promise.reject(new Error('not allowed')) : proceed();
    };
    await sweep.run();
    expect(sweep.telemetry.counts).toMatchObject({
      'Sweep.transfers.corrupt': 1,
      'Sweep.transfers.failed': 1,
      'Sweep.transfers.remind': 1,
      'Credits.applied': 1,
      'Credits.waiting': 1,
    });
    expect(sweep.telemetry.log).toContainEqual({
      level: 'warn',
      message: 'A reminder of a prepared transfer has failed.',
      details: {
        transfer: expect.stringMatching(/^1:1099511627777\/[34]$/),
        error: new Error('not allowed'),
      },
    });
  });
});
