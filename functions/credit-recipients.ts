/** Lambda handler: committed transfers from the stream of the transfers table. */

import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Transfer } from '../lib/rules/transfer.ts';
import { creditRecipients } from '../lib/shell/credit-recipients.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { printRecordKey } from '../lib/storage/ledger-store.ts';
import { recordOfImage, type StreamImage } from '../lib/storage/stream-image.ts';
import { instrumented } from './runtime/instrumented.ts';
import { readRecords, reportEarliest } from './runtime/stream-records.ts';
import { createLedgerStore } from './runtime/tables.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = { store: createLedgerStore(), surroundings: REAL_SURROUNDINGS, telemetry };

export const handler = instrumented<DynamoDBStreamEvent, DynamoDBBatchResponse>(async ({ Records }) => {
  const { read, unreadable } = readRecords(Records, committedTransfer, telemetry);
  const transfers = read.flatMap(({ value }) => value ?? []);
  const failed = new Set((await creditRecipients(transfers, tools)).map(printRecordKey));
  const failedRecords = read.filter(({ value }) => value !== undefined && failed.has(printRecordKey(value)));
  return reportEarliest(Records, [
    ...unreadable,
    ...failedRecords.map(({ sequenceNumber }) => sequenceNumber),
  ]);
});

/** The mapping's filter lets only committed transfers through; whatever else comes is none of our business. */
function committedTransfer(record: DynamoDBRecord): Transfer | undefined {
  const after = recordOfImage(record.dynamodb?.NewImage as StreamImage | undefined);
  return after?.kind === 'transfer' && after.status === 'committed' ? after : undefined;
}
