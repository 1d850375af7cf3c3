/** The ledger store's client sends and reads the same as the SDK's document client, which it replaces. */

import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { itemClient } from '../../lib/storage/item-client.ts';

const ITEM = { account: '-1:4294967296', principal: 9223372036854775807n, interest: '-0.25', version: -1n };
const CONDITION = {
  ConditionExpression: '#version = :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':version': 1760000000000000n },
};
const PUT = { TableName: 'Accounts', Item: ITEM, ...CONDITION };
const DELETE = { TableName: 'Accounts', Key: { account: '-1:4294967296' }, ...CONDITION };
const NEW_ITEM = {
  TableName: 'Transfers',
  Item: { account: '-1:1', transferId: 1n },
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': 'account' },
};

describe('the item client', () => {
  it.each([
    ['a put', new PutCommand({ ...PUT, ReturnConsumedCapacity: 'TOTAL' })],
    ['a delete', new DeleteCommand(DELETE)],
    ['a transaction', new TransactWriteCommand({ TransactItems: [{ Put: PUT }, { Put: NEW_ITEM }] })],
    ['a transaction with a delete', new TransactWriteCommand({ TransactItems: [{ Delete: DELETE }] })],
    [
      'a read',
      new BatchGetCommand({
        RequestItems: { Transfers: { Keys: [{ account: '-1:1', transferId: 1n }], ConsistentRead: true } },
      }),
    ],
    [
      'a scan',
      new ScanCommand({
        TableName: 'Transfers',
        Segment: 1,
        TotalSegments: 2,
        ExclusiveStartKey: { account: '-1:1:3', transferId: 3n },
        FilterExpression: '#status = :status',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': 'prepared' },
      }),
    ],
    ['a scan from the beginning', new ScanCommand({ TableName: 'Accounts', Segment: 0, TotalSegments: 1 })],
  ])('sends %s as the document client does', async (_, command) => {
    const lean = wire({});
    const reference = wire({});
    await itemClient(lean.client).send(command as PutCommand);
    await DynamoDBDocumentClient.from(reference.client).send(command as PutCommand);
    // A transaction's token is random.
    expect(lean.sent().replace(/"ClientRequestToken":"[^"]+"/, '')).toBe(
      reference.sent().replace(/"ClientRequestToken":"[^"]+"/, ''),
    );
  });

  it('reads items, and what was left unread, as they were written', async () => {
    const { client } = wire({
      Responses: { Accounts: [{ account: { S: '-1:1' }, principal: { N: '-9223372036854775808' } }] },
      UnprocessedKeys: {
        Transfers: { Keys: [{ account: { S: '-1:1' }, transferId: { N: '7' } }], ConsistentRead: true },
      },
      ConsumedCapacity: [{ TableName: 'Accounts', CapacityUnits: 0.5 }],
    });
    const { $metadata, ...output } = await itemClient(client).send(
      new BatchGetCommand({ RequestItems: { Accounts: { Keys: [{ account: '-1:1' }] } } }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    expect(output).toStrictEqual({
      Responses: { Accounts: [{ account: '-1:1', principal: -9223372036854775808n }] },
      UnprocessedKeys: { Transfers: { Keys: [{ account: '-1:1', transferId: 7n }], ConsistentRead: true } },
      ConsumedCapacity: [{ TableName: 'Accounts', CapacityUnits: 0.5 }],
    });
  });

  it('reads nothing from an empty answer', async () => {
    const { $metadata: _, ...output } = await itemClient(wire({}).client).send(
      new BatchGetCommand({ RequestItems: { Accounts: { Keys: [{ account: '-1:1' }] } } }),
    );
    expect(output).toStrictEqual({ Responses: {}, UnprocessedKeys: {} });
  });

  it('reads keys that were left unread as none where none are named', async () => {
    const { client } = wire({ UnprocessedKeys: { Accounts: { ConsistentRead: true } } });
    const { UnprocessedKeys } = await itemClient(client).send(
      new BatchGetCommand({ RequestItems: { Accounts: { Keys: [{ account: '-1:1' }] } } }),
    );
    expect(UnprocessedKeys).toStrictEqual({ Accounts: { Keys: [], ConsistentRead: true } });
  });

  it('sends what a caller left out as empty', async () => {
    const { client, sent } = wire({});
    await itemClient(client).send(new BatchGetCommand({ RequestItems: undefined }));
    expect(sent()).toBe('DynamoDB_20120810.BatchGetItem {"RequestItems":{}}');
    await itemClient(client).send(new BatchGetCommand({ RequestItems: { Accounts: { Keys: undefined } } }));
    expect(sent()).toBe('DynamoDB_20120810.BatchGetItem {"RequestItems":{"Accounts":{"Keys":[]}}}');
    await itemClient(client).send(new PutCommand({ TableName: 'Accounts', Item: undefined }));
    expect(sent()).toBe('DynamoDB_20120810.PutItem {"TableName":"Accounts","Item":{}}');
    await itemClient(client).send(new DeleteCommand({ TableName: 'Accounts', Key: undefined }));
    expect(sent()).toBe('DynamoDB_20120810.DeleteItem {"TableName":"Accounts","Key":{}}');
    await itemClient(client).send(
      new TransactWriteCommand({ TransactItems: undefined, ClientRequestToken: 'x' }),
    );
    expect(sent()).toBe('DynamoDB_20120810.TransactWriteItems {"TransactItems":[],"ClientRequestToken":"x"}');
  });

  it('knows the commands of storage alone', () => {
    expect(() =>
      itemClient(wire({}).client).send(new UpdateCommand({ TableName: 'Accounts', Key: {} }) as never),
    ).toThrow(new TypeError("UpdateCommand is not one of storage's commands."));
  });

  it('reads a page of a scan, and where it ended', async () => {
    const { client } = wire({
      Items: [{ account: { S: '-1:1:3' }, transferId: { N: '3' }, kind: { BOOL: true } }],
      LastEvaluatedKey: { account: { S: '-1:1:3' }, transferId: { N: '3' } },
      ScannedCount: 9,
    });
    const { $metadata: _, ...page } = await itemClient(client).send(
      new ScanCommand({ TableName: 'Transfers' }),
    );
    expect(page).toStrictEqual({
      Items: [{ account: '-1:1:3', transferId: 3n, kind: { BOOL: true } }],
      LastEvaluatedKey: { account: '-1:1:3', transferId: 3n },
      ScannedCount: 9,
    });
  });

  it('reads no items from an empty scan', async () => {
    const { $metadata: _, ...page } = await itemClient(wire({}).client).send(
      new ScanCommand({ TableName: 'Transfers' }),
    );
    expect(page).toStrictEqual({ Items: [] });
  });

  it('tells of a table', async () => {
    const { client, sent } = wire({ Table: { ItemCount: 5 } });
    const { Table } = await itemClient(client).send(new DescribeTableCommand({ TableName: 'Accounts' }));
    expect(Table?.ItemCount).toBe(5);
    expect(sent()).toBe('DynamoDB_20120810.DescribeTable {"TableName":"Accounts"}');
  });

  it('leaves attributes that are neither strings nor integers as they are, for the codec of their item to refuse', async () => {
    const { client } = wire({
      Responses: { Accounts: [{ account: { S: '-1:1' }, principal: { N: '1.5' } }] },
    });
    const { Responses } = await itemClient(client).send(
      new BatchGetCommand({ RequestItems: { Accounts: { Keys: [{ account: '-1:1' }] } } }),
    );
    expect(Responses).toStrictEqual({ Accounts: [{ account: '-1:1', principal: { N: '1.5' } }] });
  });
});

/** A client that only records its requests. */
function wire(answer: object): { readonly client: DynamoDBClient; readonly sent: () => string } {
  let sent = '';
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: 'http://localhost',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    requestHandler: {
      handle: async ({ body, headers }: { body: string | Uint8Array; headers: Record<string, string> }) => {
        const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
        sent = `${headers['x-amz-target']} ${text}`;
        return { response: { statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) } };
      },
    } as never,
  });
  return { client, sent: () => sent };
}
