/** A ledger in use while it is upgraded: clients who pay, a queue, and the streams of both tables, in virtual time. */

import { printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import type { DeadLetter } from '../../lib/shell/dead-letter-queue.ts';
import {
  aConfigureAccount,
  aFinalizeTransfer,
  anIssuingTransfer,
  aPrepareTransfer,
  DEBTOR_ID,
  NOW,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger, TABLE_NAMES } from '../support/memory-ledger.ts';
import { TestSurroundings } from '../support/shell-surroundings.ts';
import { newerReleaseClient } from './newer-release-client.ts';
import { recordOf } from './record-of.ts';
import type { InvokedVersion, Part, Upgrade } from './upgrade.ts';

const SECOND = 1_000_000n;
/** Between two looks of each function at its source. */
const STEP_SECONDS = 5;
const BATCH_SIZE = 10;
const RETURN_SECONDS = 30;

const FIRST_CREDITOR = 1_099_511_627_777n;
const CREDITOR_COUNT = 4;
const ISSUED = 100_000n;

interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  visibleAt: number;
}

export function creditorId(index: number): bigint {
  return FIRST_CREDITOR + BigInt(index % CREDITOR_COUNT);
}

export class UpgradedLedger {
  readonly tables = new MemoryLedger();
  /** What was refused. */
  readonly deadLetters: string[] = [];
  /** What was published of each change, by the change's position. */
  readonly published = new Map<number, readonly string[]>();
  readonly #surroundings = new TestSurroundings();
  readonly #upgrade: Upgrade;
  readonly #queue: QueuedMessage[] = [];
  readonly #finalized = new Set<string>();
  readonly #positions: Record<Part, number> = {
    'process-messages': 0,
    'credit-recipients': 0,
    'publish-events': 0,
  };
  #second = 0;
  #messageCount = 0;

  constructor(upgrade: Upgrade) {
    this.#upgrade = upgrade;
    this.send(aConfigureAccount({ creditorId: 0n, negligibleAmount: 1e18 }));
    for (let index = 0; index < CREDITOR_COUNT; index += 1) {
      this.send(aConfigureAccount({ creditorId: creditorId(index), negligibleAmount: 0 }));
    }
  }

  /** Gives every creditor so many tokens that all can pay. */
  issue(): void {
    for (let index = 0; index < CREDITOR_COUNT; index += 1) {
      const request = { recipient: `${creditorId(index)}`, coordinatorRequestId: BigInt(1_000_000 + index) };
      this.send(anIssuingTransfer({ ...request, maxLockedAmount: ISSUED }));
    }
  }

  /** Payment number `index`, from one creditor to the next: asks now, and commits when it hears of the lock. */
  pay(index: number): void {
    this.send(
      aPrepareTransfer({
        creditorId: creditorId(index),
        coordinatorId: creditorId(index),
        coordinatorRequestId: BigInt(index + 1),
        recipient: `${creditorId(index + 1)}`,
        maxLockedAmount: BigInt(index + 1),
        minLockedAmount: BigInt(index + 1),
      }),
    );
  }

  send(message: IncomingMessage): void {
    this.resend(printMessage({ ...message, ts: this.#surroundings.time }));
  }

  resend(body: string): void {
    this.#messageCount += 1;
    this.#queue.push({ messageId: `${this.#messageCount}`, body, visibleAt: this.#second });
  }

  get second(): number {
    return this.#second;
  }

  get isAtRest(): boolean {
    const { changes } = this.tables;
    const { 'credit-recipients': credits, 'publish-events': events } = this.#positions;
    return this.#queue.length === 0 && credits === changes.length && events === changes.length;
  }

  /** Lets each function look once, and some seconds pass. */
  async step(): Promise<void> {
    await this.#invoke('process-messages', (version) => this.#process(version));
    await this.#invoke('credit-recipients', (version) => this.#credit(version));
    await this.#invoke('publish-events', (version) => this.#publish(version));
    this.#second += STEP_SECONDS;
    this.#surroundings.time = NOW + BigInt(this.#second) * SECOND;
  }

  /** An invocation that throws counts as failed, which raises the alarm of its function. What it was given comes again. */
  async #invoke(part: Part, work: (version: InvokedVersion) => Promise<void>): Promise<void> {
    const hasWork =
      part === 'process-messages'
        ? this.#queue.some(({ visibleAt }) => visibleAt <= this.#second)
        : this.#positions[part] < this.tables.changes.length;
    if (!hasWork) {
      return;
    }
    try {
      await work(this.#upgrade.invoke(part, this.#second));
    } catch {
      this.#upgrade.alarm(this.#second);
    }
  }

  async #process(version: InvokedVersion): Promise<void> {
    const batch = this.#queue.filter(({ visibleAt }) => visibleAt <= this.#second).slice(0, BATCH_SIZE);
    for (const message of batch) {
      message.visibleAt = this.#second + RETURN_SECONDS;
    }
    const deadLetters = {
      send: async (letters: readonly DeadLetter[]) => {
        this.deadLetters.push(...letters.map(({ body }) => body));
        this.#upgrade.alarm(this.#second);
        return [];
      },
    };
    const returned = await version.release.processMessages(batch, {
      ...this.#invocation(version),
      deadLetters,
    });
    const done = batch.filter(({ messageId }) => !returned.includes(messageId));
    for (const message of done) {
      this.#queue.splice(this.#queue.indexOf(message), 1);
    }
  }

  async #credit(version: InvokedVersion): Promise<void> {
    const from = this.#positions['credit-recipients'];
    const changes = this.tables.changes.slice(from, from + BATCH_SIZE);
    const records = changes
      .map((change, index) => ({ table: change.table, record: recordOf(change, from + index) }))
      .filter(({ table }) => table === TABLE_NAMES.transfers)
      .map(({ record }) => record);
    const { failed, unreadable } = await version.release.creditRecords(records, this.#invocation(version));
    if (failed.size + unreadable.length > 0) {
      throw new Error('Records are left.');
    }
    this.#positions['credit-recipients'] += changes.length;
  }

  async #publish({ release }: InvokedVersion): Promise<void> {
    const { settings } = anInvocation();
    const from = this.#positions['publish-events'];
    const changes = this.tables.changes.slice(from, from + BATCH_SIZE);
    for (const [index, change] of changes.entries()) {
      const position = from + index;
      const { events } = release.dueAfter(release.changeOf(recordOf(change, position)), settings);
      this.published.set(
        position,
        events.map(({ body }) => body),
      );
      for (const { type, body } of events) {
        this.#hear(type, body);
      }
    }
    this.#positions['publish-events'] += changes.length;
  }

  /** A client commits all that was locked, once. */
  #hear(type: string, body: string): void {
    const field = (name: string) => BigInt(new RegExp(`"${name}":(-?\\d+)`).exec(body)?.[1] ?? 0n);
    const transferId = field('transfer_id');
    if (type !== 'PreparedTransfer' || this.#finalized.has(`${transferId}`)) {
      return;
    }
    this.#finalized.add(`${transferId}`);
    const creditor = field('creditor_id');
    this.send(
      aFinalizeTransfer({
        creditorId: creditor,
        transferId,
        coordinatorType: creditor === 0n ? 'issuing' : 'direct',
        coordinatorId: creditor === 0n ? DEBTOR_ID : creditor,
        coordinatorRequestId: field('coordinator_request_id'),
        committedAmount: field('locked_amount'),
      }),
    );
  }

  /** What a newer release writes has more in it than the older one knows. */
  #invocation({ release, isNew }: InvokedVersion) {
    const client = isNew ? newerReleaseClient(this.tables.client) : this.tables.client;
    const store = new release.LedgerStore(client, TABLE_NAMES, { consumed: () => {} });
    const transactions = new release.SharedTransactions();
    return anInvocation({ store, transactions, surroundings: this.#surroundings });
  }
}
