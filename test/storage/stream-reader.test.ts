/** Reading a range of a stream again: all of its records, or word that they are gone. */

import { describe, expect, it } from 'vitest';
import { RecordsGoneError, StreamReader } from '../../lib/storage/stream-reader.ts';
import { answeringAws } from '../support/answering-aws.ts';

const RANGE = { streamArn: 'arn:stream', shardId: 'shard-1', first: '9', last: '12' };

function records(...numbers: readonly string[]): object[] {
  return numbers.map((SequenceNumber) => ({
    eventID: SequenceNumber,
    dynamodb: {
      SequenceNumber,
      ApproximateCreationDateTime: 1_800_000_000.5,
      Keys: { account: { S: '1:2' } },
    },
  }));
}

function numbersOf(
  read: readonly { readonly dynamodb?: { readonly SequenceNumber?: string | undefined } | undefined }[],
) {
  return read.map(({ dynamodb }) => dynamodb?.SequenceNumber);
}

describe('a range of a stream', () => {
  it('is read from its first record on', async () => {
    const aws = answeringAws({ ShardIterator: 'first' }, { Records: records('9', '12') });
    await new StreamReader(aws.config).read(RANGE);
    expect(aws.requests).toStrictEqual([
      {
        operation: 'GetShardIterator',
        input: {
          StreamArn: 'arn:stream',
          ShardId: 'shard-1',
          ShardIteratorType: 'AT_SEQUENCE_NUMBER',
          SequenceNumber: '9',
        },
      },
      { operation: 'GetRecords', input: { ShardIterator: 'first' } },
    ]);
  });

  it('has its records in the form in which Lambda hands them over', async () => {
    const aws = answeringAws({ ShardIterator: 'first' }, { Records: records('9', '12') });
    expect(await new StreamReader(aws.config).read(RANGE)).toStrictEqual(
      ['9', '12'].map((SequenceNumber) => ({
        eventSourceARN: 'arn:stream',
        dynamodb: {
          SequenceNumber,
          Keys: { account: { S: '1:2' } },
          ApproximateCreationDateTime: 1_800_000_000.5,
        },
      })),
    );
  });

  it('is read over several pages, and not beyond its end', async () => {
    const aws = answeringAws(
      { ShardIterator: 'first' },
      { Records: records('9'), NextShardIterator: 'second' },
      { NextShardIterator: 'third' },
      { Records: records('10', '12', '13'), NextShardIterator: 'fourth' },
    );
    expect(numbersOf(await new StreamReader(aws.config).read(RANGE))).toStrictEqual(['9', '10', '12']);
    expect(aws.requests.map(({ input }) => input).slice(1)).toStrictEqual([
      { ShardIterator: 'first' },
      { ShardIterator: 'second' },
      { ShardIterator: 'third' },
    ]);
  });

  it('may be one record', async () => {
    const aws = answeringAws(
      { ShardIterator: 'first' },
      { Records: records('9'), NextShardIterator: 'second' },
    );
    expect(numbersOf(await new StreamReader(aws.config).read({ ...RANGE, last: '9' }))).toStrictEqual(['9']);
    expect(aws.requests).toHaveLength(2);
  });

  it.each([
    ['its first record', [{ Records: records('10', '12') }]],
    ['its last record', [{ Records: records('9', '10') }]],
    ['any record', [{ Records: [] }]],
    ['its last record, but later ones', [{ Records: records('9', '13') }]],
  ])('is gone where the stream does not have %s', async (_missing, answers) => {
    const aws = answeringAws({ ShardIterator: 'first' }, ...answers);
    await expect(new StreamReader(aws.config).read(RANGE)).rejects.toThrow(
      new RecordsGoneError('The stream does not have all records of the range.'),
    );
  });

  it('is given up after 1000 pages', async () => {
    const aws = answeringAws({ ShardIterator: 'first' }, { Records: [], NextShardIterator: 'next' });
    await expect(new StreamReader(aws.config).read(RANGE)).rejects.toBeInstanceOf(RecordsGoneError);
    expect(aws.requests).toHaveLength(1 + 1000);
  });

  it.each(['TrimmedDataAccessException', 'ResourceNotFoundException'])(
    'is gone where the stream says %s',
    async (name) => {
      const aws = answeringAws({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'gone' });
      await expect(new StreamReader(aws.config).read(RANGE)).rejects.toMatchObject({
        name: 'RecordsGoneError',
        message: 'The stream does not keep the records any more.',
        cause: { name },
      });
    },
  );

  it('is not gone where the stream says something else', async () => {
    const aws = answeringAws({ __type: 'com.amazon.coral.validate#ValidationException', message: 'wrong' });
    await expect(new StreamReader(aws.config).read(RANGE)).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('can have records without a time or content', async () => {
    const aws = answeringAws(
      { ShardIterator: 'first' },
      { Records: [{ dynamodb: { SequenceNumber: '9' } }] },
    );
    expect(await new StreamReader(aws.config).read({ ...RANGE, last: '9' })).toStrictEqual([
      { eventSourceARN: 'arn:stream', dynamodb: { SequenceNumber: '9', ApproximateCreationDateTime: 0 } },
    ]);
  });
});

describe('a stream reader', () => {
  it('hangs up when it is closed', () => {
    const aws = answeringAws({});
    new StreamReader(aws.config).close();
    expect(aws.hangUps()).toBe(1);
  });
});
