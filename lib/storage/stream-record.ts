/**
 * Records of the tables' streams, in the form in which Lambda hands them over (DynamoDB JSON), and what they tell. Reading
 * one may fail, since anybody may have written the item; it fails when it is asked for, and for that record alone.
 */

import type { Timestamp } from '../protocol/timestamps.ts';
import type { Account } from '../rules/account.ts';
import { hasStatus, type Transfer, type TransferRecord } from '../rules/transfer.ts';
import { accountOfImage, recordOfImage, type StreamImage } from './stream-image.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

/** What we read of a record; whatever else it holds is kept with it. */
export interface StreamRecord {
  readonly eventSourceARN?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        /** In seconds since 1970. */
        readonly ApproximateCreationDateTime?: number | undefined;
        readonly Keys?: object | undefined;
        readonly OldImage?: object | undefined;
        readonly NewImage?: object | undefined;
      }
    | undefined;
}

/** One change of one item. Its images are read when they are asked for. */
export interface ItemChange {
  /** What the failure of this record is reported under. */
  readonly sequenceNumber: string;
  readonly recordedAt: Timestamp;
  readonly images: () =>
    | {
        readonly table: 'accounts';
        readonly before: Account | undefined;
        readonly after: Account | undefined;
      }
    | {
        readonly table: 'transfers';
        readonly before: TransferRecord | undefined;
        readonly after: TransferRecord | undefined;
      };
}

const MICROSECONDS_IN_SECOND = 1_000_000;

export function sequenceNumberOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}

/** Of which of the two tables the item is; the other one's keys have no second part. */
export function tableOf({ dynamodb }: StreamRecord): 'accounts' | 'transfers' {
  return TRANSFERS_TABLE.sortKey in (dynamodb?.Keys ?? {}) ? 'transfers' : 'accounts';
}

/** How the item is named in messages for people: `1:1099511627777`, or `1:1099511627777 / 5` in the table of transfers. */
export function printItemKey({ dynamodb }: StreamRecord): string {
  const keys = (dynamodb?.Keys ?? {}) as StreamImage;
  const values = [keys[TRANSFERS_TABLE.partitionKey], keys[TRANSFERS_TABLE.sortKey]];
  return values.flatMap((value) => value?.S ?? value?.N ?? []).join(' / ');
}

export function changeOf(record: StreamRecord): ItemChange {
  const { OldImage, NewImage, ApproximateCreationDateTime = 0 } = record.dynamodb ?? {};
  const [before, after] = [OldImage as StreamImage | undefined, NewImage as StreamImage | undefined];
  return {
    sequenceNumber: sequenceNumberOf(record),
    recordedAt: BigInt(Math.round(ApproximateCreationDateTime * MICROSECONDS_IN_SECOND)),
    images: () =>
      tableOf(record) === 'transfers'
        ? { table: 'transfers', before: recordOfImage(before), after: recordOfImage(after) }
        : { table: 'accounts', before: accountOfImage(before), after: accountOfImage(after) },
  };
}

/**
 * The transfer that the record says is committed and not credited yet; `undefined` where it says something else.
 * @throws {CorruptItemError} when the new image can't be read
 */
export function committedTransferOf(record: StreamRecord): Transfer<'committed'> | undefined {
  const image = record.dynamodb?.NewImage as StreamImage | undefined;
  return tableOf(record) === 'transfers' ? committedTransfer(recordOfImage(image)) : undefined;
}

/** The same for an item that was read already. */
export function committedTransfer(item: TransferRecord | undefined): Transfer<'committed'> | undefined {
  return hasStatus(item, 'committed') ? item : undefined;
}
