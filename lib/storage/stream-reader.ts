/** Reading single records of a table's stream again, by their sequence numbers, for as long as DynamoDB keeps them: a day. */

import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type _Record as WireRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { type StreamRecord, sequenceNumberOf } from './stream-record.ts';
import type { AwsPlace } from './table-access.ts';

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
const MILLISECONDS_IN_SECOND = 1_000;

export class StreamReader {
  readonly #client: DynamoDBStreamsClient;

  constructor(place: AwsPlace) {
    this.#client = new DynamoDBStreamsClient(place);
  }

  /**
   * All records of the range, those included that the stream's filter had kept from the function.
   * @throws {RecordsGoneError} when the stream does not have all of them any more
   */
  async read(range: StreamRange): Promise<readonly StreamRecord[]> {
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

  async #readAll({ streamArn, shardId, first, last }: StreamRange): Promise<readonly StreamRecord[]> {
    const start = await this.#client.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: first,
      }),
    );
    const records: StreamRecord[] = [];
    let iterator = start.ShardIterator;
    for (let call = 0; iterator !== undefined && call < MAX_CALLS; call += 1) {
      const output = await this.#client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      const read = (output.Records ?? []).map((record) => recordOf(record, streamArn));
      records.push(...read.filter((record) => positionOf(record) <= BigInt(last)));
      const isPast = read.some((record) => positionOf(record) >= BigInt(last));
      iterator = isPast ? undefined : output.NextShardIterator;
    }
    const ends = [records[0], records.at(-1)].map((record) => record && sequenceNumberOf(record));
    if (ends[0] !== first || ends[1] !== last) {
      throw new RecordsGoneError('The stream does not have all records of the range.');
    }
    return records;
  }
}

function positionOf(record: StreamRecord): bigint {
  return BigInt(sequenceNumberOf(record));
}

/** In the form in which Lambda hands records over, which has no `Date`. */
function recordOf({ dynamodb = {} }: WireRecord, eventSourceARN: string): StreamRecord {
  const { ApproximateCreationDateTime: createdAt, ...rest } = dynamodb;
  const seconds = (createdAt?.getTime() ?? 0) / MILLISECONDS_IN_SECOND;
  return { eventSourceARN, dynamodb: { ...rest, ApproximateCreationDateTime: seconds } };
}
