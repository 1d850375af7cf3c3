/**
 * Whether the handlers' memory stays flat while very many messages pass through one process. They are fed in stretches,
 * each a case of its own in a new currency with new accounts, and memory is looked at between them.
 *
 * What is seen then is the handlers' memory, though harness and handlers share a heap: nothing is under way, so no queue
 * of the direct authority holds anything and no chore waits for its time; the check of the stretch before, its plan and
 * its times are garbage, since nobody refers to them any more. What the direct authority keeps for good are sums under a
 * fixed number of names, and what is kept here are the samples. So whatever grows from one stretch to the next is kept by
 * the handlers, their store or the AWS client: for messages, transfers, accounts or currencies. The tables are in the
 * emulator's process.
 */

import type { Authority } from './authority.ts';
import type { BenchCase } from './cases.ts';
import { keepUnusedCode, memoryInUse } from './heap.ts';
import { BYTES_IN_MB, flatnessFault, growthOf, type MemorySample } from './memory-growth.ts';
import type { MemoryResult } from './results.ts';
import { runCase } from './run-case.ts';

export interface MemoryOptions {
  /** Its handlers run in this thread. */
  readonly authority: Authority;
  /** Of the first stretch's currency; those of the others are lower by one each. */
  readonly firstDebtorId: number;
  readonly stretchCount: number;
  readonly transfersInStretch: number;
  /** How long nothing may come before what is missing counts as lost. */
  readonly patienceMs: number;
  readonly onProgress: (step: string, done: number, total: number) => void;
}

/** PrepareTransfer and FinalizeTransfer; the messages that open and fund accounts do not count. */
const MESSAGES_OF_TRANSFER = 2;
/** With as many recipients: so that what is kept of every account is noticed, and messages for one account share batches. */
const MAX_PAYERS = 200;
/** So many payments under way share batches, and are far fewer than a stretch has. */
const WINDOW = 4_000;

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
    // The case's own listener refers to all that it knows of its payments.
    authority.listen(() => {});
    await meter.sample(stretch * transfersInStretch * MESSAGES_OF_TRANSFER);
  }
  const growth = growthOf(meter.samples);
  // After messages were lost, what is in use says nothing.
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
    accountCount: () => 2 * payers,
    // Everyone pays every recipient in turn.
    pairing: (index) => ({
      sender: index % payers,
      recipient: payers + ((index + Math.floor(index / payers)) % payers),
    }),
    window: WINDOW,
  };
}

class MemoryMeter {
  readonly samples: MemorySample[] = [];
  #peakResident = 0;

  /** To be called often: what is resident falls slowly, but it falls. */
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
