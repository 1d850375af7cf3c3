/** The verbs of a client, against an authority in memory that follows the real rules. */

import { afterEach, describe, expect, it } from 'vitest';
import {
  type Client,
  ClientClosedError,
  type ClientEvent,
  type ClientOptions,
  ConfigRejectedError,
  creditor,
  creditorRange,
  IdempotencyConflictError,
  issuer,
  MemoryStore,
  openClient,
  TransferFailedError,
  TransferRejectedError,
  type Transport,
  UnknownTransferError,
  WrongRoleError,
} from '../../../lib/client/client.ts';
import type { IncomingMessage } from '../../../lib/client/messages.ts';
import { TestAuthority, type TestAuthorityOptions } from '../../../lib/client/testing.ts';

const ALICE = { debtorId: 1n, creditorId: 4_294_967_297n };
const BOB = { debtorId: 1n, creditorId: -2n };
const ROOT = { debtorId: 1n, creditorId: 0n };
const DAY = 86_400;

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) {
    await client.close();
  }
});

/** Any client of the authority. What it warns of makes the test fail. */
async function aClient(
  authority: TestAuthority,
  { role = creditor(ALICE.creditorId), ...options }: Partial<ClientOptions> = {},
): Promise<Client> {
  const client = await openClient({
    role,
    store: new MemoryStore(),
    transport: authority.connect(role),
    clock: authority.clock,
    onWarning: (warning) => {
      throw new Error(warning);
    },
    ...options,
  });
  open.push(client);
  return client;
}

/** A currency with 1000 tokens on Alice's account, and an account of Bob. */
async function aCurrency(options: TestAuthorityOptions = {}) {
  const authority = new TestAuthority(options);
  const bank = await aClient(authority, { role: issuer(1n) });
  const alice = await aClient(authority);
  const bob = await aClient(authority, { role: creditor(BOB.creditorId) });
  await bank.openAccount(ROOT, { negligibleAmount: 1e6 });
  await alice.openAccount(ALICE);
  await bob.openAccount(BOB);
  await bank.issue({ to: ALICE.creditorId, amount: 1000n });
  await authority.whenQuiet();
  return { authority, bank, alice, bob };
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) {
    list.push(item);
  }
  return list;
}

describe('a payment', () => {
  it('moves the amount, and both sides have it in their ledgers', async () => {
    const { authority, alice, bob } = await aCurrency();
    const paid = await alice.pay({ from: ALICE, to: BOB.creditorId, amount: 250n, note: 'bread' });
    await authority.whenQuiet();
    expect(paid).toMatchObject({ status: 'finalized', outcome: { statusCode: 'OK', committedAmount: 250n } });
    expect([authority.principalOf(ALICE), authority.principalOf(BOB)]).toStrictEqual([750n, 250n]);
    expect(await listed(alice.ledger(ALICE))).toMatchObject([
      { entryNumber: 1n, acquiredAmount: 1000n, principal: 1000n },
      { entryNumber: 2n, acquiredAmount: -250n, principal: 750n, transfer: { transferNote: 'bread' } },
    ]);
    expect(await listed(bob.ledger(BOB))).toMatchObject([{ acquiredAmount: 250n, principal: 250n }]);
    expect((await bob.account(BOB))?.latest?.principal).toBe(250n);
  });

  it('happens once, though every message comes twice', async () => {
    const { authority, alice } = await aCurrency({ duplicates: true });
    await alice.pay({ from: ALICE, to: BOB.creditorId, amount: 250n });
    await authority.whenQuiet();
    expect(authority.principalOf(BOB)).toBe(250n);
    expect(await listed(alice.ledger(ALICE))).toHaveLength(2);
    expect(authority.lockedAmountOf(ALICE)).toBe(0n);
  });

  it('of the same idempotency key happens once', async () => {
    const { authority, alice } = await aCurrency();
    const payment = { from: ALICE, to: BOB.creditorId, amount: 250n, idempotencyKey: 'order 7/é' };
    const [first, second] = await Promise.all([alice.pay(payment), alice.pay(payment)]);
    expect(second).toStrictEqual(first);
    expect(await alice.pay(payment)).toStrictEqual(first);
    expect(authority.principalOf(BOB)).toBe(250n);
    await expect(alice.pay({ ...payment, amount: 251n })).rejects.toThrow(IdempotencyConflictError);
    await expect(alice.pay({ ...payment, note: 'other' })).rejects.toThrow(IdempotencyConflictError);
  });

  it('that is refused says why', async () => {
    const { alice } = await aCurrency();
    const payment = { from: ALICE, to: BOB.creditorId, amount: 1001n, idempotencyKey: 'much' };
    const refused = await alice.pay(payment).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TransferRejectedError);
    expect(refused).toMatchObject({
      statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT',
      transfer: { status: 'rejected' },
    });
    await expect(alice.pay(payment)).rejects.toThrow('INSUFFICIENT_AVAILABLE_AMOUNT');
  });

  it('that breaks a limit of the protocol is refused before anything is saved', async () => {
    const { alice } = await aCurrency();
    const from = { from: ALICE, to: BOB.creditorId };
    await expect(alice.pay({ ...from, amount: 0n })).rejects.toThrow(RangeError);
    await expect(alice.pay({ ...from, amount: 2n ** 63n })).rejects.toThrow(/locked_amount/);
    await expect(alice.pay({ ...from, amount: 1n, note: 'x'.repeat(501) })).rejects.toThrow(/transfer_note/);
    expect(await listed(alice.transfers())).toStrictEqual([]);
  });

  it('that was begun before a crash ends with the same key in a new client', async () => {
    const { authority, alice } = await aCurrency();
    await alice.close();
    const store = new MemoryStore();
    const deaf = { ...authority.connect(creditor(ALICE.creditorId)), send: async () => {} };
    const first = await aClient(authority, { store, transport: deaf });
    const payment = { from: ALICE, to: BOB.creditorId, amount: 250n, idempotencyKey: 'k' };
    const begun = first.pay(payment);
    const ended = expect(begun).rejects.toThrow(ClientClosedError);
    await expect.poll(() => first.transfer('k')).toMatchObject({ status: 'requested' });
    await first.close();
    await ended;
    const second = await aClient(authority, { store });
    await second.pay(payment);
    expect(authority.principalOf(BOB)).toBe(250n);
  });

  it('goes on when the caller waits no longer', async () => {
    const { authority, alice } = await aCurrency();
    const payment = { from: ALICE, to: BOB.creditorId, amount: 250n, idempotencyKey: 'k' };
    const impatient = alice.pay(payment, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(impatient).rejects.toThrow('enough');
    await alice.pay(payment);
    expect(authority.principalOf(BOB)).toBe(250n);
  });

  it('from an account of somebody else is refused', async () => {
    const { alice, bank } = await aCurrency();
    await expect(alice.pay({ from: BOB, to: ALICE.creditorId, amount: 1n })).rejects.toThrow(WrongRoleError);
    await expect(alice.issue({ to: ALICE.creditorId, amount: 1n })).rejects.toThrow(WrongRoleError);
    await expect(bank.pay({ from: ALICE, to: BOB.creditorId, amount: 1n })).rejects.toThrow(WrongRoleError);
  });
});

describe('a hold', () => {
  const draft = { from: ALICE, to: BOB.creditorId, amount: 300n, idempotencyKey: 'hold' };

  it('locks the amount, and commits as much of it as is wanted', async () => {
    const { authority, alice } = await aCurrency();
    const hold = await alice.hold(draft);
    expect([hold.lockedAmount, authority.lockedAmountOf(ALICE)]).toStrictEqual([300n, 300n]);
    await hold.commit({ amount: 120n, note: 'two beers' });
    expect([authority.principalOf(BOB), authority.lockedAmountOf(ALICE)]).toStrictEqual([120n, 0n]);
    await hold.commit({ amount: 120n, note: 'two beers' });
    await expect(hold.commit()).rejects.toThrow(IdempotencyConflictError);
    await expect(hold.dismiss()).rejects.toThrow(IdempotencyConflictError);
    expect(authority.principalOf(BOB)).toBe(120n);
  });

  it('locks what there is, down to the least amount', async () => {
    const { alice } = await aCurrency();
    const hold = await alice.hold({ ...draft, amount: 5000n, minAmount: 1n });
    expect(hold.lockedAmount).toBe(1000n);
    await alice.commit('hold');
  });

  it('is released when it is dismissed, or at the end of its block', async () => {
    const { authority, alice } = await aCurrency();
    const first = await alice.hold(draft);
    expect(await first.dismiss()).toMatchObject({ status: 'finalized', outcome: { committedAmount: 0n } });
    {
      await using second = await alice.hold({ ...draft, idempotencyKey: 'second' });
      expect(second.lockedAmount).toBe(300n);
    }
    expect(authority.lockedAmountOf(ALICE)).toBe(0n);
    await expect(alice.commit('first')).rejects.toThrow(UnknownTransferError);
  });

  it('can be decided by another process', async () => {
    const { authority, alice } = await aCurrency();
    await alice.hold(draft);
    expect(await alice.hold(draft)).toMatchObject({ lockedAmount: 300n });
    await alice.commit('hold');
    expect(authority.principalOf(BOB)).toBe(300n);
  });

  it('that is forgotten is dismissed after its deadline', async () => {
    const { authority, alice } = await aCurrency();
    await alice.hold({ ...draft, maxCommitDelay: 3600 });
    await authority.advance(3500);
    expect(authority.lockedAmountOf(ALICE)).toBe(300n);
    await authority.advance(200);
    await expect.poll(() => authority.lockedAmountOf(ALICE)).toBe(0n);
  });

  it('fails with the status code when its commitment comes too late', async () => {
    const { authority, alice } = await aCurrency();
    await alice.close();
    const transport = authority.connect(creditor(ALICE.creditorId));
    const delayed: IncomingMessage[] = [];
    const send: Transport['send'] = async (messages) => {
      delayed.push(...messages.filter(({ type }) => type === 'FinalizeTransfer'));
      await transport.send(messages.filter(({ type }) => type !== 'FinalizeTransfer'));
    };
    const slow = await aClient(authority, { transport: { ...transport, send } });
    const hold = await slow.hold({ ...draft, maxCommitDelay: 10 });
    const late = hold.commit().catch((error: unknown) => error);
    await expect.poll(() => delayed).toHaveLength(1);
    await authority.advance(10.5);
    await transport.send(delayed);
    expect(await late).toBeInstanceOf(TransferFailedError);
    expect(await late).toMatchObject({
      statusCode: 'TIMEOUT',
      transfer: { outcome: { committedAmount: 0n } },
    });
    expect(authority.lockedAmountOf(ALICE)).toBe(0n);
  });
});

describe('an account', () => {
  it('is opened once, and configured as it is wanted', async () => {
    const { authority, alice } = await aCurrency();
    const account = await alice.configure(ALICE, { negligibleAmount: 2.5 });
    expect(account).toMatchObject({ state: 'open', latest: { negligibleAmount: 2.5, principal: 1000n } });
    const sent = account.configuration?.message.ts;
    await authority.advance(1);
    expect((await alice.openAccount(ALICE)).configuration?.message.ts).toBe(sent);
    expect(authority.ignored).toStrictEqual([]);
  });

  it('refuses a configuration that the authority refuses, and can be configured again', async () => {
    const { alice } = await aCurrency();
    await expect(alice.configure(ALICE, { configData: 'nonsense' })).rejects.toThrow(ConfigRejectedError);
    expect(await alice.configure(ALICE, { negligibleAmount: 3 })).toMatchObject({
      latest: { negligibleAmount: 3 },
    });
  });

  it('of somebody else is refused', async () => {
    const { alice } = await aCurrency();
    await expect(alice.openAccount(BOB)).rejects.toThrow(WrongRoleError);
  });

  it('is purged some months after it was closed, and may be opened anew', async () => {
    const { authority, bob } = await aCurrency();
    expect(await bob.closeAccount(BOB)).toMatchObject({ state: 'closing' });
    await authority.advance(150 * DAY);
    expect(await bob.account(BOB)).toMatchObject({ state: 'purged' });
    expect(await bob.openAccount(BOB)).toMatchObject({
      state: 'open',
      latest: { creationDate: '2027-06-14' },
    });
  });

  it('that a credit opens is adopted, or closed, as the client is told', async () => {
    const { authority, bank } = await aCurrency();
    const role = creditor(77_777_777_777n);
    const account = { debtorId: 1n, creditorId: 77_777_777_777n };
    const former = await aClient(authority, { role });
    await former.openAccount(account);
    await former.close();
    const adopter = await aClient(authority, { role });
    await bank.issue({ to: account.creditorId, amount: 5n });
    await authority.whenQuiet();
    expect(await adopter.account(account)).toMatchObject({ state: 'open' });
    await adopter.close();
    const closer = await aClient(authority, { role, unknownAccounts: 'close' });
    await bank.issue({ to: account.creditorId, amount: 5n });
    await authority.whenQuiet();
    expect(await closer.account(account)).toMatchObject({ state: 'closing', latest: { principal: 10n } });
  });

  it('can be awaited: a credit comes after the payment is committed', async () => {
    const { alice, bob } = await aCurrency();
    const hasIt = bob.accountWhen(BOB, ({ ledger }) => ledger.principal >= 30n);
    await alice.pay({ from: ALICE, to: BOB.creditorId, amount: 30n });
    expect((await hasIt).ledger.principal).toBe(30n);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(bob.accountWhen(BOB, () => false, { signal })).rejects.toThrow('enough');
    const forEver = bob.accountWhen(BOB, () => false);
    await Promise.all([expect(forEver).rejects.toThrow(ClientClosedError), bob.close()]);
  });

  it('is listed with all others', async () => {
    const { alice } = await aCurrency();
    const other = { debtorId: 2n, creditorId: ALICE.creditorId };
    await alice.openAccount(other);
    const accounts = await listed(alice.accounts());
    expect(accounts.map(({ debtorId, creditorId }) => ({ debtorId, creditorId }))).toStrictEqual([
      ALICE,
      other,
    ]);
  });
});

describe('what a client tells', () => {
  it('is each change, and each message, until the loop is left', async () => {
    const { alice } = await aCurrency();
    const events: ClientEvent[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const event of alice.watch({ signal: stop.signal })) {
        events.push(event);
      }
    })();
    await alice.pay({ from: ALICE, to: BOB.creditorId, amount: 1n });
    await expect.poll(() => events.some(({ kind }) => kind === 'entry')).toBe(true);
    stop.abort();
    await watching;
    const statuses = events.flatMap((event) => (event.kind === 'transfer' ? [event.transfer.status] : []));
    expect(statuses).toStrictEqual(['requested', 'settled', 'finalized']);
    expect(events.flatMap((event) => (event.kind === 'message' ? [event.message.type] : []))).toContain(
      'AccountTransfer',
    );
  });

  it('is a warning when a request has no answer, which ends when one comes', async () => {
    const { authority, alice } = await aCurrency();
    await alice.close();
    const warnings: string[] = [];
    const transport = authority.connect(creditor(ALICE.creditorId));
    let isDeaf = true;
    const client = await aClient(authority, {
      transport: { ...transport, send: async (messages) => (isDeaf ? undefined : transport.send(messages)) },
      onWarning: (warning) => warnings.push(warning),
    });
    const paid = client.pay({ from: ALICE, to: BOB.creditorId, amount: 1n });
    await expect.poll(() => listed(client.transfers())).toHaveLength(1);
    await authority.advance(61);
    await expect
      .poll(() => warnings[0])
      .toMatch(/^PrepareTransfer for the account 1\/4294967297 had no answer/);
    isDeaf = false;
    await authority.advance(121);
    await paid;
    expect(authority.principalOf(BOB)).toBe(1n);
  });

  it('is a warning when a message is not for it; no lock of somebody else is released', async () => {
    const { authority, alice } = await aCurrency();
    const warnings: string[] = [];
    const range = creditorRange(ALICE.creditorId, ALICE.creditorId + 1n);
    await aClient(authority, {
      role: creditor(BOB.creditorId),
      transport: authority.connect(range),
      onWarning: (warning) => warnings.push(warning),
    });
    await alice.hold({ from: ALICE, to: BOB.creditorId, amount: 10n });
    await authority.whenQuiet();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/not processed: it answers a request of another coordinator/);
    expect(authority.lockedAmountOf(ALICE)).toBe(10n);
  });
});
