/**
 * The accounting authority under test: the code of `lib/` with simulated tables, queues, streams and topics. Only the
 * wiring in `functions/` is replaced here.
 */

import type { IncomingDelivery } from '../../lib/shell/account-messages.ts';
import { sqsChoreQueue } from '../../lib/shell/chore-queue.ts';
import { creditRecords } from '../../lib/shell/credit-recipients.ts';
import { sqsDeadLetterQueue } from '../../lib/shell/dead-letter-queue.ts';
import { snsEventTopics } from '../../lib/shell/event-topics.ts';
import { type StreamFunction, sqsRecordKeeper } from '../../lib/shell/kept-records.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { publishRecords } from '../../lib/shell/publish-events.ts';
import { runChores } from '../../lib/shell/run-chores.ts';
import type { OperationSettings } from '../../lib/shell/settings.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { handleBatch } from '../../lib/shell/stream-batch.ts';
import { continueSweep, type SweepTools, type SweepWork, startSweep } from '../../lib/shell/sweep.ts';
import { sweepAccounts } from '../../lib/shell/sweep-accounts.ts';
import { parseSweepTask, sqsSweepQueue } from '../../lib/shell/sweep-queue.ts';
import { sweepTransfers } from '../../lib/shell/sweep-transfers.ts';
import type { Telemetry } from '../../lib/shell/telemetry.ts';
import type { Item } from '../../lib/storage/fields.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import type { StreamImage } from '../../lib/storage/stream-image.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { ACCOUNTS_TABLE, COMMITTED_STATUS, TRANSFERS_TABLE } from '../../lib/storage/table-schema.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import { type Cloud, Invocation } from './aws/invocation.ts';
import { type PublishedMessage, simulatedSnsClient, simulatedSqsClient } from './aws/simulated-messaging.ts';
import { type QueueMessage, SimulatedQueue } from './aws/simulated-queue.ts';
import { SimulatedStreamMapping, type StreamRecord } from './aws/simulated-stream.ts';
import { simulatedTableClient } from './aws/simulated-table-client.ts';
import { type ItemChange, SimulatedTables } from './aws/simulated-tables.ts';
import { ACCOUNTS, TRANSFERS } from './history.ts';
import { hashText } from './random.ts';
import { DAY, SECOND } from './scheduler.ts';

/** What the authority reports to the rest of the world. */
export interface Observer {
  readonly committed: (changes: readonly ItemChange[]) => void;
  readonly published: (message: PublishedMessage) => void;
  readonly handled: (message: QueueMessage) => void;
  readonly deadLetter: (body: string, attributes: Readonly<Record<string, string>>) => void;
}

export type Sweep = 'accounts' | 'transfers';

const DEAD_LETTERS = 'dead-letters';
const CHORES = 'chores';
const STREAM_FAILURES = 'stream-failures';
const TABLE_NAMES = { accounts: ACCOUNTS, transfers: TRANSFERS };
const TOPICS = { to_creditors: 'to_creditors', to_debtors: 'to_debtors', to_coordinators: 'to_coordinators' };

export class Authority {
  readonly tables: SimulatedTables;
  readonly incoming: SimulatedQueue;
  readonly chores: SimulatedQueue;
  readonly settings: OperationSettings;
  readonly #cloud: Cloud;
  readonly #observer: Observer;
  readonly #mappings: {
    readonly events: Readonly<Record<string, SimulatedStreamMapping>>;
    readonly credits: SimulatedStreamMapping;
  };
  readonly #sweepQueues: Readonly<Record<Sweep, SimulatedQueue>>;
  #sequence = 0;
  #sweepStarts = 0;
  #keptRecords = 0;

  constructor(cloud: Cloud, settings: OperationSettings, observer: Observer) {
    this.#cloud = cloud;
    this.#observer = observer;
    this.settings = settings;
    const schemas = { [ACCOUNTS]: ACCOUNTS_TABLE, [TRANSFERS]: TRANSFERS_TABLE };
    this.tables = new SimulatedTables(
      schemas,
      () => cloud.scheduler.now,
      (changes) => this.#committed(changes),
    );
    this.incoming = new SimulatedQueue(cloud, {
      name: 'incoming',
      handle: (deliveries, invocation) => this.#processMessages(deliveries, invocation),
      deleted: observer.handled,
    });
    this.chores = new SimulatedQueue(cloud, {
      name: CHORES,
      handle: (deliveries, invocation) => runChores(deliveries, this.#storeTools(invocation)),
    });
    this.#sweepQueues = { accounts: this.#sweepQueue('accounts'), transfers: this.#sweepQueue('transfers') };
    this.#mappings = {
      events: { [ACCOUNTS]: this.#eventsMapping(ACCOUNTS), [TRANSFERS]: this.#eventsMapping(TRANSFERS) },
      credits: this.#creditsMapping(),
    };
  }

  /** Records that no function can process although no call fails, and records that can't be read. */
  get givenUpInCalm(): number {
    const { events, credits } = this.#mappings;
    const mappings = [...Object.values(events), credits];
    return mappings.reduce((sum, mapping) => sum + mapping.givenUpInCalm, this.#keptRecords);
  }

  /** What the schedule does: starts a sweep, which continues itself through its queue. */
  startSweep(sweep: Sweep): void {
    this.#sweepStarts += 1;
    const { log, chaos } = this.#cloud;
    const invocation = new Invocation(`start-${sweep}#${this.#sweepStarts}`, this.#cloud);
    log.add('invoke', invocation.name);
    chaos.count('sweeps');
    void invocation.run(() =>
      startSweep<unknown>(this.#sweepWork(sweep, invocation), this.#sweepTools(sweep, invocation)),
    );
  }

  /** A store for one invocation, with its own connection to the tables. */
  storeFor(invocation: Invocation): LedgerStore {
    const client = simulatedTableClient(this.tables, invocation, this.#cloud.chaos);
    return new LedgerStore(client, TABLE_NAMES, { consumed: () => {} });
  }

  get telemetry(): Telemetry {
    const { log } = this.#cloud;
    return {
      count: () => {},
      time: () => {},
      info: () => {},
      warn: (message, details) => log.add('warning', message, () => describe(details)),
    };
  }

  /**
   * Time is seldom short. A sweep task that is done but not deleted comes again, and both copies continue. If invocations
   * read few pages and much failed, tasks would multiply faster than they are done.
   */
  readonly #hasTime = (): boolean => this.#cloud.chaos.random.chance(0.95);

  readonly #transactions = new SharedTransactions();

  #storeTools(invocation: Invocation) {
    const { surroundings } = invocation;
    return {
      store: this.storeFor(invocation),
      transactions: this.#transactions,
      surroundings,
      telemetry: this.telemetry,
      hasTime: this.#hasTime,
    };
  }

  #processMessages(
    deliveries: readonly IncomingDelivery[],
    invocation: Invocation,
  ): Promise<readonly string[]> {
    const client = simulatedSqsClient(this.#cloud, invocation, (_queue, { body, attributes }) =>
      this.#observer.deadLetter(body, attributes),
    );
    const deadLetters = sqsDeadLetterQueue(client, DEAD_LETTERS);
    return processMessages(deliveries, {
      ...this.#storeTools(invocation),
      deadLetters,
      settings: this.settings,
    });
  }

  #eventsMapping(table: string): SimulatedStreamMapping {
    return new SimulatedStreamMapping(this.#cloud, {
      name: `publish-${table}`,
      accepts: () => true,
      isRepaired: false,
      handle: (records, invocation) => {
        const sqs = simulatedSqsClient(this.#cloud, invocation, (_queue, { body, delay }) =>
          this.chores.send(body, {}, delay),
        );
        const sns = simulatedSnsClient(this.#cloud, invocation, this.#observer.published);
        const tools = {
          topics: snsEventTopics(sns, TOPICS),
          chores: sqsChoreQueue(sqs, CHORES, this.settings.accountUpdateDelaySeconds),
          settings: this.settings,
          telemetry: this.telemetry,
        };
        const keeper = this.#recordKeeper('publish-events', invocation);
        return handleBatch(records, (batch) => publishRecords(batch, tools), keeper);
      },
    });
  }

  #creditsMapping(): SimulatedStreamMapping {
    return new SimulatedStreamMapping(this.#cloud, {
      name: 'credit',
      // The sweep over transfers makes the credits that the stream missed.
      isRepaired: true,
      accepts: ({ dynamodb }) => dynamodb.NewImage?.[TRANSFERS_TABLE.status]?.S === COMMITTED_STATUS,
      handle: (records, invocation) => {
        const tools = this.#storeTools(invocation);
        const keeper = this.#recordKeeper('credit-recipients', invocation);
        return handleBatch(records, (batch) => creditRecords(batch, tools), keeper);
      },
    });
  }

  /** Nothing here writes unreadable items, so no record should ever be kept. */
  #recordKeeper(functionName: StreamFunction, invocation: Invocation) {
    const client = simulatedSqsClient(this.#cloud, invocation, () => {
      this.#keptRecords += 1;
    });
    return sqsRecordKeeper(client, STREAM_FAILURES, functionName, this.telemetry);
  }

  #sweepQueue(sweep: Sweep): SimulatedQueue {
    return new SimulatedQueue(this.#cloud, {
      name: `sweep-${sweep}`,
      handle: async (deliveries, invocation) => {
        for (const { body } of deliveries) {
          const work = this.#sweepWork(sweep, invocation);
          await continueSweep<unknown>(
            parseSweepTask(body),
            work,
            this.#hasTime,
            this.#sweepTools(sweep, invocation),
          );
        }
        return [];
      },
    });
  }

  #sweepWork(sweep: Sweep, invocation: Invocation): SweepWork<unknown> {
    const client = simulatedTableClient(this.tables, invocation, this.#cloud.chaos);
    const scan = new TableScan(client, TABLE_NAMES, { consumed: () => {} });
    const tools = { ...this.#storeTools(invocation), scan, settings: this.settings };
    return (sweep === 'accounts' ? sweepAccounts(tools) : sweepTransfers(tools)) as SweepWork<unknown>;
  }

  #sweepTools(sweep: Sweep, invocation: Invocation): SweepTools {
    const client = simulatedSqsClient(this.#cloud, invocation, (_queue, { body }) =>
      this.#sweepQueues[sweep].send(body),
    );
    const { surroundings } = invocation;
    const queue = { ...sqsSweepQueue(client, sweep), countTasks: () => this.#countTasks(sweep, invocation) };
    return { queue, surroundings, telemetry: this.telemetry };
  }

  /** SQS reports an approximate number: it may not count messages that were just sent, so two sweeps can still overlap. */
  #countTasks(sweep: Sweep, invocation: Invocation): Promise<number> {
    const { random } = this.#cloud.chaos;
    return invocation.call(
      'GetQueueAttributes',
      () => (random.chance(0.5) ? 0 : this.#sweepQueues[sweep].size),
      undefined,
    );
  }

  #committed(changes: readonly ItemChange[]): void {
    this.#observer.committed(changes);
    for (const change of changes) {
      const record = this.#streamRecord(change);
      const partition = hashText(String(record.dynamodb.Keys[ACCOUNTS_TABLE.partitionKey]?.S), 0);
      this.#mappings.events[change.table]?.append(record, partition);
      if (change.table === TRANSFERS) {
        this.#mappings.credits.append(record, partition);
        this.#scheduleExpiry(change);
      }
    }
  }

  #streamRecord({ table, key, before, after }: ItemChange): StreamRecord {
    this.#sequence += 1;
    return {
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      dynamodb: {
        SequenceNumber: String(this.#sequence).padStart(21, '0'),
        ApproximateCreationDateTime: Math.floor(this.#cloud.scheduler.now / SECOND),
        Keys: toWire(this.tables.keyItemOf(table, key)),
        ...(before && { OldImage: imageOf(before) }),
        ...(after && { NewImage: imageOf(after) }),
      },
    };
  }

  /** DynamoDB removes an expired item within two days. */
  #scheduleExpiry({ table, key, after }: ItemChange): void {
    const { scheduler, chaos } = this.#cloud;
    const expiry = after?.[TRANSFERS_TABLE.timeToLive];
    if (typeof expiry === 'bigint' && chaos.strikes('expiry')) {
      const delay = Number(expiry) * SECOND - scheduler.now + chaos.random.fraction() * 2 * DAY;
      scheduler.inBackground(delay, () => this.tables.expire(table, key, after as Item));
    }
  }
}

const IMAGES = new WeakMap<Item, StreamImage>();

/** Remembered, since each state of an item is an image twice: after one change and before the next. */
function imageOf(item: Item): StreamImage {
  const known = IMAGES.get(item);
  if (known !== undefined) {
    return known;
  }
  const image: StreamImage = toWire(item);
  IMAGES.set(item, image);
  return image;
}

function describe(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}=${value instanceof Error ? `${value.name}: ${value.message}` : value}`)
    .join(' ');
}
