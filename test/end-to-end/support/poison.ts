/** Unreadable items, put directly into the transfers table, and the records that the stack's functions keep of them. */

import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { printAccountKey } from '../../../lib/rules/account.ts';
import type { Transfer, TransferRecord } from '../../../lib/rules/transfer.ts';
import { TableReader } from '../../../lib/storage/table-reader.ts';
import { type WireItem, wireRecord } from '../../support/wire-tables.ts';
import type { StackUnderTest } from './stack-under-test.ts';

/** What a function puts into the queue of stream failures. */
export interface KeptRecord {
  readonly function: string;
  readonly reason: string;
  readonly record: {
    readonly eventSourceARN: string;
    readonly dynamodb: {
      readonly Keys: WireItem;
      readonly OldImage?: WireItem;
      readonly NewImage?: WireItem;
    };
  };
}

export interface HandmadePayment {
  readonly debtorId: bigint;
  readonly recipient: bigint;
  readonly amount: bigint;
  readonly requestId: bigint;
}

/**
 * The item of another payment of the root account, as if it had just been committed: a copy of its only payment's item.
 * The root account has paid it, so the currency adds up once it is credited.
 */
export async function issueByHand(stack: StackUnderTest, payment: HandmadePayment): Promise<WireItem> {
  const root = { debtorId: payment.debtorId, creditorId: 0n };
  const tables = { accounts: stack.accountsTableName, transfers: stack.transfersTableName };
  let issued: Transfer | undefined;
  for await (const page of new TableReader(stack.dynamoDb, tables).queryRecords(root)) {
    issued ??= page.map((item) => 'value' in item && item.value).find(isTransfer);
  }
  if (issued === undefined) {
    throw new Error('The root account has issued nothing.');
  }
  await stack.dynamoDb.send(
    new UpdateItemCommand({
      TableName: stack.accountsTableName,
      Key: { account: { S: printAccountKey(root) } },
      // With the version, so that a concurrent writer of the account has to start again.
      UpdateExpression: 'SET #principal = #principal - :amount ADD #version :one',
      ExpressionAttributeNames: { '#principal': 'principal', '#version': 'version' },
      ExpressionAttributeValues: { ':amount': { N: `${payment.amount}` }, ':one': { N: '1' } },
    }),
  );
  return wireRecord(committedCopy(issued, payment));
}

function isTransfer(item: TransferRecord | false): item is Transfer {
  return item !== false && item.kind === 'transfer';
}

function committedCopy(
  { credit: _, ...issued }: Transfer,
  { recipient, amount, requestId }: HandmadePayment,
): Transfer {
  const { request, preparation, finalization, payment } = issued;
  return {
    ...issued,
    transferId: 1n,
    status: 'committed',
    recipientId: recipient,
    request: { ...request, coordinatorRequestId: requestId },
    ...(preparation && { preparation: { ...preparation, lockedAmount: amount } }),
    ...(finalization && { finalization: { ...finalization, committedAmount: amount } }),
    ...(payment && { payment: { ...payment, amount } }),
    expiresAt: undefined,
  } as Transfer;
}

export async function putTransfer(stack: StackUnderTest, Item: WireItem): Promise<void> {
  await stack.dynamoDb.send(new PutItemCommand({ TableName: stack.transfersTableName, Item }));
}

/**
 * Waits until the queue of stream failures has so many records about the item, and leaves them there. Each is returned
 * once, though queues and streams may deliver it again.
 * @throws {Error} when they do not come within the stack's patience
 */
export async function keptRecordsOf(
  stack: StackUnderTest,
  item: WireItem,
  count: number,
): Promise<readonly KeptRecord[]> {
  const records = new Map<string, KeptRecord>();
  const end = Date.now() + stack.patienceMs;
  while (records.size < count) {
    if (Date.now() > end) {
      throw new Error(`${records.size} of ${count} records were kept.`);
    }
    const command = new ReceiveMessageCommand({
      QueueUrl: stack.streamFailuresQueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      VisibilityTimeout: 0,
    });
    const { Messages = [] } = await stack.sqs.send(command);
    for (const { Body = '' } of Messages) {
      const kept = JSON.parse(Body) as KeptRecord;
      if (kept.record?.dynamodb.Keys.account?.S === item.account?.S) {
        records.set(Body, kept);
      }
    }
  }
  return [...records.values()].sort((a, b) => (a.function < b.function ? -1 : 1));
}
