/** The shards of a stream as one mapping reads them, and records that can't be read. */

import type { Instant } from '../scheduler.ts';
import type { StreamRecord } from './simulated-stream.ts';

export interface Shard {
  readonly name: string;
  readonly records: HeldRecord[];
  /** Read to its end before this one begins. */
  readonly parent: Shard | undefined;
  children: readonly [Shard, Shard] | undefined;
  position: number;
  attempts: number;
  /** The batch size, halved after a failed invocation. */
  size: number;
  isBusy: boolean;
}

export interface HeldRecord {
  readonly record: StreamRecord;
  readonly since: Instant;
}

/** All records of the shard and of those that it has split into. */
export function allOf({ records, children }: Shard): HeldRecord[] {
  return [...records, ...(children ?? []).flatMap(allOf)];
}

/** The same record with attributes that nobody can make sense of. */
export function damaged(record: StreamRecord): StreamRecord {
  const nonsense = { S: 'abc' };
  const NewImage = {
    ...record.dynamodb.NewImage,
    principal: nonsense,
    request: nonsense,
    configTs: nonsense,
  };
  return { ...record, dynamodb: { ...record.dynamodb, NewImage } };
}

export function isDrained({ position, records }: Shard): boolean {
  return position >= records.length;
}

/** A shard that has split gets no more records. */
export function isReadToItsEnd(shard: Shard): boolean {
  const { parent, children, isBusy } = shard;
  return (
    children !== undefined && !isBusy && isDrained(shard) && (parent === undefined || isReadToItsEnd(parent))
  );
}
