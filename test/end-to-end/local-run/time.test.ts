/**
 * Years of a currency in seconds: time-driven work from the schedules to the topics (SMP 2.1, sections 5 to 7). Handlers,
 * stack and emulators are those of the local run; only the handlers' clock is the test's.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, configureAccount, finalizeTransfer, prepareTransfer } from '../support/requests.ts';
import type { WireMessage, WireValue } from '../support/wire-json.ts';
import { TimeMachine } from './support/time-machine.ts';

const CREDITOR = 4_294_967_297n;
const FRIEND = 4_294_967_298n;

const machine = new TimeMachine('2027-01-15T08:00:00Z');
beforeAll(() => machine.start());
afterAll(() => machine.stop());

let latestDebtorId = 0n;
let latestSeqnum = 0n;

/** A separate currency for the test, whose root account may issue without limit. */
class Currency {
  readonly debtorId: bigint;

  constructor() {
    latestDebtorId += 1n;
    this.debtorId = latestDebtorId;
  }

  configure(
    creditorId: bigint,
    fields: Readonly<Record<string, WireValue>> = {},
  ): Promise<readonly WireMessage[]> {
    latestSeqnum += 1n;
    return this.send(
      configureAccount({
        debtor_id: this.debtorId,
        creditor_id: creditorId,
        ts: machine.now(),
        seqnum: latestSeqnum,
        ...fields,
      }),
    );
  }

  configureRoot(rate: number): Promise<readonly WireMessage[]> {
    const config_data = `{"type": "RootConfigData", "rate": ${rate}}`;
    return this.configure(0n, { negligible_amount: 1e18, config_data });
  }

  async prepare(from: bigint, to: bigint, amount: bigint): Promise<WireMessage> {
    const news = await this.send(
      prepareTransfer({
        debtor_id: this.debtorId,
        creditor_id: from,
        recipient: accountId(to),
        min_locked_amount: amount,
        max_locked_amount: amount,
        ts: machine.now(),
      }),
    );
    return theOne(news, 'PreparedTransfer');
  }

  finalize(prepared: WireMessage, committed_amount: bigint): Promise<readonly WireMessage[]> {
    return this.send(finalizeTransfer(prepared, { committed_amount, ts: machine.now() }));
  }

  async pay(from: bigint, to: bigint, amount: bigint): Promise<readonly WireMessage[]> {
    return this.finalize(await this.prepare(from, to, amount), amount);
  }

  async send(...messages: readonly WireMessage[]): Promise<readonly WireMessage[]> {
    return this.#own(await machine.send(...messages));
  }

  /** Lets time pass. @returns what was published about this currency */
  async pass(days: number): Promise<readonly WireMessage[]> {
    return this.#own(await machine.pass(days));
  }

  #own(messages: readonly WireMessage[]): readonly WireMessage[] {
    return messages.filter(({ debtor_id }) => debtor_id === this.debtorId);
  }
}

/** The only message of the type to the account. */
function theOne(messages: readonly WireMessage[], type: string, creditorId?: bigint): WireMessage {
  const found = of(messages, type, creditorId);
  expect(found).toHaveLength(1);
  return found[0] as WireMessage;
}

function of(messages: readonly WireMessage[], type: string, creditorId?: bigint): readonly WireMessage[] {
  return messages.filter(
    (message) => message.type === type && (creditorId === undefined || message.creditor_id === creditorId),
  );
}

/** Types and accounts of the messages, sorted. */
function summary(messages: readonly WireMessage[]): readonly string[] {
  return messages.map(({ type, creditor_id }) => `${type} ${creditor_id}`).toSorted();
}

async function aCurrency(rate = 0): Promise<Currency> {
  const currency = new Currency();
  await currency.configureRoot(rate);
  return currency;
}

describe('a heartbeat', () => {
  it('repeats an AccountUpdate after a week without one, with a new ts only, and not before', async () => {
    const currency = await aCurrency();
    const update = theOne(await currency.configure(CREDITOR), 'AccountUpdate');
    expect(summary(await currency.pass(6.99))).toStrictEqual([]);
    const week = await currency.pass(0.01);
    expect(theOne(week, 'AccountUpdate', CREDITOR)).toStrictEqual({ ...update, ts: machine.now() });
    expect(summary(week)).toStrictEqual(['AccountUpdate 0', `AccountUpdate ${CREDITOR}`]);
    // Swept again at once, and after some days with a payment: the payment's AccountUpdate counts.
    expect(summary(await currency.pass(0))).toStrictEqual([]);
    await currency.pass(3);
    await currency.pay(0n, CREDITOR, 100n);
    expect(summary(await currency.pass(6.99))).toStrictEqual([]);
    expect(of(await currency.pass(0.01), 'AccountUpdate', CREDITOR)).toHaveLength(1);
    await currency.configure(CREDITOR, { config_flags: 1n });
  });
});

describe('a reminder', () => {
  it('repeats the PreparedTransfer every week for ever, with a new ts only, until it is finalized', async () => {
    const currency = await aCurrency();
    await currency.configure(CREDITOR);
    await currency.configure(FRIEND);
    await currency.pay(0n, CREDITOR, 100n);
    const prepared = await currency.prepare(CREDITOR, FRIEND, 60n);
    expect(of(await currency.pass(6.99), 'PreparedTransfer')).toStrictEqual([]);
    for (let week = 1; week <= 15; week += 1) {
      const news = await currency.pass(week === 1 ? 0.01 : 7);
      expect(of(news, 'PreparedTransfer')).toStrictEqual([{ ...prepared, ts: machine.now() }]);
      expect(of(await currency.pass(0), 'PreparedTransfer')).toStrictEqual([]);
    }
    // After 105 days its deadline, 90 days after it was prepared, has passed.
    const { status_code, committed_amount } = theOne(
      await currency.finalize(prepared, 60n),
      'FinalizedTransfer',
    );
    expect({ status_code, committed_amount }).toStrictEqual({ status_code: 'TIMEOUT', committed_amount: 0n });
    expect(of(await currency.pass(7), 'PreparedTransfer')).toStrictEqual([]);
  });
});

describe('a new interest rate', () => {
  it('reaches all accounts by a sweep, at once announced, and a second one only eight days later', async () => {
    const currency = await aCurrency(2);
    await currency.configure(CREDITOR);
    await currency.pass(10);
    await currency.configureRoot(4);
    const first = theOne(await currency.pass(0), 'AccountUpdate', CREDITOR);
    expect(first).toMatchObject({ interest_rate: 4, last_interest_rate_change_ts: machine.now() });
    await currency.configureRoot(6);
    expect(of(await currency.pass(0), 'AccountUpdate', CREDITOR)).toStrictEqual([]);
    // Only the heartbeat comes after a week, at the old rate.
    expect(theOne(await currency.pass(7.99), 'AccountUpdate', CREDITOR)).toMatchObject({ interest_rate: 4 });
    const second = theOne(await currency.pass(0.01), 'AccountUpdate', CREDITOR);
    expect(second).toMatchObject({ interest_rate: 6, last_interest_rate_change_ts: machine.now() });
  });

  it('ends transfers that were prepared in the trust of the old one', async () => {
    const currency = await aCurrency(0);
    await currency.configure(CREDITOR);
    await currency.configure(FRIEND);
    await currency.pay(0n, CREDITOR, 100n);
    const prepare = prepareTransfer({
      debtor_id: currency.debtorId,
      creditor_id: CREDITOR,
      recipient: accountId(FRIEND),
      min_locked_amount: 60n,
      max_locked_amount: 60n,
      final_interest_rate_ts: machine.now(),
      ts: machine.now(),
    });
    const prepared = theOne(await currency.send(prepare), 'PreparedTransfer');
    await currency.configureRoot(4);
    await currency.pass(0.5);
    const { status_code } = theOne(await currency.finalize(prepared, 60n), 'FinalizedTransfer');
    expect(status_code).toBe('NEWER_INTEREST_RATE');
  });
});

describe('interest', () => {
  it('of 4 percent over thirty years is the closed form, swept once or every six years', async () => {
    const often = await aCurrency(4);
    await often.configure(CREDITOR);
    await often.pay(0n, CREDITOR, 123_456_789_012n);
    const payments: WireMessage[] = [];
    for (let sweep = 1; sweep <= 5; sweep += 1) {
      payments.push(theOne(await often.pass(6 * 365.25), 'AccountTransfer', CREDITOR));
    }
    // 123456789012 × 1.04^6 = 156212223099.33…, and × 1.04^30 = 400419442077.51….
    expect(payments[0]).toMatchObject({ acquired_amount: 32_755_434_087n, principal: 156_212_223_099n });
    expect(payments[4]).toMatchObject({ principal: 400_419_442_077n, transfer_number: 6n });

    const once = await aCurrency(4);
    await once.configure(CREDITOR);
    await once.pay(0n, CREDITOR, 123_456_789_012n);
    machine.wait(30 * 365.25);
    expect(theOne(await once.pass(0), 'AccountTransfer', CREDITOR)).toMatchObject({
      coordinator_type: 'interest',
      acquired_amount: 276_962_653_065n,
      principal: 400_419_442_077n,
    });
  });

  it('becomes principal by a payment of the root account, when it is considerable and a fortnight old', async () => {
    const currency = await aCurrency(10);
    const opened = theOne(await currency.configure(CREDITOR), 'AccountUpdate');
    await currency.pay(0n, CREDITOR, 1_000_000n);
    const root = theOne(await currency.configureRoot(10), 'AccountUpdate');
    expect(root.principal).toBe(-1_000_000n);
    expect(of(await currency.pass(13.99), 'AccountTransfer')).toStrictEqual([]);
    const news = await currency.pass(0.01);
    // 1000000 × (1.1 ^ (14 / 365.25) − 1) = 3659.87…
    expect(theOne(news, 'AccountTransfer', CREDITOR)).toStrictEqual({
      type: 'AccountTransfer',
      debtor_id: currency.debtorId,
      creditor_id: CREDITOR,
      creation_date: opened.creation_date,
      transfer_number: 2n,
      coordinator_type: 'interest',
      sender: '0',
      recipient: accountId(CREDITOR),
      acquired_amount: 3_659n,
      transfer_note: '',
      transfer_note_format: '',
      committed_at: machine.now(),
      principal: 1_003_659n,
      previous_transfer_number: 1n,
      ts: machine.now(),
    });
    expect(of(news, 'AccountUpdate', 0n).at(-1)?.principal).toBe(-1_003_659n);
    expect(of(news, 'AccountUpdate', CREDITOR).at(-1)).toMatchObject({
      principal: 1_003_659n,
      last_transfer_number: 2n,
      last_transfer_committed_at: machine.now(),
    });
    // Nothing more for another fortnight.
    expect(of(await currency.pass(13.99), 'AccountTransfer')).toStrictEqual([]);
  });

  it('is taken by the root account when the rate is negative', async () => {
    const currency = await aCurrency(-50);
    await currency.configure(CREDITOR);
    await currency.pay(0n, CREDITOR, 1_000_000n);
    const news = await currency.pass(365.25);
    expect(theOne(news, 'AccountTransfer', CREDITOR)).toMatchObject({
      coordinator_type: 'interest',
      sender: accountId(CREDITOR),
      recipient: '0',
      acquired_amount: -500_000n,
      principal: 500_000n,
    });
    expect(of(news, 'AccountUpdate', 0n).at(-1)?.principal).toBe(-500_000n);
  });
});

describe('an account that is to be deleted', () => {
  it('is not while there is money on it, and after a fortnight is tried again', async () => {
    const currency = await aCurrency();
    await currency.configure(CREDITOR);
    await currency.configure(FRIEND);
    await currency.pay(0n, CREDITOR, 100n);
    await currency.configure(CREDITOR, { config_flags: 1n, negligible_amount: 5 });
    expect(of(await currency.pass(8), 'AccountTransfer')).toStrictEqual([]);
    await currency.pay(CREDITOR, FRIEND, 96n);
    expect(of(await currency.pass(13.99), 'AccountTransfer', CREDITOR)).toStrictEqual([]);
    const { coordinator_type, acquired_amount } = theOne(
      await currency.pass(0.01),
      'AccountTransfer',
      CREDITOR,
    );
    expect({ coordinator_type, acquired_amount }).toStrictEqual({
      coordinator_type: 'delete',
      acquired_amount: -4n,
    });
  });

  it('is not while it has prepared transfers', async () => {
    const currency = await aCurrency();
    await currency.configure(CREDITOR);
    await currency.configure(FRIEND);
    await currency.pay(0n, CREDITOR, 3n);
    const prepared = await currency.prepare(CREDITOR, FRIEND, 3n);
    await currency.configure(CREDITOR, { config_flags: 1n, negligible_amount: 5 });
    expect(of(await currency.pass(30), 'AccountTransfer')).toStrictEqual([]);
    await currency.finalize(prepared, 0n);
    expect(theOne(await currency.pass(0), 'AccountTransfer', CREDITOR).coordinator_type).toBe('delete');
  });

  it('goes with the rest to the root account, comes back by a late credit, goes again, is purged, and begins anew', async () => {
    const currency = await aCurrency();
    const opened = theOne(await currency.configure(CREDITOR), 'AccountUpdate');
    await currency.configure(FRIEND);
    await currency.pay(0n, CREDITOR, 100n);
    await currency.pay(0n, FRIEND, 100n);
    const late = await currency.prepare(FRIEND, CREDITOR, 10n);
    const first = await currency.prepare(CREDITOR, FRIEND, 1n);
    await currency.finalize(first, 0n);
    await currency.configure(CREDITOR, { config_flags: 1n, negligible_amount: 1000 });

    // Not before the configuration is older than the longest delay of a message.
    expect(of(await currency.pass(7), 'AccountTransfer')).toStrictEqual([]);
    const gone = await currency.pass(0.01);
    expect(theOne(gone, 'AccountTransfer', CREDITOR)).toMatchObject({
      coordinator_type: 'delete',
      sender: accountId(CREDITOR),
      recipient: '0',
      acquired_amount: -100n,
      principal: 0n,
      transfer_number: 2n,
      committed_at: machine.now(),
    });
    expect(theOne(gone, 'AccountUpdate', CREDITOR)).toMatchObject({
      principal: 0n,
      interest: 0,
      config_flags: 1n,
    });
    expect(of(gone, 'AccountUpdate', 0n).at(-1)?.principal).toBe(-100n);
    // It can't be paid any more.
    const refused = await currency.send(
      prepareTransfer({
        debtor_id: currency.debtorId,
        creditor_id: FRIEND,
        recipient: accountId(CREDITOR),
        min_locked_amount: 1n,
        max_locked_amount: 1n,
        ts: machine.now(),
      }),
    );
    expect(theOne(refused, 'RejectedTransfer').status_code).toBe('RECIPIENT_IS_UNREACHABLE');

    // An earlier prepared transfer still arrives, and brings it back with its creation date. It is negligible, so unnumbered.
    const back = await currency.finalize(late, 10n);
    expect(of(back, 'AccountTransfer', CREDITOR)).toStrictEqual([]);
    expect(of(back, 'AccountUpdate', CREDITOR).at(-1)).toMatchObject({
      creation_date: opened.creation_date,
      principal: 10n,
      last_transfer_number: 2n,
      config_flags: 1n,
    });

    // It is deleted again a fortnight after the last attempt, and goes on counting.
    expect(of(await currency.pass(13.99), 'AccountTransfer', CREDITOR)).toStrictEqual([]);
    expect(theOne(await currency.pass(0.01), 'AccountTransfer', CREDITOR)).toMatchObject({
      creation_date: opened.creation_date,
      coordinator_type: 'delete',
      acquired_amount: -10n,
      transfer_number: 3n,
    });

    // Silent for 106 days, and then forgotten.
    expect(of(await currency.pass(50), 'AccountUpdate', CREDITOR)).toStrictEqual([]);
    expect(of(await currency.pass(55.99), 'AccountPurge')).toStrictEqual([]);
    expect(theOne(await currency.pass(0.01), 'AccountPurge')).toStrictEqual({
      type: 'AccountPurge',
      debtor_id: currency.debtorId,
      creditor_id: CREDITOR,
      creation_date: opened.creation_date,
      ts: machine.now(),
    });

    // Whoever comes after it is somebody else.
    const anew = theOne(await currency.configure(CREDITOR), 'AccountUpdate');
    expect(String(anew.creation_date) > String(opened.creation_date)).toBe(true);
    expect(anew).toMatchObject({ principal: 0n, last_transfer_number: 0n, config_flags: 0n });
    const paid = theOne(await currency.pay(FRIEND, CREDITOR, 5n), 'AccountTransfer', CREDITOR);
    expect(paid).toMatchObject({ creation_date: anew.creation_date, transfer_number: 1n, principal: 5n });
    const again = await currency.prepare(CREDITOR, FRIEND, 1n);
    expect(again.transfer_id).not.toBe(first.transfer_id);
    await currency.finalize(again, 0n);
  });

  it('comes back by a new configuration', async () => {
    const currency = await aCurrency(3);
    const opened = theOne(await currency.configure(CREDITOR), 'AccountUpdate');
    await currency.configure(CREDITOR, { config_flags: 1n });
    await currency.pass(8);
    await currency.pass(30);
    const back = theOne(await currency.configure(CREDITOR), 'AccountUpdate');
    expect(back).toMatchObject({
      creation_date: opened.creation_date,
      config_flags: 0n,
      interest_rate: 3,
      last_interest_rate_change_ts: opened.last_interest_rate_change_ts,
    });
    expect(of(await currency.pass(200), 'AccountPurge')).toStrictEqual([]);
  });
});

describe('the whole time', () => {
  it('no function had any trouble', () => {
    expect(machine.troubles).toStrictEqual([]);
  });
});
