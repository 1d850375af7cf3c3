/** Accounts and their ledgers on each kind of store: out of order, in pages, patched when something never comes. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientStore, creditor } from '../../../lib/client/client.ts';
import { AccountBook } from '../../../lib/client/engine/account-book.ts';
import { Agenda } from '../../../lib/client/engine/agenda.ts';
import { printRecord } from '../../../lib/client/engine/record-text.ts';
import {
  appendTransfer,
  DEFAULT_RECORD_SETTINGS,
  EMPTY_LEDGER,
  type LedgerEntry,
} from '../../../lib/client/records.ts';
import { TestAuthority } from '../../../lib/client/testing.ts';
import type { AccountTransfer } from '../../../lib/protocol/messages.ts';
import { NOW } from '../../support/builders.ts';
import { PLACES, type StorePlace } from '../stores/stores-under-contract.ts';
import { anAccountTransfer, anAccountUpdate } from '../support/answers.ts';

const ACCOUNT = { debtorId: 1n, creditorId: 1_099_511_627_777n };
const DAY = 86_400_000_000n;

/** The transfer of that number; each brings 1. */
function numbered(transferNumber: bigint): AccountTransfer {
  return anAccountTransfer({
    transferNumber,
    previousTransferNumber: transferNumber - 1n,
    acquiredAmount: 1n,
    principal: transferNumber,
  });
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) {
    list.push(item);
  }
  return list;
}

/** A process notices what another one was told when it looks again after some seconds. */
async function whileTimePasses(authority: TestAuthority, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await authority.advance(6);
  }
  await done;
}

describe.each(PLACES)('on the store: %s', (_kind, makePlace) => {
  let place: StorePlace;
  let store: ClientStore;
  beforeAll(async () => {
    place = await makePlace();
    store = await place.open();
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  function aBook(name: string): AccountBook {
    return new AccountBook(store, new Agenda(store, name), { name, settings: DEFAULT_RECORD_SETTINGS });
  }

  it('a ledger whose transfers come in the opposite order is put right, a page at a time', async () => {
    const book = aBook('reversed');
    for (let number = 30n; number >= 1n; number -= 1n) {
      let change = await book.change(ACCOUNT, { now: NOW, transfer: numbered(number) });
      expect(change.entries.length).toBeLessThanOrEqual(number === 1n ? 9 : 0);
      while (change.isUnfinished) {
        change = await book.change(ACCOUNT, { now: NOW });
        expect(change.entries.length).toBeLessThanOrEqual(8);
      }
    }
    const entries = await listed(book.ledger(ACCOUNT, 0n));
    expect(entries.map(({ entryNumber, principal }) => [entryNumber, principal])).toStrictEqual(
      Array.from({ length: 30 }, (_, index) => [BigInt(index + 1), BigInt(index + 1)]),
    );
    expect(await book.find(ACCOUNT)).toMatchObject({ head: { lastTransferNumber: 30n, entryCount: 30n } });
    expect((await listed(book.ledger(ACCOUNT, 28n))).map(({ entryNumber }) => entryNumber)).toStrictEqual([
      29n,
      30n,
    ]);
    expect(await store.list('reversed/waiting/1/1099511627777', { limit: 9 })).toStrictEqual([]);
    expect(await store.list('reversed/agenda', { limit: 9 })).toStrictEqual([]);
  });

  it('a transfer that never comes is named after three weeks, and the ledger goes on', async () => {
    const book = aBook('patched');
    await book.change(ACCOUNT, { now: NOW, transfer: numbered(1n) });
    await book.change(ACCOUNT, { now: NOW, transfer: numbered(4n) });
    const early = await book.change(ACCOUNT, { now: NOW + 21n * DAY - 1n, patches: true });
    expect(early.entries).toStrictEqual([]);
    const patched = await book.change(ACCOUNT, { now: NOW + 21n * DAY, patches: true });
    expect(patched.entries).toMatchObject([
      { kind: 'missing', firstMissing: 2n, lastMissing: 3n, principal: 3n },
    ]);
    expect(patched.isUnfinished).toBe(true);
    await book.change(ACCOUNT, { now: NOW + 21n * DAY });
    // What comes after all has no place any more.
    await book.change(ACCOUNT, { now: NOW + 22n * DAY, transfer: numbered(2n) });
    const entries = await listed(book.ledger(ACCOUNT, 0n));
    expect(entries.map(({ kind }) => kind)).toStrictEqual(['transfer', 'missing', 'transfer']);
    expect((await book.find(ACCOUNT))?.gapSince).toBeUndefined();
  });

  it('transfers that only an AccountUpdate tells of are named, too', async () => {
    const book = aBook('told');
    const latest = anAccountUpdate({ principal: 5n, lastTransferNumber: 5n });
    const step = (data: Parameters<NonNullable<Parameters<AccountBook['change']>[1]['step']>>[0]) => ({
      account: { ...data, latest },
      send: [],
    });
    await book.change(ACCOUNT, { now: NOW, step });
    await book.change(ACCOUNT, { now: NOW + 21n * DAY, patches: true });
    expect(await listed(book.ledger(ACCOUNT, 0n))).toMatchObject([
      { kind: 'missing', firstMissing: 1n, lastMissing: 5n, acquiredAmount: 5n },
    ]);
  });

  it('a ledger is read in small pages, however long it is', async () => {
    const partition = 'long/ledger/1/1099511627777';
    for (let first = 1; first <= 250; first += 50) {
      const changes = Array.from({ length: 50 }, (_, index) => {
        const entryNumber = BigInt(first + index);
        const { head, entries } = appendTransfer(
          {
            ...EMPTY_LEDGER,
            creationDate: '2027-01-15',
            lastTransferNumber: entryNumber - 1n,
            entryCount: entryNumber - 1n,
          },
          { ...numbered(entryNumber), principal: 1n },
        );
        const sort = head.entryCount.toString().padStart(19, '0');
        return { partition, sort, before: undefined, after: printRecord(entries[0] ?? {}) };
      });
      expect(await store.write(changes)).toBe(true);
    }
    const limits: number[] = [];
    const counting: ClientStore = {
      read: (keys) => store.read(keys),
      write: (changes) => store.write(changes),
      list: (partition, options) => {
        limits.push(options.limit);
        return store.list(partition, options);
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const name = 'long';
    const reader = new AccountBook(counting, new Agenda(counting, name), {
      name,
      settings: DEFAULT_RECORD_SETTINGS,
    });
    const entries: LedgerEntry[] = await listed(reader.ledger(ACCOUNT, 0n));
    expect(entries).toHaveLength(250);
    expect(limits).toStrictEqual([100, 100, 100]);
  });

  it('several processes of one client pay side by side', async () => {
    const authority = new TestAuthority({ duplicates: true });
    const alice = { debtorId: 1n, creditorId: 4_294_967_297n };
    const issuing = await authority.open({ kind: 'issuer', debtorId: 1n });
    await issuing.openAccount({ debtorId: 1n, creditorId: 0n }, { negligibleAmount: 1e6 });
    const processes = await Promise.all(
      [1, 2].map(() => authority.open(creditor(alice.creditorId), { store })),
    );
    await whileTimePasses(authority, Promise.all(processes.map((client) => client.openAccount(alice))));
    await issuing.issue({ to: alice.creditorId, amount: 100n });
    const payments = processes.flatMap((client) =>
      Array.from({ length: 10 }, (_, index) =>
        client.pay({ from: alice, to: 0n, amount: 1n, idempotencyKey: `${index}` }),
      ),
    );
    await whileTimePasses(authority, Promise.all(payments));
    await authority.whenQuiet();
    expect(authority.principalOf(alice)).toBe(90n);
    const [first] = processes;
    const entries = first === undefined ? [] : await listed(first.ledger(alice));
    expect(entries.map(({ principal }) => principal)).toStrictEqual(
      Array.from({ length: 11 }, (_, index) => BigInt(100 - index)),
    );
    await Promise.all([issuing, ...processes].map((client) => client.close()));
  });
});
