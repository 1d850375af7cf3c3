/** Lambda's failure notices: what is one, and what is read from it. */

import { describe, expect, it } from 'vitest';
import { parseFailureNotice, tableNameOf } from '../../lib/shell/failure-notices.ts';

const BATCH = {
  streamArn: 'arn:aws:dynamodb:x:1:table/Accounts/stream/2026-01-01T00:00:00.000',
  shardId: 'shardId-1',
  startSequenceNumber: '100',
  endSequenceNumber: '200',
  batchSize: 2,
  approximateArrivalOfFirstRecord: '2027-01-15T08:00:00Z',
  approximateArrivalOfLastRecord: '2027-01-15T08:00:01Z',
};

describe('A failure notice', () => {
  it('says which function gave up, why, and where its records are in the stream', () => {
    const functionArn = 'arn:aws:lambda:x:1:function:Stack-CreditRecipients0A1B-xyz';
    const requestContext = { functionArn, condition: 'RetryAttemptsExhausted' };
    const notice = parseFailureNotice(JSON.stringify({ requestContext, DDBStreamBatchInfo: BATCH }));
    expect(notice).toStrictEqual({
      functionName: 'credit-recipients',
      condition: 'RetryAttemptsExhausted',
      streamArn: BATCH.streamArn,
      shardId: 'shardId-1',
      first: '100',
      last: '200',
      batchSize: 2,
      arrivedFrom: 1_800_000_000_000_000n,
      arrivedTo: 1_800_000_001_000_000n,
    });
    expect(tableNameOf(BATCH)).toBe('Accounts');
  });

  it('needs only to say where the records are', () => {
    const { streamArn, shardId, startSequenceNumber, endSequenceNumber } = BATCH;
    const place = { streamArn, shardId, startSequenceNumber, endSequenceNumber };
    expect(parseFailureNotice(JSON.stringify({ DDBStreamBatchInfo: place }))).toMatchObject({
      functionName: undefined,
      first: '100',
      last: '200',
      arrivedFrom: undefined,
      arrivedTo: undefined,
    });
  });

  it.each([
    ['no JSON', 'a text'],
    ['nothing', 'null'],
    ['a notice about another kind of stream', '{"requestContext": {}, "KinesisBatchInfo": {}}'],
    ...['streamArn', 'shardId', 'startSequenceNumber', 'endSequenceNumber'].map((name) => [
      `a notice without ${name}`,
      JSON.stringify({ DDBStreamBatchInfo: { ...BATCH, [name]: undefined } }),
    ]),
  ])('is not %s', (_, body) => {
    expect(parseFailureNotice(body ?? '')).toBeUndefined();
  });
});
