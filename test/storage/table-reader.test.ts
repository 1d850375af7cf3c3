/** Reading tables for operators' tools: consistently, and one unreadable item beside the readable ones. */

import { DynamoDBClient, type QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { TableReader } from '../../lib/storage/table-reader.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import { answeringAws } from '../support/answering-aws.ts';
import { anAccount, aTransfer } from '../support/builders.ts';
import { WireTables, wireRecord } from '../support/wire-tables.ts';

const KEY = { debtorId: 1n, creditorId: 1_099_511_627_777n };
const ACCOUNT = toWire(encodeAccount(anAccount()));
const TRANSFER = toWire(encodeRecord(aTransfer()));
const TABLES = { accounts: 'Accounts', transfers: 'Transfers' };
const SEGMENT = { segment: 1, totalSegments: 4 };

function aReader(...answers: readonly object[]) {
  const { config, requests } = answeringAws(...answers);
  const reader = new TableReader(new DynamoDBClient(config), TABLES);
  return { reader, requests };
}

/** The paginator adds properties that are `undefined`. */
function definedIn<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const page of pages) {
    read.push(page);
  }
  return read;
}

describe('a scan for operators', () => {
  it('reads a segment of a table consistently, page after page', async () => {
    const { reader, requests } = aReader(
      { Items: [ACCOUNT], LastEvaluatedKey: { account: { S: '1:1099511627777' } } },
      {},
    );
    expect(await all(reader.scanAccounts(SEGMENT))).toStrictEqual([[{ value: anAccount() }], []]);
    const request = {
      TableName: 'Accounts',
      Segment: 1,
      TotalSegments: 4,
      ConsistentRead: true,
      Limit: 1000,
    };
    expect(requests).toStrictEqual([
      { operation: 'Scan', input: request },
      { operation: 'Scan', input: { ...request, ExclusiveStartKey: { account: { S: '1:1099511627777' } } } },
    ]);
  });

  it('reads whatever is in the table of transfers', async () => {
    const { reader, requests } = aReader({ Items: [TRANSFER] });
    expect(await all(reader.scanRecords(SEGMENT))).toStrictEqual([[{ value: aTransfer() }]]);
    expect(requests).toMatchObject([{ operation: 'Scan', input: { TableName: 'Transfers' } }]);
  });
});

describe('a query for operators', () => {
  it('reads consistently all that an account has in the table of transfers, in the order of IDs', async () => {
    const ids = [...Array(40).keys()].map((index) => BigInt(index - 20) * 7n);
    const tables = new WireTables({
      Transfers: ids.map((transferId) => wireRecord(aTransfer({ transferId }))),
    });
    const requests: QueryCommandInput[] = [];
    const send = tables.send;
    tables.send = ((command: QueryCommand) => {
      requests.push(definedIn(command.input));
      return send(command);
    }) as typeof send;
    const pages = await all(new TableReader(tables, TABLES).queryRecords(KEY));
    expect(pages.flat()).toStrictEqual(ids.map((transferId) => ({ value: aTransfer({ transferId }) })));
    expect(requests.slice(0, 16)).toStrictEqual(
      [...Array(16).keys()].map((salt) => ({
        TableName: 'Transfers',
        KeyConditionExpression: 'account = :partition',
        ConsistentRead: true,
        Limit: 100,
        ExpressionAttributeValues: { ':partition': { S: `1:1099511627777:${salt}` } },
      })),
    );
  });

  it('orders IDs that differ by less than a float can tell, and keys that nobody writes', async () => {
    // The lower one of two neighbours lies under the last partition key, the higher one under the first.
    const ids = [2n, 3n, 2n ** 60n - 1n, 2n ** 60n];
    const [two] = ids.map((transferId) => wireRecord(aTransfer({ transferId })));
    const tables = new WireTables({
      Transfers: [
        ...ids.map((transferId) => wireRecord(aTransfer({ transferId }))),
        { ...two, account: { S: '1:1099511627777:5' }, transferId: { N: '2.5' } },
      ],
    });
    const pages = await all(new TableReader(tables, TABLES).queryRecords(KEY));
    const read = pages.flat().map((item) => ('value' in item ? item.value.transferId : item.corrupt.message));
    const unwritten = expect.stringContaining('1:1099511627777:5 / ');
    expect(read).toStrictEqual([2n, unwritten, 3n, 2n ** 60n - 1n, 2n ** 60n]);
  });

  it('goes past pages on which nothing is, and past items that lack their key', async () => {
    expect(await all(aReader({}).reader.queryRecords(KEY))).toStrictEqual([]);
    const pages = await all(aReader({ Items: [{}] }).reader.queryRecords(KEY));
    expect(pages.flat()).toHaveLength(16);
    expect(pages.flat()[0]).toMatchObject({ corrupt: { name: 'CorruptItemError' } });
  });

  it('may leave out what is not prepared', async () => {
    const { reader, requests } = aReader({ Items: [] });
    expect(await all(reader.queryPrepared(KEY))).toStrictEqual([]);
    expect(requests[15]).toStrictEqual({
      operation: 'Query',
      input: {
        TableName: 'Transfers',
        KeyConditionExpression: 'account = :partition',
        ConsistentRead: true,
        Limit: 100,
        FilterExpression: '#status = :prepared',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':prepared': { S: 'prepared' },
          ':partition': { S: '1:1099511627777:15' },
        },
      },
    });
  });
});

describe('a look at one item', () => {
  it('reads an account consistently', async () => {
    const { reader, requests } = aReader({ Item: ACCOUNT });
    expect(await reader.readAccount(KEY)).toStrictEqual({ value: anAccount() });
    expect(requests).toStrictEqual([
      {
        operation: 'GetItem',
        input: { TableName: 'Accounts', Key: { account: { S: '1:1099511627777' } }, ConsistentRead: true },
      },
    ]);
  });

  it('reads a transfer consistently', async () => {
    const { reader, requests } = aReader({ Item: TRANSFER });
    expect(await reader.readRecord({ sender: KEY, transferId: 5n })).toStrictEqual({ value: aTransfer() });
    expect(requests).toStrictEqual([
      {
        operation: 'GetItem',
        input: {
          TableName: 'Transfers',
          Key: { account: { S: '1:1099511627777:5' }, transferId: { N: '5' } },
          ConsistentRead: true,
        },
      },
    ]);
  });

  it('finds nothing where nothing is', async () => {
    expect(await aReader({}).reader.readAccount(KEY)).toBeUndefined();
    expect(await aReader({}).reader.readRecord({ sender: KEY, transferId: 5n })).toBeUndefined();
  });
});

describe('the item of a stream record', () => {
  it('is the account as it is now', async () => {
    const { reader, requests } = aReader({ Item: ACCOUNT });
    const Keys = { account: { S: '1:1099511627777' } };
    expect(await reader.readItemOf({ dynamodb: { Keys } })).toStrictEqual({
      table: 'accounts',
      value: anAccount(),
    });
    expect(requests).toMatchObject([{ input: { TableName: 'Accounts', Key: Keys, ConsistentRead: true } }]);
  });

  it('is the transfer as it is now', async () => {
    const { reader, requests } = aReader({ Item: TRANSFER });
    const Keys = { account: { S: '1:1099511627777' }, transferId: { N: '5' } };
    expect(await reader.readItemOf({ dynamodb: { Keys } })).toStrictEqual({
      table: 'transfers',
      value: aTransfer(),
    });
    expect(requests).toMatchObject([{ input: { TableName: 'Transfers', Key: Keys, ConsistentRead: true } }]);
  });

  it('may be gone', async () => {
    expect(
      await aReader({}).reader.readItemOf({ dynamodb: { Keys: { account: { S: '1:2' } } } }),
    ).toBeUndefined();
  });

  it('may be unreadable, in either table', async () => {
    const account = await aReader({ Item: { account: { S: '1:2' } } }).reader.readItemOf({
      dynamodb: { Keys: { account: { S: '1:2' } } },
    });
    const transferKeys = { account: { S: '1:2' }, transferId: { N: '5' } };
    const transfer = await aReader({ Item: transferKeys }).reader.readItemOf({
      dynamodb: { Keys: transferKeys },
    });
    expect(account).toMatchObject({ corrupt: { name: 'CorruptItemError' } });
    expect(transfer).toMatchObject({ corrupt: { name: 'CorruptItemError' } });
  });
});

describe('an unreadable item', () => {
  it.each<[string, object, bigint | undefined, string]>([
    [
      'has no version',
      { account: { S: '7:8' } },
      7n,
      /^Item 7:8 of the accounts table can't be read: /.source,
    ],
    [
      'has a float where an integer belongs',
      { ...ACCOUNT, principal: { N: '1.5' } },
      1n,
      "^Item 1:1099511627777 of the accounts table can't be read: attribute principal is missing or illegal.$",
    ],
    [
      'lies under a key that nobody looks for',
      { ...ACCOUNT, account: { S: '1:01099511627777' } },
      1n,
      '^Item 1:01099511627777 lies under a key that is not written in this form.$',
    ],
    [
      'lies under no key of an account',
      { ...ACCOUNT, account: { S: 'x' } },
      undefined,
      '^Item x of the accounts',
    ],
    [
      'lies under a key of a long debtor ID',
      { ...ACCOUNT, account: { S: '-9223372036854775808:x' } },
      undefined,
      '^Item -9223372036854775808:x of the accounts',
    ],
    [
      'has nothing but a key of a long debtor ID',
      { account: { S: '-9223372036854775808:8' } },
      -(2n ** 63n),
      '^Item -9223372036854775808:8 of the accounts',
    ],
    [
      'lies under a key that begins with a word',
      { ...ACCOUNT, account: { S: 'x7:8' } },
      undefined,
      '^Item x7:8 of the accounts',
    ],
    ['has no key', {}, undefined, '^Item undefined of the accounts'],
    [
      'has no key that can be read, nor a principal',
      { principal: { N: '1.5' } },
      undefined,
      '^Item undefined of the accounts',
    ],
    ['lies under a key that is no text', { account: { N: '1' } }, undefined, '^Item 1 of the accounts'],
  ])('that %s hides no other, and is told with its currency', async (_fault, item, debtorId, reason) => {
    const { reader } = aReader({ Items: [item, ACCOUNT] });
    const [page] = await all(reader.scanAccounts(SEGMENT));
    expect(page?.[1]).toStrictEqual({ value: anAccount() });
    expect(page?.[0]).toMatchObject({
      debtorId,
      corrupt: { name: 'CorruptItemError', message: expect.stringMatching(reason) },
    });
  });

  it('of the table of transfers is named by both parts of its key', async () => {
    const { reader } = aReader({ Items: [{ ...TRANSFER, request: { N: '1.5' } }] });
    const [page] = await all(reader.scanRecords(SEGMENT));
    expect(page).toMatchObject([
      {
        debtorId: 1n,
        corrupt: {
          message:
            "Item 1:1099511627777:5 / 5 of the transfers table can't be read: attribute request is missing or illegal.",
        },
      },
    ]);
  });
});

describe('the size of a table', () => {
  it('is what DynamoDB has counted, or zero', async () => {
    const { reader, requests } = aReader({ Table: { ItemCount: 12 } });
    expect(await reader.countItems('transfers')).toBe(12);
    expect(requests).toStrictEqual([{ operation: 'DescribeTable', input: { TableName: 'Transfers' } }]);
    expect(await aReader({}).reader.countItems('accounts')).toBe(0);
  });
});
