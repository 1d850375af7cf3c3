/** Empty stores of each kind for the contract suite, and for tests that run on all of them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { ClientStore } from '../../../lib/client/stores/client-store.ts';
import { DYNAMO_DB_TABLE_KEYS, dynamoDbStore } from '../../../lib/client/stores/dynamo-db-store.ts';
import { MemoryStore } from '../../../lib/client/stores/memory-store.ts';
import { openSqliteStore } from '../../../lib/client/stores/sqlite-store.ts';
import { startTableEmulator } from '../../../lib/local/emulators/table-emulator.ts';

/** A place for a store, which can be opened more than once. */
export interface StorePlace extends AsyncDisposable {
  open(): Promise<ClientStore>;
}

export async function memoryPlace(): Promise<StorePlace> {
  const store = new MemoryStore();
  return { open: async () => store, [Symbol.asyncDispose]: async () => {} };
}

export async function sqlitePlace(): Promise<StorePlace> {
  const folder = mkdtempSync(join(tmpdir(), 'client-store-'));
  return {
    open: () => openSqliteStore(join(folder, 'store.sqlite')),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  };
}

export async function dynamoDbPlace(): Promise<StorePlace> {
  const emulator = await startTableEmulator({ port: 0, patienceMs: 0, flag: '--dynamodb-port' });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDB({ region: 'local', endpoint: emulator.endpoint, credentials });
  const { KeySchema, AttributeDefinitions } = DYNAMO_DB_TABLE_KEYS;
  await client.createTable({
    TableName: 'Client',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [...KeySchema],
    AttributeDefinitions: [...AttributeDefinitions],
  });
  return {
    open: async () => dynamoDbStore(client, { tableName: 'Client', prefix: 'alice.' }),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await emulator.stop();
    },
  };
}

/** Each kind of store that this machine can run. */
export const PLACES: readonly (readonly [string, () => Promise<StorePlace>])[] = [
  ['memory', memoryPlace],
  ['sqlite', sqlitePlace],
  ...(process.platform === 'linux' && process.arch === 'x64' ? [['dynamodb', dynamoDbPlace] as const] : []),
];
