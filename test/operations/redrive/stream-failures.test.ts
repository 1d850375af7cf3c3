import { describe, expect, it } from 'vitest';
import { adviceWithoutRecords } from '../../../lib/operations/redrive/failure-notices.ts';
import { parseFailureNotice } from '../../../lib/shell/failure-notices.ts';

const PUBLISHER = 'SwaptacularAccounts-PublishEvents0A1B2C3D-xyz';
const CREDITOR = 'SwaptacularAccounts-CreditRecipients0A1B2C3D-xyz';

describe('A notice of a stream failure', () => {
  const NOTICE = {
    requestContext: {
      requestId: 'd7a0e0a5-7f2a-4d6c-9a4b-0b1c2d3e4f5a',
      functionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${CREDITOR}`,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 11,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-01-15T08:10:00.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000001573689847184-864758bb',
      startSequenceNumber: '800000000003126276362',
      endSequenceNumber: '800000000003126276370',
      approximateArrivalOfFirstRecord: '2026-01-15T08:00:00Z',
      approximateArrivalOfLastRecord: '2026-01-15T08:00:05Z',
      batchSize: 2,
      streamArn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Transfers/stream/2026-01-01T00:00:00.000',
    },
  };

  it('tells which function gave up which records', () => {
    expect(parseFailureNotice(JSON.stringify(NOTICE))).toStrictEqual({
      functionName: 'credit-recipients',
      condition: 'RetryAttemptsExhausted',
      streamArn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Transfers/stream/2026-01-01T00:00:00.000',
      shardId: 'shardId-00000001573689847184-864758bb',
      first: '800000000003126276362',
      last: '800000000003126276370',
      batchSize: 2,
      arrivedFrom: 1_768_464_000_000_000n,
      arrivedTo: 1_768_464_005_000_000n,
    });
  });

  it.each([
    [CREDITOR, ['The next sweep of the transfers makes the credits that are still due.']],
    [
      PUBLISHER,
      [
        'Publish the messages of that time again: npm run republish -- --from 2026-01-15T07:59:00+00:00 --to 2026-01-15T08:01:05+00:00 --apply',
      ],
    ],
    [
      'another',
      [
        'The next sweep of the transfers makes the credits that are still due.',
        'Publish the messages of that time again: npm run republish -- --from 2026-01-15T07:59:00+00:00 --to 2026-01-15T08:01:05+00:00 --apply',
      ],
    ],
  ])('leads to the advice for %s', (functionArn, advice) => {
    const notice = parseFailureNotice(
      JSON.stringify({ ...NOTICE, requestContext: { ...NOTICE.requestContext, functionArn } }),
    );
    expect(notice && adviceWithoutRecords(notice)).toStrictEqual(advice);
  });

  it.each([
    ['no JSON', 'notice'],
    ['JSON of something else', 'null'],
    ['a notice about something else than a stream', '{"requestContext":{},"KinesisBatchInfo":{}}'],
  ])('is not taken for what is %s', (_, text) => {
    expect(parseFailureNotice(text)).toBe(undefined);
  });
});
