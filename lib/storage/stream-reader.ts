/** Reading single records of a table's stream again, by their sequence numbers, for as long as DynamoDB keeps them: a day. */

import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type _Record as WireRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type { Timestamp } from '../protocol/timestamps.ts';
import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { accountOfImage, recordOfImage, type StreamImage } from './stream-image.ts';
import type { AwsPlace } from './table-access.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

/** One change of one item. Its images are read when they are asked for, so that one that can't be read fails alone. */
export interface StreamChange {
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

/** Where records lie in a stream; both ends belong to it. */
export interface StreamRange {
  readonly streamArn: string;
  readonly shardId: string;
  readonly first: string;
  readonly last: string;
}

/** The stream does not keep the records any more. */
export class RecordsGoneError extends Error {
  override readonly name = 'RecordsGoneError';
}

/** A range is one batch of a function, and batches have 1000 records at most; others may lie between them. */
const MAX_CALLS = 1_000;
const MICROSECONDS_IN_MILLISECOND = 1_000n;

export class StreamReader {
  readonly #client: DynamoDBStreamsClient;

  constructor(place: AwsPlace) {
    this.#client = new DynamoDBStreamsClient(place);
  }

  /**
   * All records of the range, those included that the stream's filter had kept from the function.
   * @throws {RecordsGoneError} when the stream does not have all of them any more
   */
  async read(range: StreamRange): Promise<readonly StreamChange[]> {
    try {
      return await this.#readAll(range);
    } catch (error) {
      if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException) {
        throw new RecordsGoneError('The stream does not keep the records any more.', { cause: error });
      }
      throw error;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #readAll({ streamArn, shardId, first, last }: StreamRange): Promise<readonly StreamChange[]> {
    const start = await this.#client.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: first,
      }),
    );
    const changes: StreamChange[] = [];
    let iterator = start.ShardIterator;
    for (let call = 0; iterator !== undefined && call < MAX_CALLS; call += 1) {
      const output = await this.#client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      const read = (output.Records ?? []).map(changeOf);
      changes.push(...read.filter(({ sequenceNumber }) => BigInt(sequenceNumber) <= BigInt(last)));
      const isPast = read.some(({ sequenceNumber }) => BigInt(sequenceNumber) >= BigInt(last));
      iterator = isPast ? undefined : output.NextShardIterator;
    }
    const isWhole = changes[0]?.sequenceNumber === first && changes.at(-1)?.sequenceNumber === last;
    if (!isWhole) {
      throw new RecordsGoneError('The stream does not have all records of the range.');
    }
    return changes;
  }
}

function changeOf({ dynamodb = {} }: WireRecord): StreamChange {
  const { Keys = {}, SequenceNumber = '0', ApproximateCreationDateTime } = dynamodb;
  const before = dynamodb.OldImage as StreamImage | undefined;
  const after = dynamodb.NewImage as StreamImage | undefined;
  return {
    sequenceNumber: SequenceNumber,
    recordedAt: BigInt(ApproximateCreationDateTime?.getTime() ?? 0) * MICROSECONDS_IN_MILLISECOND,
    images: () =>
      TRANSFERS_TABLE.sortKey in Keys
        ? { table: 'transfers', before: recordOfImage(before), after: recordOfImage(after) }
        : { table: 'accounts', before: accountOfImage(before), after: accountOfImage(after) },
  };
}
