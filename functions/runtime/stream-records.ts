/** Between Lambda's stream events and the shell: reading records one by one, and reporting where to start again. */

import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Telemetry } from '../../lib/shell/telemetry.ts';

export interface ReadRecord<T> {
  readonly sequenceNumber: string;
  readonly value: T;
}

/** Reads each record; one that can't be read is told apart, so that it does not hold up the others. */
export function readRecords<T>(
  records: readonly DynamoDBRecord[],
  read: (record: DynamoDBRecord) => T,
  telemetry: Telemetry,
): { readonly read: readonly ReadRecord<T>[]; readonly unreadable: readonly string[] } {
  const done: ReadRecord<T>[] = [];
  const unreadable: string[] = [];
  for (const record of records) {
    const sequenceNumber = sequenceNumberOf(record);
    try {
      done.push({ sequenceNumber, value: read(record) });
    } catch (error) {
      unreadable.push(sequenceNumber);
      telemetry.count('Records.unreadable');
      telemetry.warn('A stream record can not be read.', { sequenceNumber, error });
    }
  }
  return { read: done, unreadable };
}

/** Lambda starts again at the earliest record that is reported, so naming that one says it all. */
export function reportEarliest(
  records: readonly DynamoDBRecord[],
  failed: Iterable<string>,
): DynamoDBBatchResponse {
  const failures = new Set(failed);
  const earliest = records.map(sequenceNumberOf).find((sequenceNumber) => failures.has(sequenceNumber));
  return { batchItemFailures: earliest === undefined ? [] : [{ itemIdentifier: earliest }] };
}

export function sequenceNumberOf(record: DynamoDBRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}
