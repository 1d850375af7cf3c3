/** Starts the emulators that a local run uses: its own, or for the tables the one that it was given. */

import { join } from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import type { Endpoints } from '../stack/emulated-cloud.ts';
import { StartError } from '../start-error.ts';
import type { StopList } from '../stop-list.ts';
import { createDynamoDbClient, type DynamoDbClient } from './dynamo-db-client.ts';
import {
  type PublishedMessage,
  type QueueAndTopicEmulator,
  startQueueAndTopicEmulator,
} from './queue-and-topic-emulator.ts';
import { openStreamRecords, type StreamRecords } from './stream-records.ts';
import { startTableEmulator } from './table-emulator.ts';

/** What of the options of a local run the emulators need; they are explained there. */
export interface EmulatorOptions {
  readonly port: number;
  readonly dynamoDbPort: number;
  readonly dynamoDbEndpoint?: string | undefined;
  readonly onMessage?: ((message: PublishedMessage) => void) | undefined;
}

export interface Emulators {
  readonly endpoints: Endpoints;
  readonly messaging: QueueAndTopicEmulator;
  readonly tables: Tables;
}

/** The part of a DynamoDB that matters here, whosever it is. */
interface Tables {
  readonly client: DynamoDbClient;
  /** Only of the bundled emulator, once a table was made. */
  readonly openStreamRecords: (started: StopList) => StreamRecords | undefined;
  /** Resolves with what went wrong if the bundled emulator ends without being stopped. */
  readonly whenBroken: Promise<Error>;
}

/** How long a local run that was killed may still hold its ports. */
const PREDECESSOR_PATIENCE_MS = 3_000;

export async function startEmulators(
  options: EmulatorOptions,
  { paths, predecessorWasKilled }: Pick<DataFolder, 'paths' | 'predecessorWasKilled'>,
  started: StopList,
): Promise<Emulators> {
  const patienceMs = predecessorWasKilled ? PREDECESSOR_PATIENCE_MS : 0;
  const messaging = await startQueueAndTopicEmulator({
    port: options.port,
    flag: '--port',
    patienceMs,
    folder: paths.queues,
    onPublished: options.onMessage ?? (() => {}),
  });
  started.add(messaging.stop);
  const { dynamoDbEndpoint, ...tables } = await startTables(options, paths.tables, patienceMs, started);
  const client = createDynamoDbClient(dynamoDbEndpoint);
  started.add(client.close);
  const endpoints = { endpoint: messaging.endpoint, dynamoDbEndpoint };
  return { endpoints, messaging, tables: { ...tables, client } };
}

async function startTables(
  { dynamoDbEndpoint, dynamoDbPort }: EmulatorOptions,
  folder: string,
  patienceMs: number,
  started: StopList,
): Promise<Omit<Tables, 'client'> & Pick<Endpoints, 'dynamoDbEndpoint'>> {
  if (dynamoDbEndpoint !== undefined) {
    await checkReachable(dynamoDbEndpoint);
    return { dynamoDbEndpoint, openStreamRecords: () => undefined, whenBroken: new Promise(() => {}) };
  }
  const databaseFile = join(folder, 'dynoxide.sqlite');
  const emulator = await startTableEmulator({
    port: dynamoDbPort,
    flag: '--dynamodb-port',
    patienceMs,
    databaseFile,
  });
  started.add(emulator.stop);
  return {
    dynamoDbEndpoint: emulator.endpoint,
    openStreamRecords: (startedLater) => {
      const records = openStreamRecords(databaseFile);
      startedLater.add(records.close);
      return records;
    },
    whenBroken: emulator.whenBroken,
  };
}

async function checkReachable(endpoint: string): Promise<void> {
  const client = createDynamoDbClient(endpoint);
  try {
    await client.call('DynamoDB.ListTables', {});
  } catch (error) {
    throw new StartError(
      `No DynamoDB answers at ${endpoint}: ${error instanceof Error ? error.message : error}.`,
    );
  } finally {
    client.close();
  }
}
