/** Whether a ledger takes the same memory however long it is: while it grows by messages, and while it is read. */

import { type Client, type ClientStore, creditor, openClient } from '../../../lib/client/client.ts';
import { collectGarbage } from '../../bench/heap.ts';
import { ACCOUNT, accountTransfers, ScriptedQueue } from './scripted-authority.ts';

export interface LedgerMemory {
  readonly entryCount: number;
  /** The most that was in use, after garbage was collected, while the ledger grew to this length. */
  readonly growingMB: number;
  /** The same while all of it was read. */
  readonly readingMB: number;
  /** The most that the whole process had, garbage included. */
  readonly rssMB: number;
}

export interface LedgerMemoryOptions {
  readonly store: ClientStore;
  /** The lengths at which the ledger is looked at, ascending. */
  readonly entryCounts: readonly number[];
  readonly onProgress: (entryCount: number) => void;
}

/** So many messages wait at a time, and so often the memory is looked at. */
const CHUNK = 1_000;
const BYTES_IN_MB = 2 ** 20;

export async function measureLedgerMemory(options: LedgerMemoryOptions): Promise<LedgerMemory[]> {
  const { store, entryCounts, onProgress } = options;
  const queue = new ScriptedQueue();
  await using client = await openClient({ role: creditor(ACCOUNT.creditorId), store, transport: queue });
  const transfers = accountTransfers(1n);
  const results: LedgerMemory[] = [];
  let length = 0;
  for (const entryCount of entryCounts) {
    const growing = new Peak();
    while (length < entryCount) {
      const chunk = Math.min(CHUNK, entryCount - length);
      for (let index = 0; index < chunk; index++) {
        queue.put(transfers.next().value);
      }
      length += chunk;
      const end = BigInt(length);
      await client.accountWhen(ACCOUNT, ({ ledger }) => ledger.entryCount === end);
      growing.look();
      onProgress(length);
    }
    const reading = await read(client, entryCount);
    const rssMB = Math.max(growing.rssMB, reading.rssMB);
    results.push({ entryCount, growingMB: growing.heapMB, readingMB: reading.heapMB, rssMB });
  }
  return results;
}

/** Reads the whole ledger, and checks that nothing of it is missing. */
async function read(client: Client, entryCount: number): Promise<Peak> {
  const peak = new Peak();
  let count = 0;
  for await (const { entryNumber, principal } of client.ledger(ACCOUNT)) {
    count += 1;
    if (entryNumber !== BigInt(count) || principal !== BigInt(count)) {
      throw new Error(`Entry ${count} has the number ${entryNumber} and the principal ${principal}.`);
    }
    if (count % CHUNK === 0) {
      peak.look();
    }
  }
  if (count !== entryCount) {
    throw new Error(`The ledger has ${count} entries instead of ${entryCount}.`);
  }
  return peak;
}

/** The most memory that was seen. */
class Peak {
  heapMB = 0;
  rssMB = 0;

  look(): void {
    this.rssMB = Math.max(this.rssMB, process.memoryUsage.rss() / BYTES_IN_MB);
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    this.heapMB = Math.max(this.heapMB, (heapUsed + external) / BYTES_IN_MB);
  }
}
