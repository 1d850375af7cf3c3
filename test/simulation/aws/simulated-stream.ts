/**
 * A table's stream and the mapping that feeds a function from it. The records of one item are read in order, and nothing else
 * is: shards split, and have several batches at once. A batch is retried from its earliest failure, and halved when its
 * function fails. Records that are too old go to the failure destination; after a day the stream forgets them.
 */

import type { StreamImage } from '../../../lib/storage/stream-image.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../scheduler.ts';
import { type Cloud, Invocation } from './invocation.ts';
import { allOf, damaged, type HeldRecord, isDrained, isReadToItsEnd, type Shard } from './stream-shards.ts';

/** One record, in the shape that Lambda gives it. */
export interface StreamRecord {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
    readonly Keys: StreamImage;
    readonly OldImage?: StreamImage;
    readonly NewImage?: StreamImage;
  };
}

export interface StreamMappingOptions {
  readonly name: string;
  readonly accepts: (record: StreamRecord) => boolean;
  /** Returns the sequence number of the earliest record to retry, if any. */
  readonly handle: (records: readonly StreamRecord[], invocation: Invocation) => Promise<string | undefined>;
  /** Told of the records that an invocation has reported as done. */
  readonly done?: (records: readonly StreamRecord[], invocation: Invocation) => void;
  /** Told of the record that a batch is to come again from, when nothing that went wrong in its function is reason enough. */
  readonly returned?: (record: StreamRecord, invocation: Invocation) => void;
  /** Told of records that will not be tried again. */
  readonly abandoned?: (records: readonly StreamRecord[]) => void;
  /** Told of records that were given up, which is then left to it; without it an operator takes them up. */
  readonly noticed?: (records: readonly StreamRecord[]) => void;
  /** Whether records that were given up may stay so, because something else repairs their loss. */
  readonly isRepaired: boolean;
}

/** Until when the stack's mappings try again, however often. */
const MAX_RECORD_AGE = 20 * HOUR;
const FIRST_PAUSE = 100 * MILLISECOND;
const MAX_PAUSE = 10 * MINUTE;
const MAX_STALL = 20 * HOUR;
/** How long a stream keeps a record. */
const RETENTION = DAY;
/** How long it takes an operator to take up what was given up: usually, and when nobody looks for long. */
const MAX_REDRIVE_DELAY = 12 * HOUR;
const LONG_REDRIVE_DELAY = 10 * DAY;

/** One function's view of one stream. */
export class SimulatedStreamMapping {
  readonly #cloud: Cloud;
  readonly #options: StreamMappingOptions;
  readonly #shards: readonly Shard[];
  /** For what an operator takes up again from the failure destination, or publishes again from the tables. */
  readonly #takenUp: Shard;
  /** The sequence numbers of records that can't be read for now. */
  readonly #damaged = new Set<string>();
  /** Those of records that lie in the queue of failures. */
  readonly #kept = new Set<string>();
  #invocations = 0;
  #givenUp = 0;

  constructor(cloud: Cloud, options: StreamMappingOptions) {
    this.#cloud = cloud;
    this.#options = options;
    const { streamShards } = cloud.chaos.features;
    this.#shards = Array.from({ length: streamShards }, (_, index) => this.#newShard(String(index)));
    this.#takenUp = this.#newShard('taken up');
  }

  /** @param place the hash of the item's key, which decides the shard */
  append(record: StreamRecord, place: number): void {
    if (!this.#options.accepts(record)) {
      return;
    }
    let shard = this.#shards[place % this.#shards.length] as Shard;
    for (let bits = place >>> 4; shard.children !== undefined; bits >>>= 1) {
      shard = shard.children[bits & 1] as Shard;
    }
    if (record.dynamodb.NewImage !== undefined && this.#cloud.chaos.strikes('damagedRecords')) {
      this.#damaged.add(sequenceOf(record));
    }
    this.#appendTo(shard, record);
    if (this.#cloud.chaos.strikes('streamSplits')) {
      shard.children = [this.#newShard(`${shard.name}a`, shard), this.#newShard(`${shard.name}b`, shard)];
    }
  }

  /**
   * A function has kept a record that it could not handle. If there was a reason, an operator hands it in again, whole.
   * @param needsDamaged whether what the record needs is damaged
   * @returns whether the record was damaged, or needs what was
   */
  kept(sequence: string, needsDamaged: boolean): boolean {
    const { scheduler, chaos } = this.#cloud;
    const isExplained = needsDamaged || this.#damaged.has(sequence);
    const held = this.#shards.flatMap(allOf).find(({ record }) => sequenceOf(record) === sequence);
    if (isExplained && held !== undefined) {
      this.#kept.add(sequence);
      scheduler.after(chaos.random.fraction() * MAX_REDRIVE_DELAY, () => {
        this.#damaged.delete(sequence);
        this.#kept.delete(sequence);
        this.#appendTo(this.#takenUp, held.record);
      });
    }
    return isExplained;
  }

  /** How many records were given up since the world was calmed: something no fault explains. */
  get givenUpInCalm(): number {
    return this.#givenUp;
  }

  #newShard(name: string, parent?: Shard): Shard {
    const size = this.#cloud.chaos.features.streamBatch;
    return { name, parent, children: undefined, records: [], position: 0, attempts: 0, size, isBusy: false };
  }

  #appendTo(shard: Shard, record: StreamRecord): void {
    shard.records.push({ record, since: this.#cloud.scheduler.now });
    this.#wake(shard);
  }

  #wake(shard: Shard): void {
    const { scheduler, chaos } = this.#cloud;
    const { parent } = shard;
    if (shard.isBusy || isDrained(shard) || (parent !== undefined && !isReadToItsEnd(parent))) {
      return;
    }
    shard.isBusy = true;
    const delay = chaos.strikes('streamStalls')
      ? chaos.random.spread(SECOND, MAX_STALL)
      : chaos.random.spread(MILLISECOND, SECOND);
    if (chaos.suffers('mappings disabled', scheduler.now)) {
      scheduler.after(chaos.endOfDisaster - scheduler.now, () => void this.#invoke(shard));
      return;
    }
    const pause = shard.attempts === 0 ? 0 : Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** shard.attempts);
    scheduler.after(delay + pause, () => void this.#invoke(shard));
  }

  async #invoke(shard: Shard): Promise<void> {
    this.#trim(shard);
    const batch = shard.records
      .slice(shard.position, shard.position + shard.size)
      .map(({ record }) => record);
    if (batch.length > 0) {
      this.#overlap(batch);
      await this.#handle(shard, batch);
    }
    shard.isBusy = false;
    this.#wake(shard);
    this.#wakeChildren(shard);
  }

  #wakeChildren(shard: Shard): void {
    for (const child of isReadToItsEnd(shard) ? (shard.children ?? []) : []) {
      this.#wake(child);
      this.#wakeChildren(child);
    }
  }

  async #handle(shard: Shard, batch: readonly StreamRecord[]): Promise<void> {
    const { log } = this.#cloud;
    const invocation = this.#begin(`shard ${shard.name}`, batch);
    const result = await invocation.run(() => this.#options.handle(this.#asRead(batch), invocation));
    if (result.kind === 'done') {
      this.#advance(shard, batch, result.value, invocation);
    } else {
      log.add('failed', invocation.name, () => String(result.kind === 'failed' ? result.error : 'died'));
      this.#retryFailed(shard, batch);
    }
  }

  #asRead(batch: readonly StreamRecord[]): StreamRecord[] {
    return batch.map((record) => (this.#damaged.has(sequenceOf(record)) ? damaged(record) : record));
  }

  #begin(place: string, batch: readonly StreamRecord[]): Invocation {
    const { log, chaos } = this.#cloud;
    this.#invocations += 1;
    const invocation = new Invocation(`${this.#options.name}#${this.#invocations}`, this.#cloud);
    log.add('invoke', invocation.name, () => `${place} ${batch.map(sequenceOf).join(' ')}`);
    chaos.count('invocations');
    return invocation;
  }

  /** Two pollers have the shard for a moment: one batch is handled twice at once, and only one of them keeps account of it. */
  #overlap(batch: readonly StreamRecord[]): void {
    const { scheduler, chaos } = this.#cloud;
    if (chaos.strikes('streamOverlaps')) {
      scheduler.after(chaos.random.spread(MILLISECOND, 2 * SECOND), () => {
        const invocation = this.#begin('another poller', batch);
        void invocation.run(() => this.#options.handle(this.#asRead(batch), invocation));
      });
    }
  }

  #advance(
    shard: Shard,
    batch: readonly StreamRecord[],
    failed: string | undefined,
    invocation: Invocation,
  ): void {
    const { chaos, log } = this.#cloud;
    const found = batch.findIndex((record) => sequenceOf(record) === failed);
    const done = failed === undefined ? batch.length : Math.max(found, 0);
    log.add('returned', `${invocation.name} ${done}/${batch.length}`);
    const isHandled = (record: StreamRecord): boolean =>
      !this.#damaged.has(sequenceOf(record)) && !this.#kept.has(sequenceOf(record));
    this.#options.done?.(batch.slice(0, done).filter(isHandled), invocation);
    shard.position += done;
    shard.attempts = done > 0 ? 0 : shard.attempts;
    if (done < batch.length) {
      if (!invocation.mayGiveUp) {
        this.#options.returned?.(batch[done] as StreamRecord, invocation);
      }
      this.#retry(shard, batch.slice(done));
    } else {
      shard.size = chaos.features.streamBatch;
    }
    // What an operator has taken up again has no checkpoint.
    if (shard !== this.#takenUp && done > 0 && chaos.strikes('streamRewinds')) {
      // The checkpoint was lost: another poller starts again where the old one was some time ago. Not so far back that a
      // world in which this happens often would never get through a long stream.
      shard.position = chaos.random.between(Math.max(0, shard.position - 2 * batch.length), shard.position);
    }
  }

  /** A batch whose function failed is halved, which is no attempt; reported failures are retried as they are. */
  #retryFailed(shard: Shard, batch: readonly StreamRecord[]): void {
    if (batch.length > 1) {
      this.#cloud.chaos.count('streamRetries');
      shard.size = Math.ceil(batch.length / 2);
    } else {
      this.#retry(shard, batch);
    }
  }

  #retry(shard: Shard, batch: readonly StreamRecord[]): void {
    const { chaos } = this.#cloud;
    shard.attempts += 1;
    chaos.count('streamRetries');
    const { streamAttempts, topicOutage } = chaos.features;
    const isTriedTooOften = !chaos.isCalm && streamAttempts > 0 && shard.attempts >= streamAttempts;
    const given = isTriedTooOften ? batch : batch.slice(0, this.#oldCount(shard, batch));
    if (given.length > 0) {
      shard.position += given.length;
      shard.attempts = 0;
      shard.size = chaos.features.streamBatch;
      chaos.count('streamFailures', given.length);
      const isOutage = topicOutage > 0 || chaos.suffers('topics down', this.#cloud.scheduler.now);
      this.#givenUp += chaos.isCalm && !isOutage ? given.length : 0;
      this.#giveUp(given);
    }
  }

  /** How many of the batch's first records are too old to be tried again. What was taken up again never is. */
  #oldCount(shard: Shard, batch: readonly StreamRecord[]): number {
    const { now } = this.#cloud.scheduler;
    const held = shard.records.slice(shard.position, shard.position + batch.length);
    return shard === this.#takenUp ? 0 : held.filter(({ since }) => now - since > MAX_RECORD_AGE).length;
  }

  /** Nobody gets what was in the stream for a day. What was taken up again is not in the stream. */
  #trim(shard: Shard): void {
    const { scheduler, chaos } = this.#cloud;
    const isOld = ({ since }: HeldRecord): boolean => scheduler.now - since > RETENTION;
    const left = shard.records.slice(shard.position);
    const trimmed = shard === this.#takenUp ? [] : left.slice(0, left.findLastIndex(isOld) + 1);
    if (trimmed.length > 0) {
      shard.position += trimmed.length;
      chaos.count('streamTrimmed', trimmed.length);
      this.#leaveToOperator(trimmed.map(({ record }) => record));
    }
  }

  /** An item that can't be read when its messages are published again needs a person. */
  #giveUp(records: readonly StreamRecord[]): void {
    const { noticed } = this.#options;
    if (noticed === undefined || this.#cloud.chaos.features.damage > 0) {
      this.#leaveToOperator(records);
    } else {
      noticed(records);
    }
  }

  #leaveToOperator(records: readonly StreamRecord[]): void {
    const { chaos, log, scheduler } = this.#cloud;
    if (this.#options.isRepaired && chaos.random.chance(0.5)) {
      this.#options.abandoned?.(records);
      return;
    }
    const longest = chaos.random.chance(0.8) ? MAX_REDRIVE_DELAY : LONG_REDRIVE_DELAY;
    for (const record of records) {
      log.add('given up', `${this.#options.name} ${sequenceOf(record)}`);
      scheduler.after(chaos.random.fraction() * longest, () => this.#appendTo(this.#takenUp, record));
    }
  }
}

export function sequenceOf({ dynamodb }: StreamRecord): string {
  return dynamodb.SequenceNumber;
}
