/** Starts the emulators of a local run. For the tables, another DynamoDB can be used instead. */

import { join } from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import type { Endpoints } from '../stack/emulated-cloud.ts';
import { StartError } from '../start-error.ts';
import type { StopList } from '../stop-list.ts';
import { createDynamoDbClient, type DynamoDbClient } from './dynamo-db-client.ts';
import { deleteOtherTables, otherTablesSuffix } from './other-tables.ts';
import type { PortWish } from './ports.ts';
import {
  type PublishedMessage,
  type QueueAndTopicEmulator,
  type QueuedMessage,
  startQueueAndTopicEmulator,
} from './queue-and-topic-emulator.ts';
import { startTableEmulator } from './table-emulator.ts';

export interface EmulatorOptions {
  /** Of SQS and SNS; 0 for any free one. */
  readonly port: number;
  /** Of DynamoDB; 0 for any free one. */
  readonly dynamoDbPort: number;
  /** Another DynamoDB to use instead of the bundled emulator. Its tables belong to the data folder, which names them. */
  readonly dynamoDbEndpoint?: string | undefined;
  /** Whether to start empty, instead of with the data in the folder. */
  readonly fresh: boolean;
  /** Whether stopping deletes the tables in another DynamoDB; for a data folder that is about to be deleted. */
  readonly isTransient?: boolean | undefined;
  /** Called for each outgoing message as it is published. */
  readonly onMessage?: ((message: PublishedMessage) => void) | undefined;
  /** Called for each message that is put into a queue. */
  readonly onQueued?: ((message: QueuedMessage) => void) | undefined;
}

export interface Emulators {
  readonly endpoints: Endpoints;
  readonly messaging: QueueAndTopicEmulator;
  readonly tables: Tables;
}

/** What the local run needs of a DynamoDB, the bundled emulator or another one. */
interface Tables {
  readonly client: DynamoDbClient;
  /** The bundled emulator's SQLite file. */
  readonly databaseFile?: string;
  /** Ends the names of the tables, so that they are not another local run's. */
  readonly nameSuffix: string;
  /** Resolves with the reason if the bundled emulator ends without being stopped. */
  readonly whenBroken: Promise<Error>;
}

/** How long the ports of a local run that was killed may still be taken. */
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
    onQueued: options.onQueued,
  });
  started.add(messaging.stop);
  const isOwn = options.dynamoDbEndpoint === undefined;
  const { dynamoDbEndpoint, ...tables } = isOwn
    ? await startOwnTables({ port: options.dynamoDbPort, patienceMs }, paths.tables, started)
    : await useOtherTables(options.dynamoDbEndpoint, paths.root);
  const client = createDynamoDbClient(dynamoDbEndpoint);
  started.add(client.close);
  if (!isOwn && options.fresh) {
    await deleteOtherTables(client, tables.nameSuffix);
  }
  if (!isOwn && options.isTransient) {
    started.add(() => deleteOtherTables(client, tables.nameSuffix));
  }
  const endpoints = { endpoint: messaging.endpoint, dynamoDbEndpoint };
  return { endpoints, messaging, tables: { ...tables, client } };
}

type AddressedTables = Omit<Tables, 'client'> & Pick<Endpoints, 'dynamoDbEndpoint'>;

async function startOwnTables(
  wish: Omit<PortWish, 'flag'>,
  folder: string,
  started: StopList,
): Promise<AddressedTables> {
  const databaseFile = join(folder, 'dynoxide.sqlite');
  const emulator = await startTableEmulator({ ...wish, flag: '--dynamodb-port', databaseFile });
  started.add(emulator.stop);
  return {
    dynamoDbEndpoint: emulator.endpoint,
    databaseFile,
    nameSuffix: '',
    whenBroken: emulator.whenBroken,
  };
}

async function useOtherTables(endpoint: string, folder: string): Promise<AddressedTables> {
  const client = createDynamoDbClient(endpoint);
  try {
    await client.call('DynamoDB.ListTables', {});
    return {
      dynamoDbEndpoint: endpoint,
      nameSuffix: otherTablesSuffix(folder),
      whenBroken: new Promise(() => {}),
    };
  } catch (error) {
    throw new StartError(
      `No DynamoDB answers at ${endpoint}: ${error instanceof Error ? error.message : error}.`,
    );
  } finally {
    client.close();
  }
}
