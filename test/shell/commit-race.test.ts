/**
 * Commit races: all kinds of writers at one account at once, under every order of their reads and writes. Whatever the
 * order, each message and credit takes effect exactly once, and the sums are right (SMP 2.1, section 10).
 */

import { describe, expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import { printChore } from '../../lib/shell/chore-queue.ts';
import { creditRecipients } from '../../lib/shell/credit-recipients.ts';
import type { Invocation } from '../../lib/shell/invocation.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { runChores } from '../../lib/shell/run-chores.ts';
import { continueSweep } from '../../lib/shell/sweep.ts';
import { sweepAccounts } from '../../lib/shell/sweep-accounts.ts';
import {
  aCommittedTransfer,
  aFinalizeTransfer,
  anAccount,
  aPreparation,
  aPrepareTransfer,
  aTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  NOW,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { type Choices, everyOrder } from '../support/every-order.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';

const KEY = { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID };
const WEEK = 604_800_000_000n;

/** The account: 1000, of which 100 are locked by a prepared transfer; announced a week ago, with changes to announce. */
function aBusyAccount() {
  return anAccount({
    principal: 1_000n,
    totalLockedAmount: 100n,
    pendingTransfersCount: 1,
    announcedAt: NOW - WEEK,
    lastChangeTs: NOW - WEEK,
    pendingUpdateSince: NOW - 60_000_000n,
  });
}

const PREPARED = aTransfer({ preparation: aPreparation({ lockedAmount: 100n }) });
const INCOMING = aCommittedTransfer({
  sender: { debtorId: DEBTOR_ID, creditorId: STRANGER_ID },
  recipientId: CREDITOR_ID,
});
const FIRST = aPrepareTransfer({ coordinatorRequestId: 1n, minLockedAmount: 300n, maxLockedAmount: 300n });
const SECOND = aPrepareTransfer({ coordinatorRequestId: 2n, minLockedAmount: 400n, maxLockedAmount: 400n });
const COMMIT = aFinalizeTransfer({ transferId: PREPARED.transferId, committedAmount: 100n });

/** Invocations at one ledger whose calls happen in the order that is chosen. */
class Race {
  readonly ledger = new MemoryLedger();
  readonly telemetry = new TestTelemetry();
  readonly #choices: Choices;
  readonly #waiting = new Map<string, () => void>();
  #running = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
    // For the recipient nothing is due, so that sweeps have to do with the busy account alone.
    this.ledger.put(aBusyAccount(), anAccount({ creditorId: RECIPIENT_ID, announcedAt: NOW }));
    this.ledger.putRecord(PREPARED, INCOMING);
  }

  /** Runs all invocations to their end, and gives what they returned. */
  async run(invocations: Readonly<Record<string, (ledger: MemoryLedger) => Promise<unknown>>>) {
    const entries = Object.entries(invocations);
    this.#running = entries.length;
    const results = entries.map(async ([name, invoke]) => {
      const result = await invoke(this.#ledgerOf(name));
      this.#running -= 1;
      return [name, result] as const;
    });
    while (this.#running > 0) {
      await settled();
      const names = [...this.#waiting.keys()].toSorted();
      if (names.length > 0) {
        const name = names[this.#choices.next(names.length)] as string;
        const proceed = this.#waiting.get(name);
        this.#waiting.delete(name);
        proceed?.();
      }
    }
    return Object.fromEntries(await Promise.all(results));
  }

  /** The one ledger, as the invocation sees it: what matters to the race waits for its turn. */
  #ledgerOf(name: string): MemoryLedger {
    return this.ledger.seenThrough(async (call, proceed) => {
      const isRead = call.operation === 'read' && call.table === 'Accounts' && call.isConsistent;
      if (call.operation === 'write' || isRead) {
        await new Promise<void>((resolve) => {
          this.#waiting.set(name, resolve);
        });
      }
      return proceed();
    });
  }

  processing(...messages: readonly IncomingMessage[]) {
    return (ledger: MemoryLedger) =>
      processMessages(
        messages.map((message, index) => ({ messageId: `m${index}`, body: printMessage(message) })),
        {
          ...this.#invocation(ledger),
          deadLetters: { send: async (letters) => letters.map(({ messageId }) => messageId) },
        },
      );
  }

  get crediting() {
    return (ledger: MemoryLedger) => creditRecipients([INCOMING], this.#invocation(ledger));
  }

  get announcing() {
    return (ledger: MemoryLedger) =>
      runChores(
        [{ messageId: 'chore', body: printChore({ account: KEY, since: NOW }) }],
        this.#invocation(ledger),
      );
  }

  get sweeping() {
    return async (ledger: MemoryLedger) => {
      const invocation = this.#invocation(ledger);
      const task = {
        segment: 0,
        totalSegments: 1,
        cursor: undefined,
        startedAt: '0',
        itemCount: 0,
        dueCount: 0,
        continuationCount: 0,
        waitCount: 0,
      };
      const queue = { send: async () => {}, countTasks: async () => 0 };
      const work = sweepAccounts({ ...invocation, scan: ledger.scan });
      await continueSweep(task, work, { ...invocation, queue, writesPerSecond: 500 });
    };
  }

  #invocation({ store }: MemoryLedger): Invocation {
    return anInvocation({ store, telemetry: this.telemetry });
  }

  statusOf(transferId: bigint): string | undefined {
    const found = this.ledger.records.find((record) => record.transferId === transferId);
    return found?.kind === 'transfer' ? found.status : undefined;
  }
}

/** Until nothing goes on but what waits for its turn: no call takes longer than some turns of the microtask queue. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('whatever the order of reads and writes', () => {
  it('two batches for one account take effect one after the other', async () => {
    const orders = await everyOrder(async (choices) => {
      const race = new Race(choices);
      const results = await race.run({
        one: race.processing(FIRST, COMMIT),
        other: race.processing(SECOND),
      });
      expect(results).toStrictEqual({ one: [], other: [] });
      expect(race.ledger.account(KEY)).toMatchObject({
        principal: 900n,
        totalLockedAmount: 700n,
        pendingTransfersCount: 2,
        lastTransferNumber: 1n,
      });
      expect(race.statusOf(PREPARED.transferId)).toBe('committed');
    });
    expect(orders).toBeGreaterThan(5);
  });

  it('the same batch, delivered twice at once, takes effect once', async () => {
    const orders = await everyOrder(async (choices) => {
      const race = new Race(choices);
      const results = await race.run({
        one: race.processing(FIRST, COMMIT),
        copy: race.processing(FIRST, COMMIT),
      });
      expect(results).toStrictEqual({ one: [], copy: [] });
      expect(race.ledger.account(KEY)).toMatchObject({
        principal: 900n,
        totalLockedAmount: 300n,
        pendingTransfersCount: 1,
        lastTransferNumber: 1n,
      });
    });
    expect(orders).toBeGreaterThan(5);
  });

  it('of two requests for the same money one gets it, and the other is told so', async () => {
    const greedy = [1n, 2n].map((coordinatorRequestId) =>
      aPrepareTransfer({ coordinatorRequestId, minLockedAmount: 900n, maxLockedAmount: 900n }),
    );
    await everyOrder(async (choices) => {
      const race = new Race(choices);
      const [one, other] = greedy as [IncomingMessage, IncomingMessage];
      await race.run({ one: race.processing(one), other: race.processing(other) });
      const statuses = greedy.map((request) => race.statusOf(transferIdOf(request)));
      expect(statuses.toSorted()).toStrictEqual(['prepared', 'rejected']);
      expect(race.ledger.account(KEY)).toMatchObject({ totalLockedAmount: 1_000n, pendingTransfersCount: 2 });
    });
  });

  it.each([
    [['batch', 'credit', 'chore']],
    [['batch', 'credit', 'sweep']],
    [['batch', 'chore', 'sweep']],
    [['credit', 'chore', 'sweep']],
  ] as const)('%s do not undo each other', async (names) => {
    const orders = await everyOrder(async (choices) => {
      const race = new Race(choices);
      const all = {
        batch: race.processing(FIRST, COMMIT),
        credit: race.crediting,
        chore: race.announcing,
        sweep: race.sweeping,
      };
      const results = await race.run(Object.fromEntries(names.map((name) => [name, all[name]])));
      expect(Object.values(results).flat()).toStrictEqual(
        names.filter((name) => name === 'sweep').map(() => undefined),
      );
      const has = (name: keyof typeof all) => (names as readonly string[]).includes(name);
      expect(race.ledger.account(KEY)).toMatchObject({
        principal: 1_000n - (has('batch') ? 100n : 0n) + (has('credit') ? 100n : 0n),
        totalLockedAmount: has('batch') ? 300n : 100n,
        pendingTransfersCount: 1,
        lastTransferNumber: BigInt(Number(has('batch')) + Number(has('credit'))),
      });
      // The heartbeat was due, and so was the deferred update; one announcement after everything serves for both.
      expect(race.ledger.account(KEY)?.announcedAt).toBeGreaterThanOrEqual(NOW);
    });
    expect(orders).toBeGreaterThan(20);
  });

  it('two copies of a credit take effect once', async () => {
    await everyOrder(async (choices) => {
      const race = new Race(choices);
      const results = await race.run({
        stream: race.crediting,
        copy: race.crediting,
        batch: race.processing(COMMIT),
      });
      expect(results).toStrictEqual({ stream: [], copy: [], batch: [] });
      expect(race.ledger.account(KEY)).toMatchObject({ principal: 1_000n, totalLockedAmount: 0n });
      expect(race.telemetry.counts['Credits.applied']).toBe(1);
    });
  });
});
