/** One whole sweep with the functions' own code: started, continued through a queue, and measured until its end. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../../functions/runtime/client-settings.ts';
import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { Settings } from '../../../lib/rules/settings.ts';
import type { Invocation } from '../../../lib/shell/invocation.ts';
import { SharedTransactions } from '../../../lib/shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../../../lib/shell/surroundings.ts';
import { continueSweep, type SweepTask, type SweepWork, startSweep } from '../../../lib/shell/sweep.ts';
import { parseSweepTask } from '../../../lib/shell/sweep-queue.ts';
import type { Telemetry } from '../../../lib/shell/telemetry.ts';
import { itemClient } from '../../../lib/storage/item-client.ts';
import { type CapacityObserver, LedgerStore } from '../../../lib/storage/ledger-store.ts';
import { TableScan } from '../../../lib/storage/table-scan.ts';
import { TABLES } from './database-file.ts';
import { MemoryMeter, type MemorySample } from './memory-meter.ts';

// biome-ignore lint/suspicious/noExplicitAny: accounts or transfers; this code does not care which
export type WorkOf = (invocation: Invocation & { readonly scan: TableScan }) => SweepWork<any>;

export interface RunOptions {
  readonly endpoint: string;
  readonly settings: Settings;
  readonly now: Timestamp;
  readonly workOf: WorkOf;
  /** How many invocations run side by side. */
  readonly concurrency: number;
  /** For how long an invocation starts another page. */
  /** An invocation ends after the page in which so many seconds have passed. */
  readonly invocationSeconds: number;
  /** Called for memory samples and for progress. */
  readonly expectedItemCount: number;
  readonly onItems: (count: number) => void;
}

export interface SweepMeasures {
  readonly itemCount: number;
  readonly pageCount: number;
  readonly largestPage: number;
  readonly segmentCount: number;
  readonly invocationCount: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Calls that write, including refused ones. */
  readonly writeCallCount: number;
  readonly seconds: number;
  readonly peakRssMB: number;
  readonly memory: readonly MemorySample[];
  /** What the sweep counted for its metrics. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first few warnings of the sweep. */
  readonly warnings: readonly string[];
}

const SAMPLE_COUNT = 10;
const MAX_WARNINGS = 5;

export function createClient(endpoint: string, onCall: (commandName: string) => void = () => {}) {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ ...clientSettings, endpoint, region: 'us-east-1', credentials });
  client.middlewareStack.add(
    (next, { commandName = '' }) => {
      onCall(commandName);
      return next;
    },
    { step: 'initialize' },
  );
  return client;
}

export function createStore(client: DynamoDBClient, capacity: CapacityObserver): LedgerStore {
  return new LedgerStore(itemClient(client), TABLES, capacity);
}

/** The queue in memory. Its messages become text and are parsed as in a function. */
class TaskQueue {
  readonly bodies: string[] = [];
  readonly send = async (tasks: readonly SweepTask[]): Promise<void> => {
    this.bodies.push(...tasks.map((task) => JSON.stringify(task)));
  };
  readonly countTasks = async (): Promise<number> => this.bodies.length;
}

class Measuring {
  readonly units = { read: 0, write: 0 };
  readonly counts = new Map<string, number>();
  readonly warnings: string[] = [];
  readonly memory: MemoryMeter;
  writeCallCount = 0;
  itemCount = 0;
  pageCount = 0;
  largestPage = 0;
  isInPage = false;

  constructor(expectedItemCount: number) {
    this.memory = new MemoryMeter(Math.max(1, expectedItemCount / SAMPLE_COUNT));
    this.memory.look(0);
  }

  readonly onCall = (commandName: string): void => {
    this.writeCallCount += /^(Put|Delete|Update|TransactWrite|BatchWrite)/.test(commandName) ? 1 : 0;
  };

  readonly capacity: CapacityObserver = {
    consumed: ({ read, write }) => {
      this.units.read += read;
      this.units.write += write;
    },
  };

  readonly telemetry: Telemetry = {
    count: (name, amount = 1) => void this.counts.set(name, (this.counts.get(name) ?? 0) + amount),
    time: () => {},
    info: () => {},
    warn: (message, details) => {
      if (this.warnings.length < MAX_WARNINGS) {
        this.warnings.push(`${message} ${String(details.error ?? '')}`.trim());
      }
    },
  };

  /** The work, with its pages counted. */
  watch<T>(work: SweepWork<T>, onItems: (count: number) => void): SweepWork<T> {
    return {
      ...work,
      readPage: async (segment, from) => {
        const page = await work.readPage(segment, from);
        this.pageCount += 1;
        this.largestPage = Math.max(this.largestPage, page.readCount);
        this.itemCount += page.readCount;
        onItems(page.readCount);
        return page;
      },
      handlePage: async (items, pace) => {
        this.isInPage = true;
        await work.handlePage(items, pace);
        this.isInPage = false;
        this.memory.look(this.itemCount);
      },
    };
  }
}

/** Runs a sweep from its start until its last segment is done. */
export async function runSweep(options: RunOptions): Promise<SweepMeasures> {
  const measuring = new Measuring(options.expectedItemCount);
  const { telemetry, capacity } = measuring;
  const client = createClient(options.endpoint, measuring.onCall);
  const queue = new TaskQueue();
  const invocation = {
    store: createStore(client, capacity),
    transactions: new SharedTransactions(),
    settings: options.settings,
    surroundings: { ...REAL_SURROUNDINGS, now: () => options.now },
    telemetry,
    hasTime: () => true,
    scan: new TableScan(itemClient(client), TABLES, capacity),
    queue,
    // The emulator is measured at its best.
    writesPerSecond: Number.POSITIVE_INFINITY,
  };
  const work = () => measuring.watch(options.workOf(invocation), options.onItems);
  const startedAt = performance.now();
  await startSweep(work(), invocation);
  const segmentCount = queue.bodies.length;
  let invocationCount = 0;
  const invokeUntilDone = async (): Promise<void> => {
    for (let body = queue.bodies.shift(); body !== undefined; body = queue.bodies.shift()) {
      invocationCount += 1;
      const end = performance.now() + options.invocationSeconds * 1_000;
      const hasTime = () => performance.now() < end || measuring.isInPage;
      await continueSweep(parseSweepTask(body), work(), { ...invocation, hasTime });
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, invokeUntilDone));
  const seconds = (performance.now() - startedAt) / 1_000;
  client.destroy();
  const { itemCount, pageCount, largestPage, writeCallCount, warnings, memory, units } = measuring;
  return {
    itemCount,
    pageCount,
    largestPage,
    segmentCount,
    invocationCount,
    readUnits: units.read,
    writeUnits: units.write,
    writeCallCount,
    seconds,
    peakRssMB: memory.peakRssMB,
    memory: memory.samples,
    counts: Object.fromEntries([...measuring.counts].toSorted()),
    warnings,
  };
}
