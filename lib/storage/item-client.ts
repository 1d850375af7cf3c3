/**
 * A document client for the items of this project alone. It takes the same commands as the SDK's, but relies on attributes
 * being strings or integers, so it needs no layers that inspect each value. A call takes half the CPU time.
 */

import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  type DescribeTableCommandOutput,
  type DynamoDBClient,
  type KeysAndAttributes,
  PutItemCommand,
  ScanCommand as ScanItemsCommand,
  type ScanCommandInput as ScanItemsInput,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DeleteCommand,
  type DeleteCommandOutput,
  PutCommand,
  type PutCommandOutput,
  ScanCommand,
  type ScanCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from './fields.ts';
import { type ForeignItem, fromWire, toWire } from './wire-item.ts';

/** What storage needs of a document client. */
export interface ItemClient {
  send(command: BatchGetCommand): Promise<BatchGetCommandOutput>;
  send(command: TransactWriteCommand): Promise<TransactWriteCommandOutput>;
  send(command: PutCommand): Promise<PutCommandOutput>;
  send(command: DeleteCommand): Promise<DeleteCommandOutput>;
  send(command: ScanCommand): Promise<ScanCommandOutput>;
  send(command: DescribeTableCommand): Promise<DescribeTableCommandOutput>;
}

export function itemClient(client: DynamoDBClient): ItemClient {
  const send = (command: object): Promise<unknown> => {
    if (command instanceof BatchGetCommand) {
      return batchGet(client, command.input);
    }
    if (command instanceof TransactWriteCommand) {
      return client.send(new TransactWriteItemsCommand(transactionToWire(command.input)));
    }
    if (command instanceof PutCommand) {
      return client.send(new PutItemCommand(putToWire(command.input)));
    }
    if (command instanceof DeleteCommand) {
      return client.send(new DeleteItemCommand(deleteToWire(command.input)));
    }
    if (command instanceof ScanCommand) {
      return scan(client, command.input);
    }
    if (command instanceof DescribeTableCommand) {
      return client.send(command);
    }
    throw new TypeError(`${command.constructor.name} is not one of storage's commands.`);
  };
  return { send } as ItemClient;
}

async function batchGet(
  client: DynamoDBClient,
  input: BatchGetCommand['input'],
): Promise<BatchGetCommandOutput> {
  const RequestItems = mapValues(input.RequestItems, keysToWire);
  const { Responses, UnprocessedKeys, ...others } = await client.send(
    new BatchGetItemCommand({ ...input, RequestItems }),
  );
  return {
    ...others,
    Responses: mapValues(Responses, (items) => items.map((item) => fromWire(item as ForeignItem))),
    UnprocessedKeys: mapValues(UnprocessedKeys, keysFromWire),
  };
}

async function scan(client: DynamoDBClient, input: ScanCommand['input']): Promise<ScanCommandOutput> {
  const { ExclusiveStartKey, ...others } = input;
  const { Items, LastEvaluatedKey, ...rest } = await client.send(
    new ScanItemsCommand({
      ...others,
      ...(ExclusiveStartKey && { ExclusiveStartKey: toWire(ExclusiveStartKey) }),
      ...valuesToWire(input),
    } as ScanItemsInput),
  );
  return {
    ...rest,
    Items: (Items ?? []).map((item) => fromWire(item as ForeignItem)),
    ...(LastEvaluatedKey && { LastEvaluatedKey: fromWire(LastEvaluatedKey as ForeignItem) }),
  };
}

function transactionToWire({ TransactItems = [], ...others }: TransactWriteCommand['input']) {
  const writes = TransactItems.map(({ Put, Delete }) => ({
    ...(Put && { Put: putToWire(Put) }),
    ...(Delete && { Delete: deleteToWire(Delete) }),
  }));
  return { ...others, TransactItems: writes };
}

interface Conditional {
  readonly ExpressionAttributeValues?: Item | undefined;
}

function putToWire<Put extends Conditional & { Item: Item | undefined }>(put: Put) {
  return { ...put, Item: toWire(put.Item ?? {}), ...valuesToWire(put) };
}

function deleteToWire<Delete extends Conditional & { Key: Item | undefined }>(remove: Delete) {
  return { ...remove, Key: toWire(remove.Key ?? {}), ...valuesToWire(remove) };
}

/** The values in the write's condition. */
function valuesToWire({ ExpressionAttributeValues }: Conditional) {
  return ExpressionAttributeValues && { ExpressionAttributeValues: toWire(ExpressionAttributeValues) };
}

function keysToWire({ Keys = [], ...others }: { Keys: readonly Item[] | undefined }) {
  return { ...others, Keys: Keys.map(toWire) };
}

function keysFromWire({ Keys = [], ...others }: KeysAndAttributes) {
  return { ...others, Keys: Keys.map((key) => fromWire(key as ForeignItem)) };
}

function mapValues<T, R>(record: Readonly<Record<string, T>> = {}, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
