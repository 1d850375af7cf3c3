/**
 * The authority in a cloud with hardly any faults, at a time that the test sets: the real shell, store and rules with
 * tables, streams and queues in memory. Years pass in seconds. Serious faults are tested in `test/simulation`.
 */

import { parseOutgoingMessage, printMessage } from '../../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../lib/protocol/messages.ts';
import { addSeconds, type Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { Account, AccountKey } from '../../../lib/rules/account.ts';
import { hasStatus, type Transfer, type TransferRecord } from '../../../lib/rules/transfer.ts';
import { type Chore, printChore } from '../../../lib/shell/chore-queue.ts';
import { creditRecipients } from '../../../lib/shell/credit-recipients.ts';
import type { DeadLetterQueue } from '../../../lib/shell/dead-letter-queue.ts';
import type { Delivery, Invocation } from '../../../lib/shell/invocation.ts';
import { processMessages } from '../../../lib/shell/process-messages.ts';
import { publishEvents } from '../../../lib/shell/publish-events.ts';
import { handleQueueBatch } from '../../../lib/shell/queue-batch.ts';
import { runChores } from '../../../lib/shell/run-chores.ts';
import type { OperationSettings } from '../../../lib/shell/settings.ts';
import { SharedTransactions } from '../../../lib/shell/shared-transactions.ts';
import type { QueueDelivery, SourceQueue } from '../../../lib/shell/source-queue.ts';
import { continueSweep, type SweepTask, type SweepWork, startSweep } from '../../../lib/shell/sweep.ts';
import { sweepAccounts } from '../../../lib/shell/sweep-accounts.ts';
import { sweepTransfers } from '../../../lib/shell/sweep-transfers.ts';
import { decodeAccount } from '../../../lib/storage/account-codec.ts';
import type { Item } from '../../../lib/storage/fields.ts';
import { LedgerStore } from '../../../lib/storage/ledger-store.ts';
import type { ItemChange } from '../../../lib/storage/stream-record.ts';
import { TableScan } from '../../../lib/storage/table-scan.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../../lib/storage/table-schema.ts';
import { decodeRecord } from '../../../lib/storage/transfer-codec.ts';
import { faultlessTableClient } from '../../simulation/aws/simulated-table-client.ts';
import { SimulatedTables, type ItemChange as TableChange } from '../../simulation/aws/simulated-tables.ts';
import { ENOUGH_TIME, TestTelemetry } from '../../support/shell-surroundings.ts';

/** An outgoing message, as it was published. */
export interface Publication {
  readonly at: Timestamp;
  readonly message: OutgoingMessage;
}

/** A change of an account, as it was committed. */
export interface AccountChange {
  readonly at: Timestamp;
  readonly before: Account | undefined;
  readonly after: Account | undefined;
}

export interface QuietCloudOptions {
  readonly start: Timestamp;
  readonly settings: OperationSettings;
  /** A fault: whether the stream loses this record before it is credited. */
  readonly losesCredit?: (transfer: Transfer) => boolean;
  /** A fault: whether the chore that announces the account's changes is lost. */
  readonly losesChore?: (account: AccountKey) => boolean;
  /** Called for each message as it is published. */
  readonly onPublished?: (message: OutgoingMessage) => void;
}

interface DelayedChore {
  readonly dueAt: Timestamp;
  readonly body: string;
}

const TABLE_NAMES = { accounts: 'Accounts', transfers: 'Transfers' } as const;
const BATCH = 100;
/** As the stack has them. */
const FULL_EVENT = 10;
const FUNCTION_TIME_MS = 40_000;

export class QuietCloud {
  readonly publications: Publication[] = [];
  readonly accountChanges: AccountChange[] = [];
  readonly telemetry = new TestTelemetry();
  readonly settings: OperationSettings;
  time: Timestamp;
  readonly #options: QuietCloudOptions;
  readonly #tables: SimulatedTables;
  readonly #store: LedgerStore;
  readonly #scan: TableScan;
  readonly #surroundings: { now: () => Timestamp; pause: () => Promise<void>; random: () => number };
  #stream: TableChange[] = [];
  #chores: DelayedChore[] = [];
  #expiring: { readonly key: string; readonly item: Item; readonly at: Timestamp }[] = [];
  #sequence = 0;

  constructor(options: QuietCloudOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.time = options.start;
    const schemas = { [TABLE_NAMES.accounts]: ACCOUNTS_TABLE, [TABLE_NAMES.transfers]: TRANSFERS_TABLE };
    this.#tables = new SimulatedTables(
      schemas,
      () => Number(this.time),
      (changes) => this.#committed(changes),
    );
    const client = faultlessTableClient(this.#tables);
    const capacity = { consumed: () => {} };
    this.#store = new LedgerStore(client, TABLE_NAMES, capacity);
    this.#scan = new TableScan(client, TABLE_NAMES, capacity);
    this.#surroundings = { now: () => this.time, pause: async () => {}, random: () => 0.5 };
  }

  get accounts(): readonly Account[] {
    return this.#tables.current(TABLE_NAMES.accounts).map(decodeAccount);
  }

  get records(): readonly TransferRecord[] {
    return this.#tables.current(TABLE_NAMES.transfers).map(decodeRecord);
  }

  /** Processes the messages, and everything that follows at once. */
  async send(...messages: readonly IncomingMessage[]): Promise<void> {
    const deliveries: Delivery[] = messages.map((message, index) => ({
      messageId: String(index),
      body: printMessage(message),
    }));
    for (let start = 0; start < deliveries.length; start += BATCH) {
      const returned = await processMessages(deliveries.slice(start, start + BATCH), {
        ...this.#invocation,
        deadLetters: { send: async (letters) => letters.map(({ messageId }) => messageId) },
      });
      if (returned.length > 0) {
        const why = this.telemetry.log.findLast(({ level }) => level === 'warn');
        throw new Error(`${returned.length} messages were not processed.`, { cause: why });
      }
    }
    await this.#runStreams();
  }

  /**
   * Does what the function does with an event of a queue, of which it may take more, and everything that follows at once.
   * @returns the IDs of the event's messages that come again
   */
  async handleEvent(
    event: readonly QueueDelivery[],
    { queue, deadLetters }: { readonly queue: SourceQueue; readonly deadLetters: DeadLetterQueue },
  ): Promise<readonly string[]> {
    const returned = await handleQueueBatch(
      event,
      (deliveries) => processMessages(deliveries, { ...this.#invocation, deadLetters }),
      { ...this.#invocation, queue, fullEvent: FULL_EVENT, remainingMs: () => FUNCTION_TIME_MS },
    );
    await this.#runStreams();
    return returned;
  }

  async sweep(table: 'accounts' | 'transfers'): Promise<void> {
    const tasks: SweepTask[] = [];
    const queue = {
      send: async (sent: readonly SweepTask[]) => void tasks.push(...sent),
      countTasks: async () => tasks.length,
    };
    const tools = { ...this.#invocation, scan: this.#scan };
    const work = (table === 'accounts' ? sweepAccounts(tools) : sweepTransfers(tools)) as SweepWork<unknown>;
    const invocation = { ...this.#invocation, queue, writesPerSecond: Number.POSITIVE_INFINITY };
    await startSweep(work, invocation);
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      await continueSweep(task, work, { ...invocation, hasTime: () => false });
    }
    await this.#runStreams();
  }

  /** Lets time pass, and runs the chores and expiries that fall due. */
  async passTo(time: Timestamp): Promise<void> {
    while (this.#chores.some(({ dueAt }) => dueAt <= time)) {
      const due = this.#chores.filter(({ dueAt }) => dueAt <= time);
      this.#chores = this.#chores.filter(({ dueAt }) => dueAt > time);
      for (const { dueAt, body } of due) {
        this.time = dueAt > this.time ? dueAt : this.time;
        await runChores([{ messageId: 'chore', body }], this.#invocation);
      }
      await this.#runStreams();
    }
    this.time = time;
    this.#expire();
  }

  readonly #transactions = new SharedTransactions();

  get #invocation(): Invocation {
    const { settings, telemetry } = this;
    return {
      store: this.#store,
      surroundings: this.#surroundings,
      settings,
      telemetry,
      hasTime: ENOUGH_TIME,
      transactions: this.#transactions,
    };
  }

  #committed(changes: readonly TableChange[]): void {
    this.#stream.push(...changes);
    for (const { table, key, before, after } of changes) {
      if (table === TABLE_NAMES.accounts) {
        const images = { before: before && decodeAccount(before), after: after && decodeAccount(after) };
        this.accountChanges.push({ at: this.time, ...images });
      } else {
        const expiry = after?.[TRANSFERS_TABLE.timeToLive];
        if (after !== undefined && typeof expiry === 'bigint') {
          this.#expiring.push({ key, item: after, at: expiry * 1_000_000n });
        }
      }
    }
  }

  /** The streams' functions, until nothing follows from anything any more. */
  async #runStreams(): Promise<void> {
    while (this.#stream.length > 0) {
      const changes = this.#stream;
      this.#stream = [];
      await this.#publish(changes);
      const { losesCredit = () => false } = this.#options;
      const committed = changes
        .flatMap(({ table, after }) =>
          table === TABLE_NAMES.transfers && after ? [decodeRecord(after)] : [],
        )
        .filter((record) => hasStatus(record, 'committed'))
        .filter((transfer) => !losesCredit(transfer));
      await creditRecipients(committed, this.#invocation);
    }
  }

  async #publish(changes: readonly TableChange[]): Promise<void> {
    const { failed, unreadable } = await publishEvents(
      changes
        .filter((change) => change.table === TABLE_NAMES.accounts || change.after)
        .map((change) => this.#eventOf(change)),
      {
        topics: {
          publish: async (_topic, entries) => {
            for (const { body } of entries) {
              const message = parseOutgoingMessage(body);
              this.publications.push({ at: this.time, message });
              this.#options.onPublished?.(message);
            }
            return [];
          },
        },
        chores: { send: async (chores) => this.#delayChores(chores) },
        settings: this.settings,
        telemetry: this.telemetry,
        hasTime: ENOUGH_TIME,
      },
    );
    const unpublishedCount = failed.size + unreadable.length;
    if (unpublishedCount > 0) {
      throw new Error(`${unpublishedCount} changes could not be published.`);
    }
  }

  #delayChores(chores: readonly Chore[]): never[] {
    const { losesChore = () => false } = this.#options;
    const dueAt = addSeconds(this.time, this.settings.accountUpdateDelaySeconds);
    for (const chore of chores.filter(({ account }) => !losesChore(account))) {
      this.#chores.push({ dueAt, body: printChore(chore) });
    }
    return [];
  }

  #eventOf({ table, before, after }: TableChange): ItemChange {
    this.#sequence += 1;
    return {
      sequenceNumber: String(this.#sequence),
      recordedAt: this.time,
      images: () =>
        table === TABLE_NAMES.accounts
          ? {
              table: 'accounts',
              before: before && decodeAccount(before),
              after: after && decodeAccount(after),
            }
          : {
              table: 'transfers',
              before: before && decodeRecord(before),
              after: after && decodeRecord(after),
            },
    };
  }

  /** DynamoDB removes expired items sooner or later; that causes no messages. */
  #expire(): void {
    for (const { key, item } of this.#expiring.filter(({ at }) => at <= this.time)) {
      this.#tables.expire(TABLE_NAMES.transfers, key, item);
    }
    this.#expiring = this.#expiring.filter(({ at }) => at > this.time);
    this.#stream = [];
  }
}
