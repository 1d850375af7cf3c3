/** Opens each view of the console on large tables while the feed runs, and measures the page. */

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createDynamoDbClient } from '../../../lib/local/emulators/dynamo-db-client.ts';
import { startTableEmulator } from '../../../lib/local/emulators/table-emulator.ts';
import { REGION } from '../../../lib/local/stack/emulated-cloud.ts';
import { StopList } from '../../../lib/local/stop-list.ts';
import type { ListPage } from '../../../lib/operations/console/answers.ts';
import { type RunningConsole, startConsole } from '../../../lib/operations/console/console.ts';
import { Feed } from '../../../lib/operations/console/feed.ts';
import { NO_PROGRESS } from '../../../lib/operations/progress.ts';
import { encodeAccount } from '../../../lib/storage/account-codec.ts';
import type { Item } from '../../../lib/storage/fields.ts';
import { openTables } from '../../../lib/storage/table-access.ts';
import { encodeRecord } from '../../../lib/storage/transfer-codec.ts';
import { startBrowser } from '../../support/browser.ts';
import { createTables, DatabaseFile, TABLES } from '../sweep/database-file.ts';
import { accountAt, type Plan, transferAt } from '../sweep/population.ts';
import { type Measures, PageMeter } from './page-meter.ts';
import { traffic } from './traffic.ts';

export interface BenchOptions {
  readonly accountCount: number;
  readonly messagesPerMinute: number;
  /** For how long each view is watched. */
  readonly seconds: number;
  /** For how long the feed is watched to see whether memory grows. */
  readonly minutes: number;
  readonly tell: (line: string) => void;
}

export interface ViewResult extends Measures {
  readonly name: string;
  readonly messageCount: number;
}

export interface BenchResult {
  /** Until the whole of the tables was in the view of accounts. */
  readonly firstReadingSeconds: number;
  /** Of the latest five minutes: other programs make tasks longer by the clock. */
  readonly loadAverage: number;
  readonly views: readonly ViewResult[];
  /** Of the page's JavaScript, at the start, in the middle and at the end of the long watch. */
  readonly heapBytes: readonly [number, number, number];
}

const CURRENCIES = 10;
/** The views, by their addresses, and what each shows when it is there. */
const VIEWS = [
  ['feed, opened with a full feed', '#/feed', 'tbody tr'],
  ['feed, filtered', '#/feed?q=AccountTransfer', 'tbody tr'],
  ['currencies', '#/currencies', 'tbody tr'],
  ['accounts', '#/accounts', 'tbody tr'],
  ['accounts, searched', '#/accounts?q=4294967', 'tbody tr'],
  ['transfers', '#/transfers', 'tbody tr'],
] as const;
const LONG_WATCH = 'feed, the long watch';
/** Messages come in so many portions a second. */
const PORTIONS = 20;
/** The feed keeps no more. */
const KEPT_MESSAGES = 10_000;

export async function measureConsole(options: BenchOptions): Promise<BenchResult> {
  const started = new StopList();
  try {
    return await measure(options, started);
  } finally {
    await started.stopAll();
  }
}

async function measure(options: BenchOptions, started: StopList): Promise<BenchResult> {
  const { accountCount, messagesPerMinute, seconds, minutes, tell } = options;
  tell(`Filling the tables with ${accountCount} accounts …`);
  const plan = planOf(accountCount);
  const feed = new Feed(Date.now);
  const page = await startFilledConsole(plan, feed, started);
  const readingStartedAt = performance.now();
  await untilRead(page.url, accountCount + CURRENCIES);
  const firstReadingSeconds = (performance.now() - readingStartedAt) / 1_000;
  const messages = traffic(accountCount, (number) => accountAt(number, plan));
  const send = (count: number) => {
    for (let sent = 0; sent < count; sent += 1) {
      feed.add(messages.next().value);
    }
  };
  send(KEPT_MESSAGES);
  const pulse = setInterval(send, 1_000 / PORTIONS, Math.round(messagesPerMinute / 60 / PORTIONS));
  started.add(() => clearInterval(pulse));

  const browser = await startBrowser();
  started.add(() => browser.close());
  const tab = await browser.newPage();
  const meter = await PageMeter.on(browser, tab);
  const views: ViewResult[] = [];
  const watch = async (name: string, work: () => Promise<void>) => {
    const before = feed.lastSeq;
    const measures = await meter.measure(work);
    views.push({ name, ...measures, messageCount: feed.lastSeq - before });
  };
  for (const [name, address, shown] of VIEWS) {
    tell(`Watching ${name} …`);
    await watch(name, async () => {
      await tab.goto(`${page.url}/${address}`);
      await tab.locator(shown).first().waitFor();
      await wait(seconds * 1_000);
    });
  }
  tell('Watching the feed for a long time …');
  await tab.goto(`${page.url}/#/feed`);
  await wait(seconds * 1_000);
  const start = await meter.heapBytes();
  await watch(LONG_WATCH, () => wait(minutes * 30_000));
  const middle = await meter.heapBytes();
  await watch(LONG_WATCH, () => wait(minutes * 30_000));
  const [, loadAverage = 0] = loadavg();
  return { firstReadingSeconds, loadAverage, views, heapBytes: [start, middle, await meter.heapBytes()] };
}

function planOf(accountCount: number): Plan {
  return { accountCount, transferCount: 10_000, currencyCount: CURRENCIES, dueShare: 0, preparedShare: 0.01 };
}

async function startFilledConsole(plan: Plan, feed: Feed, started: StopList): Promise<RunningConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-console-'));
  started.add(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tables.sqlite');
  const wish = { port: 0, patienceMs: 0, flag: '--dynamodb-port' } as const;
  const emulator = await startTableEmulator({ ...wish, databaseFile });
  started.add(emulator.stop);
  const client = createDynamoDbClient(emulator.endpoint);
  started.add(client.close);
  await createTables(client);
  const database = new DatabaseFile(databaseFile, client);
  started.add(() => database.close());
  const { accountCount, currencyCount, transferCount } = plan;
  await database.fill(
    TABLES.accounts,
    itemsOf(-currencyCount, accountCount, (number) => encodeAccount(accountAt(number, plan))),
    () => {},
  );
  await database.fill(
    TABLES.transfers,
    itemsOf(0, transferCount, (number) => encodeRecord(transferAt(number, plan))),
    () => {},
  );
  const place = {
    ...{ endpoint: emulator.endpoint, region: REGION },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const tables = openTables(place, TABLES);
  started.add(tables.close);
  const page = await startConsole(0, {
    title: 'a measurement',
    ...{ feed, actions: undefined },
    ledger: {
      reading: { reader: tables.reader, progress: NO_PROGRESS, segmentCount: 1 },
      ...{ now: Date.now, readsTransfers: true, minPauseMs: 0 },
    },
  });
  started.add(page.stop);
  return page;
}

function* itemsOf(first: number, end: number, itemAt: (number: number) => Item): Generator<Item> {
  for (let number = first; number < end; number += 1) {
    yield itemAt(number);
  }
}

/** Resolves when the whole of the tables was read. */
async function untilRead(url: string, accountCount: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/accounts`);
    const { count, isReading } = (await answer.json()) as ListPage<unknown>;
    if (count === accountCount && !isReading) {
      return;
    }
  }
}
