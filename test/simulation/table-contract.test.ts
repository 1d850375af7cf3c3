/**
 * One contract for the tables: what the simulation assumes about DynamoDB. It runs against the simulated tables, the
 * emulator, and the endpoint in DYNAMODB_CONTRACT_ENDPOINT if that is set.
 */

import { isDeepStrictEqual } from 'node:util';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  PutCommand,
  ScanCommand,
  type ScanCommandOutput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_INT64, MIN_INT64 } from '../../lib/protocol/integers.ts';
import type { Item } from '../../lib/storage/fields.ts';
import {
  emulatedTables,
  simulatedTables,
  type TablesUnderContract,
  tablesAt,
} from './tables-under-contract.ts';

const { DYNAMODB_CONTRACT_ENDPOINT: ENDPOINT } = process.env;
const PLACES: readonly (readonly [string, () => Promise<TablesUnderContract>])[] = [
  ['simulated', simulatedTables],
  ...(process.platform === 'linux' && process.arch === 'x64' ? [['emulated', emulatedTables] as const] : []),
  ...(ENDPOINT === undefined ? [] : [[ENDPOINT, () => tablesAt(ENDPOINT)] as const]),
];

const NOT_THERE = {
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': 'account' },
};

describe.each(PLACES)('Tables (%s)', (_, open) => {
  let tables: TablesUnderContract;
  let count = 0;

  beforeAll(async () => {
    tables = await open();
  });
  afterAll(() => tables.close());

  /** A partition key that no other test uses. */
  function newKey(): string {
    count += 1;
    return `${count}:0`;
  }

  function put(item: Item, condition: object = {}, TableName = tables.accounts): Promise<unknown> {
    return tables.client.send(new PutCommand({ TableName, Item: item, ...condition }));
  }

  async function get(keys: readonly Item[], TableName = tables.accounts): Promise<Item[]> {
    const RequestItems = { [TableName]: { Keys: [...keys], ConsistentRead: true } };
    const { Responses } = await tables.client.send(new BatchGetCommand({ RequestItems }));
    return (Responses?.[TableName] ?? []) as Item[];
  }

  function ifVersion(version: bigint): object {
    return {
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': version },
    };
  }

  function transfer(account: string, transferId: bigint, more: Item = {}): Item {
    return { account, transferId, status: 'prepared', ...more };
  }

  async function nameOfError(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => 'none',
      (error: Error) => error.name,
    );
  }

  describe('a single write', () => {
    it('creates an item once, where it must not be there', async () => {
      const account = newKey();
      await put({ account, version: 1n }, NOT_THERE);
      expect(await nameOfError(put({ account, version: 2n }, NOT_THERE))).toBe(
        'ConditionalCheckFailedException',
      );
      expect(await get([{ account }])).toStrictEqual([{ account, version: 1n }]);
    });

    it('replaces an item as a whole, where it is as expected', async () => {
      const account = newKey();
      await put({ account, version: 1n, note: 'old' });
      await put({ account, version: 2n }, ifVersion(1n));
      expect(await get([{ account }])).toStrictEqual([{ account, version: 2n }]);
    });

    it.each([
      ['another value', { version: 2n }],
      ['no such attribute', {}],
      ['a text of the same digits', { version: '1' }],
    ])('refuses to replace an item with %s', async (_name, attributes: Item) => {
      const account = newKey();
      const item: Item = { account, ...attributes };
      await put(item);
      expect(await nameOfError(put({ account, version: 9n }, ifVersion(1n)))).toBe(
        'ConditionalCheckFailedException',
      );
      expect(await get([{ account }])).toStrictEqual([item]);
    });

    it('refuses to replace an item that is not there', async () => {
      expect(await nameOfError(put({ account: newKey(), version: 2n }, ifVersion(1n)))).toBe(
        'ConditionalCheckFailedException',
      );
    });

    it('needs every part of a condition', async () => {
      const account = newKey();
      const condition = (status: string, announcedTs: bigint): object => ({
        ConditionExpression: '#status = :status AND #announcedAt = :announcedAt',
        ExpressionAttributeNames: { '#status': 'status', '#announcedAt': 'announcedTs' },
        ExpressionAttributeValues: { ':status': status, ':announcedAt': announcedTs },
      });
      const item = { account, status: 'prepared', announcedTs: 5n };
      await put(item);
      expect(await nameOfError(put(item, condition('prepared', 6n)))).toBe('ConditionalCheckFailedException');
      expect(await nameOfError(put(item, condition('committed', 5n)))).toBe(
        'ConditionalCheckFailedException',
      );
      expect(await nameOfError(put(item, condition('prepared', 5n)))).toBe('none');
    });

    it('removes an item only as it is expected', async () => {
      const account = newKey();
      await put({ account, version: 1n });
      const remove = (version: bigint): Promise<unknown> =>
        tables.client.send(
          new DeleteCommand({ TableName: tables.accounts, Key: { account }, ...ifVersion(version) }),
        );
      expect(await nameOfError(remove(2n))).toBe('ConditionalCheckFailedException');
      await remove(1n);
      expect(await nameOfError(remove(1n))).toBe('ConditionalCheckFailedException');
      expect(await get([{ account }])).toStrictEqual([]);
    });

    it.each([
      ['a placeholder that is not used', { ...NOT_THERE, ExpressionAttributeValues: { ':x': 1n } }],
      ['a placeholder that is not defined', { ConditionExpression: 'attribute_not_exists(#key)' }],
      [
        'a condition that can not be read',
        { ...NOT_THERE, ConditionExpression: 'attribute_not_exists(#key' },
      ],
    ])('refuses %s', async (_name, condition: object) => {
      expect(await nameOfError(put({ account: newKey() }, condition))).toBe('ValidationException');
    });

    it.each([
      ['no key', { version: 1n }],
      ['an empty key', { account: '' }],
      ['a key of another type', { account: 1n }],
    ])('refuses an item with %s', async (_name, item: Item) => {
      expect(await nameOfError(put(item))).toBe('ValidationException');
    });

    it('refuses an item of more than 400 KB', async () => {
      const item = { account: newKey(), note: 'x'.repeat(400 * 1024) };
      expect(await nameOfError(put(item))).toBe('ValidationException');
    });

    it('refuses a number of more than 38 digits', async () => {
      expect(await nameOfError(put({ account: newKey(), version: 10n ** 38n + 1n }))).toBe(
        'ValidationException',
      );
    });
  });

  describe('values', () => {
    it('come back as they were, whatever their size', async () => {
      const item: Item = {
        account: newKey(),
        largest: MAX_INT64,
        smallest: MIN_INT64,
        digits: 10n ** 38n - 1n,
        zero: 0n,
        empty: '',
        text: 'ž🎈\u0000￾"\\\n',
        float: '5e-324',
      };
      await put(item);
      expect(await get([{ account: item.account as string }])).toStrictEqual([item]);
    });
  });

  describe('a transaction', () => {
    it('writes everything or nothing, and tells which item was at fault', async () => {
      const account = newKey();
      await put({ account, version: 1n });
      const attempt = tables.client.send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: { TableName: tables.transfers, Item: transfer(account, 1n), ...NOT_THERE } },
            { Put: { TableName: tables.accounts, Item: { account, version: 3n }, ...ifVersion(2n) } },
          ],
        }),
      );
      const error = await attempt.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TransactionCanceledException);
      const { CancellationReasons = [] } = error as TransactionCanceledException;
      expect(CancellationReasons.map(({ Code }) => Code)).toStrictEqual(['None', 'ConditionalCheckFailed']);
      expect(await get([{ account }])).toStrictEqual([{ account, version: 1n }]);
      expect(await get([{ account, transferId: 1n }], tables.transfers)).toStrictEqual([]);
    });

    it('takes 100 items over two tables', async () => {
      const account = newKey();
      const ids = Array.from({ length: 99 }, (_item, index) => BigInt(index + 1));
      const puts = ids.map((id) => ({ Put: { TableName: tables.transfers, Item: transfer(account, id) } }));
      const write = { Put: { TableName: tables.accounts, Item: { account, version: 1n }, ...NOT_THERE } };
      await tables.client.send(new TransactWriteCommand({ TransactItems: [write, ...puts] }));
      const keys = ids.map((transferId) => ({ account, transferId }));
      expect((await get(keys, tables.transfers)).length).toBe(99);
    });

    it('refuses more than 100 items', async () => {
      const account = newKey();
      const TransactItems = Array.from({ length: 101 }, (_item, index) => ({
        Put: { TableName: tables.transfers, Item: transfer(account, BigInt(index + 1)) },
      }));
      const name = await nameOfError(tables.client.send(new TransactWriteCommand({ TransactItems })));
      expect(name).toBe('ValidationException');
    });

    it('refuses to write one item twice', async () => {
      const Put = { TableName: tables.transfers, Item: transfer(newKey(), 1n) };
      const name = await nameOfError(
        tables.client.send(new TransactWriteCommand({ TransactItems: [{ Put }, { Put }] })),
      );
      expect(name).toBe('ValidationException');
    });
  });

  describe('a read of many', () => {
    it('leaves out what is not there', async () => {
      const account = newKey();
      await put(transfer(account, 1n), {}, tables.transfers);
      const keys = [1n, 2n, -1n].map((transferId) => ({ account, transferId }));
      expect(await get(keys, tables.transfers)).toStrictEqual([transfer(account, 1n)]);
    });

    it.each([
      ['a key that is asked for twice', [1n, 1n]],
      ['more than 100 keys', Array.from({ length: 101 }, (_item, index) => BigInt(index))],
    ])('refuses %s', async (_name, ids: readonly bigint[]) => {
      const keys = ids.map((transferId) => ({ account: 'x', transferId }));
      expect(await nameOfError(get(keys, tables.transfers))).toBe('ValidationException');
    });

    it('refuses a key that is not the whole key', async () => {
      expect(await nameOfError(get([{ account: 'x' }], tables.transfers))).toBe('ValidationException');
    });
  });

  describe('a scan', () => {
    async function scanSegment(Segment: number, more: object): Promise<ScanCommandOutput[]> {
      const pages: ScanCommandOutput[] = [];
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const input = {
          TableName: tables.transfers,
          Segment,
          TotalSegments: 3,
          Limit: 4,
          ExclusiveStartKey,
          ...more,
        };
        const page: ScanCommandOutput = await tables.client.send(new ScanCommand(input));
        pages.push(page);
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return pages;
    }

    async function scanAll(more: object): Promise<ScanCommandOutput[]> {
      return (await Promise.all([0, 1, 2].map((segment) => scanSegment(segment, more)))).flat();
    }

    it('finds each item once, over all pages of all segments', async () => {
      const accounts = Array.from({ length: 10 }, newKey);
      for (const account of accounts) {
        await put(transfer(account, 1n), {}, tables.transfers);
        await put(transfer(account, 2n, { status: 'credited' }), {}, tables.transfers);
      }
      const items = (await scanAll({})).flatMap(({ Items = [] }) => Items as Item[]);
      const found = items.filter(({ account }) => accounts.includes(account as string));
      const names = found.map(({ account, transferId }) => `${account}/${transferId}`).sort();
      expect(names).toStrictEqual(accounts.flatMap((account) => [`${account}/1`, `${account}/2`]).sort());
    });

    it('leaves out what a filter does not want, and counts it as read', async () => {
      const account = newKey();
      await put(transfer(account, 1n, { status: 'rejected' }), {}, tables.transfers);
      const pages = await scanAll({
        FilterExpression: '#status IN (:prepared, :committed)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':prepared': 'prepared', ':committed': 'committed' },
      });
      const items = pages.flatMap(({ Items = [] }) => Items as Item[]);
      const read = pages.reduce((sum, { ScannedCount = 0 }) => sum + ScannedCount, 0);
      expect(new Set(items.map(({ status }) => status))).toStrictEqual(new Set(['prepared']));
      expect(read).toBeGreaterThan(items.length);
    });
  });

  describe('the stream', () => {
    it('tells each change of an item in order, with both images', async () => {
      const account = newKey();
      const [first, second] = [transfer(account, 7n), transfer(account, 7n, { status: 'dismissed' })];
      await put(first, {}, tables.transfers);
      await put(first, {}, tables.transfers);
      await put(second, {}, tables.transfers);
      await tables.client.send(
        new DeleteCommand({ TableName: tables.transfers, Key: { account, transferId: 7n } }),
      );
      // A later change shows when the stream has caught up.
      const last = transfer(newKey(), 1n);
      await put(last, {}, tables.transfers);
      let changes = await tables.changes(1);
      for (let length = 0; !changes.some(({ after }) => after?.account === last.account); length += 1) {
        expect(length).toBeLessThan(200);
        changes = await tables.changes(changes.length + 1);
      }
      // DynamoDB's stream omits a write that changed nothing, but emulators report it; nothing may rely on either.
      const ours = changes
        .filter(({ before, after }) => (after ?? before)?.account === account)
        .filter(({ before, after }) => !isDeepStrictEqual(before, after));
      expect(ours).toStrictEqual([
        { before: undefined, after: first },
        { before: first, after: second },
        { before: second, after: undefined },
      ]);
    });
  });
});
