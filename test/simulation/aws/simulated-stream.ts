/**
 * A table's stream and the mapping that feeds a function from it. A shard is read in order. A batch is retried from its
 * earliest failure, and halved when all of it fails. After too many attempts it goes to the failure destination.
 */

import type { StreamImage } from '../../../lib/storage/stream-image.ts';
import { HOUR, MILLISECOND, SECOND } from '../scheduler.ts';
import { type Cloud, Invocation } from './invocation.ts';

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
  /** Whether records that were given up may stay so, because something else repairs their loss. */
  readonly isRepaired: boolean;
}

interface Shard {
  readonly index: number;
  readonly records: StreamRecord[];
  position: number;
  attempts: number;
  /** The batch size, halved after a failure. */
  size: number;
  isBusy: boolean;
}

/** The number of attempts of the stack's mappings. */
const MOST_ATTEMPTS = 11;
const MAX_STALL = 20 * HOUR;
const MAX_REDRIVE_DELAY = 12 * HOUR;

/** One function's view of one stream. */
export class SimulatedStreamMapping {
  readonly #cloud: Cloud;
  readonly #options: StreamMappingOptions;
  readonly #shards: readonly Shard[];
  #invocations = 0;
  #givenUp = 0;

  constructor(cloud: Cloud, options: StreamMappingOptions) {
    this.#cloud = cloud;
    this.#options = options;
    const { streamShards, streamBatch } = cloud.chaos.features;
    this.#shards = Array.from({ length: streamShards + 1 }, (_, index) => ({
      index,
      records: [],
      position: 0,
      attempts: 0,
      size: streamBatch,
      isBusy: false,
    }));
  }

  /** @param partition decides the shard: the records of one item are in one shard, in order */
  append(record: StreamRecord, partition: number): void {
    if (this.#options.accepts(record)) {
      // The last shard holds the records that an operator takes from the failure destination and processes again.
      this.#appendTo(this.#shards[partition % (this.#shards.length - 1)] as Shard, record);
    }
  }

  /** How many records were given up since the world was calmed, which no fault explains. */
  get givenUpInCalm(): number {
    return this.#givenUp;
  }

  #appendTo(shard: Shard, record: StreamRecord): void {
    shard.records.push(record);
    this.#wake(shard);
  }

  #wake(shard: Shard): void {
    const { scheduler, chaos } = this.#cloud;
    if (shard.isBusy || shard.position >= shard.records.length) {
      return;
    }
    shard.isBusy = true;
    const delay = chaos.strikes('streamStalls')
      ? chaos.random.spread(SECOND, MAX_STALL)
      : chaos.random.spread(MILLISECOND, SECOND);
    scheduler.after(delay, () => void this.#invoke(shard));
  }

  async #invoke(shard: Shard): Promise<void> {
    const { log, chaos } = this.#cloud;
    const { name, handle } = this.#options;
    const batch = shard.records.slice(shard.position, shard.position + shard.size);
    this.#invocations += 1;
    const invocation = new Invocation(`${name}#${this.#invocations}`, this.#cloud);
    log.add('invoke', invocation.name, () => `shard ${shard.index} ${batch.map(sequenceOf).join(' ')}`);
    chaos.count('invocations');
    const result = await invocation.run(() => handle(batch, invocation));
    if (result.kind === 'done') {
      this.#advance(shard, batch, result.value, invocation);
    } else {
      log.add('failed', invocation.name, () => String(result.kind === 'failed' ? result.error : 'died'));
      this.#retry(shard, batch);
    }
    shard.isBusy = false;
    this.#wake(shard);
  }

  #advance(
    shard: Shard,
    batch: readonly StreamRecord[],
    failed: string | undefined,
    { name }: Invocation,
  ): void {
    const { chaos, log } = this.#cloud;
    const done =
      failed === undefined ? batch.length : batch.findIndex((record) => sequenceOf(record) === failed);
    log.add('returned', `${name} ${done}/${batch.length}`);
    shard.position += Math.max(done, 0);
    if (done < batch.length) {
      shard.attempts = done > 0 ? 0 : shard.attempts;
      this.#retry(shard, batch.slice(Math.max(done, 0)));
      return;
    }
    shard.attempts = 0;
    shard.size = chaos.features.streamBatch;
    // The operator's shard has no checkpoint.
    if (shard !== this.#shards.at(-1) && chaos.strikes('streamRewinds')) {
      // The checkpoint was lost, so another poller starts where the old one was some time ago. It does not start so far
      // back that a world in which this happens often would never get through a long stream.
      shard.position = chaos.random.between(Math.max(0, shard.position - 2 * batch.length), shard.position);
    }
  }

  #retry(shard: Shard, batch: readonly StreamRecord[]): void {
    const { chaos } = this.#cloud;
    shard.attempts += 1;
    shard.size = Math.max(1, Math.ceil(batch.length / 2));
    chaos.count('streamRetries');
    if (shard.attempts >= (chaos.isCalm ? MOST_ATTEMPTS : chaos.features.streamAttempts)) {
      shard.position += shard.size;
      shard.attempts = 0;
      shard.size = chaos.features.streamBatch;
      this.#giveUp(batch.slice(0, Math.ceil(batch.length / 2)));
    }
  }

  #giveUp(records: readonly StreamRecord[]): void {
    const { chaos, log, scheduler } = this.#cloud;
    chaos.count('streamFailures', records.length);
    if (chaos.isCalm) {
      this.#givenUp += records.length;
      return;
    }
    if (this.#options.isRepaired && chaos.random.chance(0.5)) {
      return;
    }
    const last = this.#shards.at(-1) as Shard;
    for (const record of records) {
      log.add('given up', `${this.#options.name} ${sequenceOf(record)}`);
      scheduler.after(chaos.random.fraction() * MAX_REDRIVE_DELAY, () => this.#appendTo(last, record));
    }
  }
}

export function sequenceOf({ dynamodb }: StreamRecord): string {
  return dynamodb.SequenceNumber;
}
