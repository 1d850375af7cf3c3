/** Stream records as DynamoDB makes them of changes, and what the simulation has to know of them. */

import type { Item } from '../../../lib/storage/fields.ts';
import { parsePartition, type RecordKey } from '../../../lib/storage/record-keys.ts';
import type { StreamImage } from '../../../lib/storage/stream-image.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../../lib/storage/table-schema.ts';
import { toWire } from '../../../lib/storage/wire-item.ts';
import { type Instant, SECOND } from '../scheduler.ts';
import type { StreamRecord } from './simulated-stream.ts';
import type { ItemChange } from './simulated-tables.ts';

/** Since when an account has changes that are to be announced. */
const PENDING_ATTRIBUTE = 'pendingTs';
const SEQUENCE_DIGITS = 21;

export interface RecordPlace {
  readonly sequence: number;
  readonly at: Instant;
  /** The item's key attributes. */
  readonly keys: Item;
}

export function streamRecordOf(
  { before, after }: ItemChange,
  { sequence, at, keys }: RecordPlace,
): StreamRecord {
  return {
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    dynamodb: {
      SequenceNumber: String(sequence).padStart(SEQUENCE_DIGITS, '0'),
      ApproximateCreationDateTime: Math.floor(at / SECOND),
      Keys: toWire(keys),
      ...(before && { OldImage: imageOf(before) }),
      ...(after && { NewImage: imageOf(after) }),
    },
  };
}

/** The key of the transfer that the record is about. */
export function recordKeyOf({ dynamodb: { Keys } }: StreamRecord): RecordKey {
  return {
    sender: parsePartition(Keys[TRANSFERS_TABLE.partitionKey]?.S),
    transferId: BigInt(Keys[TRANSFERS_TABLE.sortKey]?.N ?? ''),
  };
}

/** The account that the record makes a chore due for, if any. */
export function pendingAccountOf({ dynamodb: { Keys, OldImage, NewImage } }: StreamRecord): string[] {
  const pending = NewImage?.[PENDING_ATTRIBUTE]?.N;
  const account = Keys[ACCOUNTS_TABLE.partitionKey]?.S;
  return pending === undefined || pending === OldImage?.[PENDING_ATTRIBUTE]?.N || account === undefined
    ? []
    : [account];
}

const IMAGES = new WeakMap<Item, StreamImage>();

/** Remembered, since each state of an item is an image twice: after one change and before the next. */
function imageOf(item: Item): StreamImage {
  const known = IMAGES.get(item);
  if (known !== undefined) {
    return known;
  }
  const image: StreamImage = toWire(item);
  IMAGES.set(item, image);
  return image;
}
