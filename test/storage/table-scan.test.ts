/** What a sweep sees of a table: pages of one segment, without what it can't read or does not want. */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { CorruptItemError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { aConfigRejection, anAccount, aTombstone, aTransfer } from '../support/builders.ts';

const SEGMENT = { segment: 2, totalSegments: 7 };

/** A scan whose calls all get this answer, what it sent, and what it counted. */
function aScan(answer: unknown) {
  const sent: unknown[] = [];
  const counted: unknown[] = [];
  const send = async (command: { readonly input: unknown }): Promise<unknown> => {
    sent.push([command.constructor.name, command.input]);
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  const scan = new TableScan(
    { send } as unknown as DynamoDBDocumentClient,
    { accounts: 'Accounts', transfers: 'Transfers' },
    { consumed: (units) => void counted.push(units) },
  );
  return { scan, sent, counted };
}

describe('a scan', () => {
  it('reads one segment of the accounts, 1000 at a time', async () => {
    const { scan, sent } = aScan({ Items: [] });
    await scan.accounts(SEGMENT, undefined);
    expect(sent).toStrictEqual([
      [
        'ScanCommand',
        {
          TableName: 'Accounts',
          Segment: 2,
          TotalSegments: 7,
          ExclusiveStartKey: undefined,
          Limit: 1000,
          ReturnConsumedCapacity: 'TOTAL',
        },
      ],
    ]);
  });

  it('asks the table itself for transfers that are prepared or committed', async () => {
    const { scan, sent } = aScan({ Items: [] });
    await scan.openTransfers(SEGMENT, undefined);
    expect(sent).toMatchObject([
      [
        'ScanCommand',
        {
          TableName: 'Transfers',
          FilterExpression: '#status IN (:prepared, :committed)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':prepared': 'prepared', ':committed': 'committed' },
        },
      ],
    ]);
  });

  it('asks for all items of the transfers table where all are wanted', async () => {
    const records = [aTransfer(), aConfigRejection(), aTombstone()];
    const { scan, sent } = aScan({ Items: records.map(encodeRecord) });
    expect((await scan.records(SEGMENT, undefined)).items).toStrictEqual(records);
    expect(sent).toStrictEqual([
      [
        'ScanCommand',
        {
          TableName: 'Transfers',
          Segment: 2,
          TotalSegments: 7,
          ExclusiveStartKey: undefined,
          Limit: 1000,
          ReturnConsumedCapacity: 'TOTAL',
        },
      ],
    ]);
  });

  it('gives what it reads, and how much it has read in all', async () => {
    const { scan } = aScan({ Items: [encodeAccount(anAccount())], ScannedCount: 5 });
    expect(await scan.accounts(SEGMENT, undefined)).toStrictEqual({
      items: [anAccount()],
      corrupt: [],
      readCount: 5,
      next: undefined,
    });
  });

  it('gives transfers and rejected configurations', async () => {
    const records = [aTransfer(), aConfigRejection()];
    const { scan } = aScan({ Items: records.map(encodeRecord) });
    expect((await scan.openTransfers(SEGMENT, undefined)).items).toStrictEqual(records);
  });

  it('has read as much as it gives, where the table does not say', async () => {
    expect(
      (await aScan({ Items: [encodeAccount(anAccount())] }).scan.accounts(SEGMENT, undefined)).readCount,
    ).toBe(1);
    expect(await aScan({}).scan.accounts(SEGMENT, undefined)).toStrictEqual({
      items: [],
      corrupt: [],
      readCount: 0,
      next: undefined,
    });
  });

  it('goes on without an item that it can not read, and tells of it', async () => {
    const { scan } = aScan({ Items: [{ account: '1:2' }, encodeAccount(anAccount())] });
    const { items, corrupt } = await scan.accounts(SEGMENT, undefined);
    expect(items).toStrictEqual([anAccount()]);
    expect(corrupt).toHaveLength(1);
    expect(corrupt[0]).toBeInstanceOf(CorruptItemError);
  });

  it('goes on where its last page ended, with keys of any size', async () => {
    const LastEvaluatedKey = { account: '1:2', transferId: -9_223_372_036_854_775_808n };
    const { scan, sent } = aScan({ Items: [], LastEvaluatedKey });
    const { next } = await scan.openTransfers(SEGMENT, undefined);
    expect(next).toBe('{"account":"1:2","transferId":{"n":"-9223372036854775808"}}');
    await scan.openTransfers(SEGMENT, next);
    expect(sent[1]).toMatchObject(['ScanCommand', { ExclusiveStartKey: LastEvaluatedKey }]);
  });

  it('counts what a page has cost', async () => {
    const { scan, counted } = aScan({ ConsumedCapacity: { CapacityUnits: 64.5 } });
    await scan.accounts(SEGMENT, undefined);
    expect(counted).toStrictEqual([{ read: 64.5, write: 0 }]);
    const silent = aScan({});
    await silent.scan.accounts(SEGMENT, undefined);
    expect(silent.counted).toStrictEqual([{ read: 0, write: 0 }]);
  });

  it('says that the table is unavailable when it does not answer', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    await expect(aScan(throttled).scan.accounts(SEGMENT, undefined)).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
  });
});

describe('the size of a table', () => {
  it('is what DynamoDB has counted', async () => {
    const { scan, sent } = aScan({ Table: { ItemCount: 12 } });
    expect(await scan.countItems('transfers')).toBe(12);
    expect(sent).toStrictEqual([['DescribeTableCommand', { TableName: 'Transfers' }]]);
  });

  it.each([{}, { Table: {} }])('is zero where it has not counted: %j', async (answer) => {
    expect(await aScan(answer).scan.countItems('accounts')).toBe(0);
  });
});
