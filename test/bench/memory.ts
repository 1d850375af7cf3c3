/**
 * Whether the handlers' memory stays flat while one process handles very many messages. The messages come in stretches.
 * Each stretch is a case in a new currency with new accounts, and memory is measured between stretches.
 *
 * The measurement shows the handlers' memory although harness and handlers share a heap. Between stretches nothing is
 * under way: the queues of the direct authority are empty and no chore waits. The check, plan and times of the previous
 * stretch are garbage. The direct authority keeps only sums under a fixed number of names, and this file keeps only the
 * samples. So whatever grows from one stretch to the next is kept by the handlers, their store or the AWS client, for
 * messages, transfers, accounts or currencies. The tables are in the emulator's process.
 */

import type { Authority } from './authority.ts';
import type { BenchCase } from './cases.ts';
import { keepUnusedCode, memoryInUse } from './heap.ts';
import { underWay } from './load.ts';
import { BYTES_IN_MB, flatnessFault, growthOf, type MemorySample } from './memory-growth.ts';
import type { MemoryResult } from './results.ts';
import { runCase } from './run-case.ts';

export interface MemoryOptions {
  /** Its handlers run in this thread. */
  readonly authority: Authority;
  /** Of the first stretch's currency; each later stretch has the next lower ID. */
  readonly firstDebtorId: number;
  readonly stretchCount: number;
  readonly transfersInStretch: number;
  /** How long to wait for the next message before missing ones count as lost. */
  readonly patienceMs: number;
  readonly onProgress: (step: string, done: number, total: number) => void;
}

/** PrepareTransfer and FinalizeTransfer; the messages that open and fund accounts do not count. */
const MESSAGES_OF_TRANSFER = 2;
/** With as many recipients. Enough to notice memory kept for each account, and few enough for messages to share batches. */
const MAX_PAYERS = 200;
/** Enough concurrent payments to share batches, and far fewer than a stretch has. */
const LOAD = underWay(4_000);

export async function measureMemory(options: MemoryOptions): Promise<MemoryResult> {
  const { authority, firstDebtorId, stretchCount, transfersInStretch, patienceMs, onProgress } = options;
  keepUnusedCode();
  const stretchCase = caseOf(transfersInStretch);
  const meter = new MemoryMeter();
  const faults: string[] = [];
  let seconds = 0;
  await meter.sample(0);
  for (let stretch = 1; stretch <= stretchCount && faults.length === 0; stretch++) {
    const result = await runCase(stretchCase, {
      authority,
      debtorId: firstDebtorId - (stretch - 1),
      transferCount: transfersInStretch,
      patienceMs,
      onProgress: (step, done, total) => {
        meter.look();
        onProgress(`stretch ${stretch} of ${stretchCount}: ${step}`, done, total);
      },
    });
    seconds += result.seconds;
    faults.push(...result.faults.map((fault) => `stretch ${stretch}: ${fault}`));
    // The listener of the case would keep everything about its payments alive.
    authority.listen(() => {});
    await meter.sample(stretch * transfersInStretch * MESSAGES_OF_TRANSFER);
  }
  const growth = growthOf(meter.samples);
  // Once messages were lost, the memory in use means nothing.
  if (faults.length === 0) {
    faults.push(...[flatnessFault(growth)].filter((fault) => fault !== undefined));
  }
  return {
    title: stretchCase.title,
    authority: authority.description,
    seconds,
    samples: meter.samples,
    growth,
    faults,
  };
}

function caseOf(transferCount: number): BenchCase {
  const payers = Math.min(MAX_PAYERS, transferCount);
  return {
    name: 'memory',
    title: `${payers} senders pay ${payers} recipients, and then others`,
    transferCount,
    parties: () => ({
      accountCount: 2 * payers,
      // Everyone pays every recipient in turn.
      pairing: (index) => ({
        sender: index % payers,
        recipient: payers + ((index + Math.floor(index / payers)) % payers),
      }),
    }),
    load: LOAD,
  };
}

class MemoryMeter {
  readonly samples: MemorySample[] = [];
  #peakResident = 0;

  /** To be called often, since resident memory falls slowly. */
  look(): void {
    this.#peakResident = Math.max(this.#peakResident, process.memoryUsage.rss());
  }

  async sample(messageCount: number): Promise<void> {
    this.look();
    const inUse = await memoryInUse();
    this.samples.push({
      messageCount,
      inUseMB: inUse / BYTES_IN_MB,
      peakResidentMB: this.#peakResident / BYTES_IN_MB,
    });
    this.#peakResident = 0;
  }
}
