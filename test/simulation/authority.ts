/**
 * The accounting authority under test: the code of `lib/` with simulated tables, queues, streams and topics. Only the
 * wiring in `functions/` is replaced here.
 */

import { parseIncomingMessage } from '../../lib/protocol/codec.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import { parseChore, sqsChoreQueue } from '../../lib/shell/chore-queue.ts';
import { creditRecords } from '../../lib/shell/credit-recipients.ts';
import { sqsDeadLetterQueue } from '../../lib/shell/dead-letter-queue.ts';
import { snsEventTopics } from '../../lib/shell/event-topics.ts';
import type { Delivery, Invocation as ShellInvocation } from '../../lib/shell/invocation.ts';
import { parseKeptRecord, type StreamFunction, sqsRecordKeeper } from '../../lib/shell/kept-records.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { continuePublishingAgain, type RepeatInvocation } from '../../lib/shell/publish-again.ts';
import { publishRecords } from '../../lib/shell/publish-events.ts';
import { handleQueueBatch, type QueueWork } from '../../lib/shell/queue-batch.ts';
import { parseRepeatTask } from '../../lib/shell/repeat-tasks.ts';
import { runChores } from '../../lib/shell/run-chores.ts';
import type { OperationSettings } from '../../lib/shell/settings.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { type QueueDelivery, sqsSourceQueue } from '../../lib/shell/source-queue.ts';
import { handleBatch } from '../../lib/shell/stream-batch.ts';
import { continueSweep, type SweepInvocation, type SweepWork, startSweep } from '../../lib/shell/sweep.ts';
import { sweepAccounts } from '../../lib/shell/sweep-accounts.ts';
import { parseSweepTask, sqsSweepQueue } from '../../lib/shell/sweep-queue.ts';
import { sweepTransfers } from '../../lib/shell/sweep-transfers.ts';
import { takeNotices } from '../../lib/shell/take-notices.ts';
import type { Telemetry } from '../../lib/shell/telemetry.ts';
import type { Item } from '../../lib/storage/fields.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../lib/storage/table-schema.ts';
import { type Cloud, Invocation } from './aws/invocation.ts';
import { type PublishedMessage, simulatedSnsClient, simulatedSqsClient } from './aws/simulated-messaging.ts';
import { type QueueMessage, SimulatedQueue } from './aws/simulated-queue.ts';
import { simulatedSourceClient } from './aws/simulated-source-queue.ts';
import {
  type StreamRecord as SimulatedRecord,
  SimulatedStreamMapping,
  sequenceOf,
} from './aws/simulated-stream.ts';
import { simulatedTableClient } from './aws/simulated-table-client.ts';
import { type ItemChange, SimulatedTables } from './aws/simulated-tables.ts';
import { isForCrediting, isTransferEvent } from './aws/stream-filters.ts';
import { pendingAccountOf, recordKeyOf, streamRecordOf } from './aws/stream-records.ts';
import type { FinishedWork } from './guarantees/repairs.ts';
import { ACCOUNTS, TRANSFERS, type Writer } from './history.ts';
import { type ItemName, itemsNeededBy, itemsNeededByCredit } from './needs.ts';
import { NoticeBox } from './notice-box.ts';
import { hashText } from './random.ts';
import { DAY, type Instant, SECOND } from './scheduler.ts';

/** What the authority reports to the rest of the world. */
export interface Observer {
  readonly worked: (work: FinishedWork) => void;
  readonly committed: (changes: readonly ItemChange[], by: Writer | undefined) => void;
  readonly published: (message: PublishedMessage) => void;
  readonly handled: (message: QueueMessage) => void;
  readonly deadLetter: (body: string, attributes: Readonly<Record<string, string>>) => void;
}

export type Sweep = 'accounts' | 'transfers';

interface BatchHandling {
  readonly invocation: Invocation;
  readonly fullEvent: number;
  readonly work: QueueWork;
}

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
  /** The rest of publishing again. */
  readonly #again: SimulatedQueue;
  readonly #notices: NoticeBox;
  /** Printed keys of transfers that are left to the sweeps. */
  readonly abandonedCredits = new Set<string>();
  /** Printed keys of accounts some of whose changes were never published. */
  readonly abandonedAccounts = new Set<string>();
  /** By the names of invocations, the accounts that they have sent chores for. */
  readonly #choresSent = new Map<string, Set<string>>();
  /** The names of invocations that have sent tasks of sweeps. */
  readonly #continued = new Set<string>();
  #sequence = 0;
  #sweepStarts = 0;
  #looks = 0;
  #keptRecords = 0;

  constructor(cloud: Cloud, settings: OperationSettings, observer: Observer) {
    this.#cloud = cloud;
    this.#observer = observer;
    this.settings = settings;
    const schemas = { [ACCOUNTS]: ACCOUNTS_TABLE, [TRANSFERS]: TRANSFERS_TABLE };
    this.tables = new SimulatedTables(
      schemas,
      () => cloud.scheduler.now,
      (changes, by) => this.#committed(changes, by),
    );
    this.incoming = new SimulatedQueue(cloud, {
      name: 'incoming',
      maxBatch: cloud.chaos.features.fullEvent || cloud.chaos.features.queueBatch,
      handle: (deliveries, invocation) =>
        this.#handleBatch(this.incoming, deliveries, {
          invocation,
          fullEvent: cloud.chaos.features.fullEvent || Number.POSITIVE_INFINITY,
          work: (all) => this.#processMessages(all, invocation),
        }),
      deleted: observer.handled,
      returned: (messages, { startedAt }) => this.#messagesReturned(messages, startedAt),
    });
    this.chores = new SimulatedQueue(cloud, {
      name: CHORES,
      handle: (deliveries, invocation) =>
        this.#handleBatch(this.chores, deliveries, {
          invocation,
          fullEvent: Number.POSITIVE_INFINITY,
          work: (all) => runChores(all, this.#shellInvocation(invocation)),
        }),
      returned: (messages, { startedAt }) => {
        for (const { body } of messages) {
          this.#returned(body, [[ACCOUNTS, printAccountKey(parseChore(body).account)]], startedAt);
        }
      },
      // The sweep over accounts announces what a lost chore was to announce.
      forgotten: ({ body }) => this.abandonedAccounts.add(printAccountKey(parseChore(body).account)),
      deleted: ({ body }) => {
        const { account, since } = parseChore(body);
        observer.worked({ kind: 'announcement', account: printAccountKey(account), since });
      },
    });
    this.#sweepQueues = { accounts: this.#sweepQueue('accounts'), transfers: this.#sweepQueue('transfers') };
    this.#again = new SimulatedQueue(cloud, {
      name: 'again',
      maxBatch: 1,
      isPatient: true,
      handle: async (deliveries, invocation) => {
        const returned: string[] = [];
        for (const { messageId, body } of deliveries) {
          const isDone = await continuePublishingAgain(
            parseRepeatTask(body),
            this.#repeatInvocation(invocation),
          );
          returned.push(...(isDone ? [] : [messageId]));
        }
        return returned;
      },
    });
    this.#notices = new NoticeBox(cloud, () => this.#lookForNotices());
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
      startSweep<unknown>(this.#sweepWork(sweep, invocation), this.#sweepInvocation(sweep, invocation)),
    );
  }

  /** A store for one invocation, with its own connection to the tables. */
  storeFor(invocation: Invocation): LedgerStore {
    const client = simulatedTableClient(this.tables, invocation, this.#cloud.chaos);
    return new LedgerStore(client, TABLE_NAMES, { consumed: () => {} });
  }

  get telemetry(): Telemetry {
    const { log, chaos } = this.#cloud;
    return {
      count: (name, amount) => chaos.tell(name, amount),
      time: () => {},
      info: () => {},
      warn: (message, details) => log.add('warning', message, () => describe(details)),
    };
  }

  readonly #transactions = new SharedTransactions();

  #shellInvocation(invocation: Invocation): ShellInvocation {
    const { settings, telemetry } = this;
    const { surroundings } = invocation;
    return {
      store: this.storeFor(invocation),
      transactions: this.#transactions,
      settings,
      surroundings,
      telemetry,
      hasTime: invocation.hasTime,
    };
  }

  async #handleBatch(
    queue: SimulatedQueue,
    event: readonly QueueDelivery[],
    { invocation, fullEvent, work }: BatchHandling,
  ): Promise<readonly string[]> {
    const taken: Delivery[] = [];
    const returned = await handleQueueBatch(
      event,
      async (deliveries) => {
        const left = await work(deliveries);
        taken.push(...deliveries.filter((one) => !event.includes(one) && left.includes(one.messageId)));
        return left;
      },
      {
        ...this.#shellInvocation(invocation),
        queue: sqsSourceQueue(simulatedSourceClient(this.#cloud, invocation, queue), 'source'),
        fullEvent,
        remainingMs: invocation.remainingMs,
      },
    );
    // The queue tells of the event's own.
    if (taken.length > 0 && !invocation.mayGiveUp) {
      this.#messagesReturned(taken, invocation.startedAt);
    }
    return returned;
  }

  #messagesReturned(messages: readonly Delivery[], since: Instant): void {
    for (const { body } of messages) {
      this.#returned(body, itemsNeededBy(parseIncomingMessage(body)), since);
    }
  }

  #processMessages(deliveries: readonly Delivery[], invocation: Invocation): Promise<readonly string[]> {
    const client = simulatedSqsClient(this.#cloud, invocation, (_queue, { body, attributes }) =>
      this.#observer.deadLetter(body, attributes),
    );
    const deadLetters = sqsDeadLetterQueue(client, DEAD_LETTERS);
    return processMessages(deliveries, { ...this.#shellInvocation(invocation), deadLetters });
  }

  #eventsMapping(table: string): SimulatedStreamMapping {
    return new SimulatedStreamMapping(this.#cloud, {
      name: `publish-${table}`,
      accepts: table === TRANSFERS ? isTransferEvent : () => true,
      isRepaired: false,
      noticed: (records) => this.#givenUp(table, records),
      done: (records, { name }) => {
        const due = records.flatMap(pendingAccountOf);
        this.#observer.worked({ kind: 'chores', due, sent: this.#choresSent.get(name) ?? new Set() });
        this.#choresSent.delete(name);
      },
      handle: (records, invocation) => {
        const sent = new Set<string>();
        this.#choresSent.set(invocation.name, sent);
        const sqs = simulatedSqsClient(this.#cloud, invocation, (_queue, { body, delay }) => {
          sent.add(printAccountKey(parseChore(body).account));
          this.chores.send(body, {}, delay);
        });
        const sns = simulatedSnsClient(this.#cloud, invocation, this.#observer.published);
        const tools = {
          topics: snsEventTopics(sns, TOPICS),
          chores: sqsChoreQueue(sqs, CHORES, this.settings.accountUpdateDelaySeconds),
          settings: this.settings,
          telemetry: this.telemetry,
          hasTime: invocation.hasTime,
        };
        const keeper = this.#recordKeeper('publish-events', this.#mappings.events[table], invocation);
        return handleBatch(records, (batch) => publishRecords(batch, tools), keeper);
      },
    });
  }

  /** Only the latest AccountUpdate can be published again, and chores are left to the sweep over accounts. */
  #givenUp(table: string, records: readonly SimulatedRecord[]): void {
    for (const { dynamodb } of table === ACCOUNTS ? records : []) {
      this.abandonedAccounts.add(String(dynamodb.Keys[ACCOUNTS_TABLE.partitionKey]?.S));
    }
    this.#notices.put(table, records);
  }

  #lookForNotices(): Promise<unknown> {
    this.#looks += 1;
    const invocation = new Invocation(`again-start#${this.#looks}`, this.#cloud);
    this.#cloud.log.add('invoke', invocation.name);
    return invocation.run(() =>
      takeNotices({
        ...this.#repeatInvocation(invocation),
        notices: this.#notices.queueFor(invocation),
        accountsTableName: ACCOUNTS,
      }),
    );
  }

  #repeatInvocation(invocation: Invocation): RepeatInvocation {
    const client = simulatedTableClient(this.tables, invocation, this.#cloud.chaos);
    const sqs = simulatedSqsClient(this.#cloud, invocation, (_queue, { body, delay }) =>
      this.#again.send(body, {}, delay),
    );
    const sns = simulatedSnsClient(this.#cloud, invocation, this.#observer.published);
    return {
      writesPerSecond: this.settings.sweepWritesPerSecond,
      ...this.#shellInvocation(invocation),
      scan: new TableScan(client, TABLE_NAMES, { consumed: () => {} }),
      queue: {
        ...sqsSweepQueue(sqs, 'again'),
        countTasks: () => this.#countTasks(this.#again, invocation),
      },
      topics: snsEventTopics(sns, TOPICS),
    };
  }

  #creditsMapping(): SimulatedStreamMapping {
    return new SimulatedStreamMapping(this.#cloud, {
      name: 'credit',
      // The sweep over transfers makes the credits that the stream missed.
      isRepaired: true,
      returned: (record, { startedAt }) => {
        this.#returned(
          `the credit of ${printRecordKey(recordKeyOf(record))}`,
          creditNeeds(record),
          startedAt,
        );
      },
      done: (records) =>
        this.#observer.worked({ kind: 'credits', transfers: records.map(recordKeyOf).map(printRecordKey) }),
      abandoned: (records) => {
        for (const record of records) {
          this.abandonedCredits.add(printRecordKey(recordKeyOf(record)));
        }
      },
      accepts: isForCrediting,
      handle: (records, invocation) => {
        const shellInvocation = this.#shellInvocation(invocation);
        const keeper = this.#recordKeeper('credit-recipients', this.#mappings.credits, invocation);
        return handleBatch(records, (batch) => creditRecords(batch, shellInvocation), keeper);
      },
    });
  }

  /** Only records that were damaged, or need what was, should ever be kept. */
  #recordKeeper(
    functionName: StreamFunction,
    mapping: SimulatedStreamMapping | undefined,
    invocation: Invocation,
  ) {
    const client = simulatedSqsClient(this.#cloud, invocation, (_queue, { body }) => {
      const record = parseKeptRecord(body)?.record as SimulatedRecord | undefined;
      const needed = functionName === 'credit-recipients' && record !== undefined ? creditNeeds(record) : [];
      const isExcused = needed.some(([table, key]) =>
        this.tables.damage.was(table, key, invocation.startedAt),
      );
      const isExplained = record !== undefined && mapping?.kept(sequenceOf(record), isExcused) === true;
      this.#keptRecords += isExplained ? 0 : 1;
    });
    const { telemetry } = this;
    return sqsRecordKeeper(client, { queueUrl: STREAM_FAILURES, functionName, telemetry });
  }

  #sweepQueue(sweep: Sweep): SimulatedQueue {
    return new SimulatedQueue(this.#cloud, {
      name: `sweep-${sweep}`,
      maxBatch: 1,
      handle: async (deliveries, invocation) => {
        for (const { body } of deliveries) {
          await this.#continueSweep(sweep, body, invocation);
        }
        return [];
      },
    });
  }

  async #continueSweep(sweep: Sweep, body: string, invocation: Invocation): Promise<void> {
    const work = this.#sweepWork(sweep, invocation);
    await continueSweep<unknown>(parseSweepTask(body), work, this.#sweepInvocation(sweep, invocation));
    this.#observer.worked({
      kind: 'sweep',
      isReadToItsEnd: invocation.lastPage === 'table',
      isContinued: invocation.lastPage !== 'table' && this.#continued.delete(invocation.name),
    });
  }

  #sweepWork(sweep: Sweep, invocation: Invocation): SweepWork<unknown> {
    const client = simulatedTableClient(this.tables, invocation, this.#cloud.chaos);
    const scan = new TableScan(client, TABLE_NAMES, { consumed: () => {} });
    const tools = { ...this.#shellInvocation(invocation), scan };
    return (sweep === 'accounts' ? sweepAccounts(tools) : sweepTransfers(tools)) as SweepWork<unknown>;
  }

  #sweepInvocation(sweep: Sweep, invocation: Invocation): SweepInvocation {
    const client = simulatedSqsClient(this.#cloud, invocation, (_queue, { body, delay }) => {
      this.#continued.add(invocation.name);
      this.#sweepQueues[sweep].send(body, {}, delay);
    });
    const queue = {
      ...sqsSweepQueue(client, sweep),
      countTasks: () => this.#countTasks(this.#sweepQueues[sweep], invocation),
    };
    const writesPerSecond = this.settings.sweepWritesPerSecond;
    return { ...this.#shellInvocation(invocation), queue, writesPerSecond };
  }

  /** SQS reports an approximate number: it may not count messages that were just sent, so two sweeps can still overlap. */
  #countTasks(queue: SimulatedQueue, invocation: Invocation): Promise<number> {
    const { random } = this.#cloud.chaos;
    return invocation.call('GetQueueAttributes', () => (random.chance(0.5) ? 0 : queue.size), undefined);
  }

  /** Only damage to what it needs explains that something comes again where little or nothing has gone wrong. */
  #returned(what: string, needed: readonly ItemName[], since: Instant): void {
    const isExplained = needed.some(([table, key]) => this.tables.damage.was(table, key, since));
    if (!isExplained) {
      this.#observer.worked({ kind: 'returned', what });
    }
  }

  #committed(changes: readonly ItemChange[], by: Writer | undefined): void {
    this.#observer.committed(changes, by);
    for (const change of changes) {
      this.#sequence += 1;
      const record = streamRecordOf(change, {
        sequence: this.#sequence,
        at: this.#cloud.scheduler.now,
        keys: this.tables.keyItemOf(change.table, change.key),
      });
      const place = hashText(change.key, 0);
      this.#mappings.events[change.table]?.append(record, place);
      if (change.table === TRANSFERS) {
        this.#mappings.credits.append(record, place);
        this.#scheduleExpiry(change);
      }
    }
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

/** What the credit that the record makes due can't do without. */
function creditNeeds(record: SimulatedRecord): ItemName[] {
  const [, recipientId = ''] = String(record.dynamodb.NewImage?.request?.S).split(' ');
  return itemsNeededByCredit(recordKeyOf(record), /^-?\d+$/.test(recipientId) ? BigInt(recipientId) : 0n);
}

function describe(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}=${value instanceof Error ? `${value.name}: ${value.message}` : value}`)
    .join(' ');
}
