/**
 * Feeds the handlers' code directly: batches of messages go straight into the shell, and its commits go straight to
 * crediting and publishing. Only the tables are emulated, without streams; queues and topics are arrays. So it shows what
 * handlers and tables can do, whatever the queues' speed. Everything runs in this thread.
 */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { quickClientSettings } from '../../functions/runtime/client-settings.ts';
import { CHORES, CREDITS, EVENTS } from '../../lib/infrastructure/batch-sizes.ts';
import { createDynamoDbClient } from '../../lib/local/emulators/dynamo-db-client.ts';
import { startTableEmulator } from '../../lib/local/emulators/table-emulator.ts';
import { REGION } from '../../lib/local/stack/emulated-cloud.ts';
import type { Transfer } from '../../lib/rules/transfer.ts';
import { creditRecipients } from '../../lib/shell/credit-recipients.ts';
import { MAX_MESSAGES } from '../../lib/shell/drain-rounds.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { publishEvents } from '../../lib/shell/publish-events.ts';
import { runChores } from '../../lib/shell/run-chores.ts';
import { parseSettings } from '../../lib/shell/settings.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../../lib/shell/surroundings.ts';
import type { TableNames } from '../../lib/storage/ledger-store.ts';
import type { ItemChange } from '../../lib/storage/stream-record.ts';
import { ENOUGH_TIME } from '../support/shell-surroundings.ts';
import type { Authority } from './authority.ts';
import { createBatchQueue } from './batch-queue.ts';
import { arrayChores, arrayTopics } from './direct-messaging.ts';
import { DirectTelemetry } from './direct-telemetry.ts';
import { readPrincipals } from './principals.ts';
import { cpuMsOf, findDescendant } from './process-cpu.ts';
import { QUIET } from './quiet-logger.ts';
import { RecordingStore } from './recording-store.ts';
import { createTables, TABLES } from './sweep/database-file.ts';

export interface DirectOptions {
  /** The folder of the tables; by default they are in memory, so that no disk is measured. */
  readonly databaseFile?: string;
  /** The most messages in one batch; by default as many as process-messages takes. */
  readonly batchSize?: number;
  readonly accountUpdateDelaySeconds: number;
  /** Fills the tables before anything else uses them. */
  readonly fillTables?: (endpoint: string) => Promise<void>;
}

export interface DirectAuthority extends Authority {
  readonly store: RecordingStore;
  readonly dynamoDb: DynamoDBClient;
  readonly tables: TableNames;
}

/** How results name it. */
export const DIRECTLY_FED = 'handlers fed directly';
/** A batch that is not full starts when no message has come for so long. */
const LINGER_MS = 20;
/** The most messages or records for one invocation, as in the stack. */
const MOST = {
  incoming: MAX_MESSAGES,
  credits: CREDITS.batchSize,
  events: EVENTS.batchSize,
  chores: CHORES.batchSize,
};

export async function startDirectAuthority(options: DirectOptions): Promise<DirectAuthority> {
  const { batchSize = MOST.incoming } = options;
  const emulator = await startTableEmulator({
    port: 0,
    flag: '--dynamodb-port',
    patienceMs: 0,
    ...(options.databaseFile !== undefined && { databaseFile: options.databaseFile }),
  });
  const tableMaker = createDynamoDbClient(emulator.endpoint);
  await createTables(tableMaker);
  tableMaker.close();
  await options.fillTables?.(emulator.endpoint);
  const emulatorProcess = findDescendant(process.pid, 'dynoxide') ?? 0;
  const telemetry = new DirectTelemetry();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamoDb = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: REGION,
    credentials,
    logger: QUIET,
    cacheMiddleware: quickClientSettings.cacheMiddleware,
  });
  const store = new RecordingStore(dynamoDb, TABLES, telemetry);
  const settings = parseSettings({
    APP_ACCOUNT_UPDATE_DELAY_SECONDS: `${options.accountUpdateDelaySeconds}`,
  });
  let listener = (_body: string): void => {};
  const topics = arrayTopics(telemetry, (body) => telemetry.asClient(() => listener(body)));
  const chores = arrayChores(telemetry, settings.accountUpdateDelaySeconds, (body) => choreQueue.push(body));
  const tools = {
    store,
    settings,
    surroundings: REAL_SURROUNDINGS,
    hasTime: ENOUGH_TIME,
    transactions: new SharedTransactions(),
    telemetry,
    topics,
    chores,
    deadLetters: telemetry.deadLetters,
  };

  const numbered = (bodies: readonly string[]) =>
    bodies.map((body, index) => ({ messageId: `${index}`, body }));
  const incoming = createBatchQueue<string>(batchSize, LINGER_MS, async (bodies) => {
    const returned = await telemetry.invocation('process-messages', () =>
      processMessages(numbered(bodies), tools),
    );
    for (const id of returned) {
      incoming.push(bodies[Number(id)] ?? '');
    }
  });
  const credits = createBatchQueue<Transfer<'committed'>>(MOST.credits, LINGER_MS, async (transfers) => {
    const left = await telemetry.invocation('credit-recipients', () => creditRecipients(transfers, tools));
    for (const transfer of left) {
      credits.push(transfer);
    }
  });
  const events = createBatchQueue<ItemChange>(MOST.events, LINGER_MS, async (changes) => {
    await telemetry.invocation('publish-events', () => publishEvents(changes, tools));
  });
  const choreQueue = createBatchQueue<string>(MOST.chores, LINGER_MS, async (bodies) => {
    await telemetry.invocation('run-chores', () => runChores(numbered(bodies), tools));
  });
  store.onCommitted = ({ changes, transfers }) => {
    for (const change of changes) {
      events.push(change);
    }
    for (const transfer of transfers) {
      credits.push(transfer);
    }
  };
  const queues = [incoming, credits, events, choreQueue];
  return {
    description: DIRECTLY_FED,
    updateDelaySeconds: options.accountUpdateDelaySeconds,
    store,
    dynamoDb,
    tables: TABLES,
    send: async (bodies) => {
      for (const body of bodies) {
        incoming.push(body);
      }
    },
    listen: (onMessage) => {
      listener = onMessage;
    },
    usage: async () => telemetry.usage(cpuMsOf(emulatorProcess)),
    readPrincipals: (debtorId, creditorIds) => readPrincipals(store, debtorId, creditorIds),
    countDeadLetters: async () => telemetry.deadLetterCount,
    stop: async () => {
      await Promise.all(queues.map((queue) => queue.stop()));
      dynamoDb.destroy();
      await emulator.stop();
    },
  };
}
