/** A ledger of any length takes little memory: however it grows and whoever reads it, only a few of its rows are held. */

import { describe, expect, it } from 'vitest';
import { type ClientStore, creditor, MemoryStore, openClient } from '../../../lib/client/client.ts';
import { ACCOUNT, accountTransfers, ScriptedQueue } from '../bench/scripted-authority.ts';

const ENTRY_COUNT = 3_000;
/** What is read ahead of whoever takes entry by entry. */
const PAGE = 100;
/** The account, the transfer itself, and those that wait. */
const ROWS_OF_A_MESSAGE = 10;

/** A store that counts the rows that it hands out. */
class CountingStore extends MemoryStore {
  rowCount = 0;

  override async read(...args: Parameters<ClientStore['read']>) {
    const texts = await super.read(...args);
    this.rowCount += texts.length;
    return texts;
  }

  override async list(...args: Parameters<ClientStore['list']>) {
    const items = await super.list(...args);
    this.rowCount += items.length;
    return items;
  }
}

async function aLongLedger(store: CountingStore) {
  const queue = new ScriptedQueue();
  const client = await openClient({ role: creditor(ACCOUNT.creditorId), store, transport: queue });
  const transfers = accountTransfers(1n);
  for (let count = 0; count < ENTRY_COUNT; count++) {
    queue.put(transfers.next().value);
  }
  const end = BigInt(ENTRY_COUNT);
  await client.accountWhen(ACCOUNT, ({ ledger }) => ledger.entryCount === end);
  return client;
}

describe('a long ledger', () => {
  it('is read page by page, and grows without being read', async () => {
    const store = new CountingStore();
    await using client = await aLongLedger(store);
    expect(store.rowCount).toBeLessThan(ENTRY_COUNT * ROWS_OF_A_MESSAGE);

    const before = store.rowCount;
    let taken = 0;
    let mostAhead = 0;
    for await (const { entryNumber } of client.ledger(ACCOUNT)) {
      mostAhead = Math.max(mostAhead, store.rowCount - before - taken);
      taken += 1;
      expect(entryNumber).toBe(BigInt(taken));
    }
    expect(taken).toBe(ENTRY_COUNT);
    expect(mostAhead).toBe(PAGE);
  });
});

describe('a call that waits', () => {
  it('leaves nothing behind at the signal of its client', async () => {
    const store = new CountingStore();
    const added = new Set<unknown>();
    const { addEventListener, removeEventListener } = AbortSignal.prototype;
    await using client = await aLongLedger(store);
    const signal = new AbortController().signal;
    signal.addEventListener = (type: string, listener: never, options?: never) => {
      added.add(listener);
      addEventListener.call(signal, type, listener, options);
    };
    signal.removeEventListener = (type: string, listener: never, options?: never) => {
      added.delete(listener);
      removeEventListener.call(signal, type, listener, options);
    };
    await client.accountWhen(ACCOUNT, ({ ledger }) => ledger.entryCount > 0n, { signal });
    expect(added.size).toBe(0);
  });
});
