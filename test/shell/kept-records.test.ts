/** Stream records that can't be read, on their way into the queue of stream failures: whole, or not at all. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import {
  parseKeptRecord,
  printKeptRecord,
  type RecordKeeper,
  sqsRecordKeeper,
} from '../../lib/shell/kept-records.ts';
import { testSqsClient } from '../support/messaging-clients.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';

/** As Lambda hands one over. */
const RECORD = {
  eventID: '7de3041dd709b024af6f29e4fa13d34c',
  eventName: 'MODIFY',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-central-1',
  dynamodb: {
    ApproximateCreationDateTime: 1_768_464_000,
    Keys: { account: { S: '1:1099511627777' }, transferId: { N: '9007199254740993' } },
    OldImage: { amount: { N: '9223372036854775807' }, ['__proto__']: { NULL: true } },
    NewImage: {
      amount: { S: 'a lot\u0000' },
      extra: { M: { list: { L: [{ BOOL: true }, { B: 'AAE=' }] } } },
    },
    SequenceNumber: '4421584500000000017450439091',
    SizeBytes: 26,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
  eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Transfers/stream/2026-01-01T00:00:00.000',
};
const REASON = 'CorruptItemError: Item 1:1099511627777:1 / 9007199254740993 can not be read.';

function keeperOf(client: SQSClient, telemetry = new TestTelemetry()): RecordKeeper {
  return sqsRecordKeeper(client, { queueUrl: 'queue-url', functionName: 'publish-events', telemetry });
}

function recordOf(number: number, text = ''): typeof RECORD {
  return {
    ...RECORD,
    dynamodb: { ...RECORD.dynamodb, SequenceNumber: `${number}`, NewImage: { text: { S: text } } } as never,
  };
}

function poison(count: number, text?: string) {
  return Array.from({ length: count }, (_, number) => ({ record: recordOf(number, text), reason: REASON }));
}

describe('A kept record', () => {
  it('is a message with the name of the function, the reason, and the record exactly as it came', async () => {
    const { client, inputs } = testSqsClient();
    const keeper = keeperOf(client);
    expect(await keeper.keep([{ record: RECORD, reason: REASON }])).toStrictEqual([]);
    const [input] = inputs;
    const body = input?.Entries?.[0]?.MessageBody ?? '';
    expect(inputs).toStrictEqual([{ QueueUrl: 'queue-url', Entries: [{ Id: '0', MessageBody: body }] }]);
    expect(JSON.parse(body)).toStrictEqual({ function: 'publish-events', reason: REASON, record: RECORD });
  });

  it('is read again as it was written', () => {
    const kept = { functionName: 'credit-recipients', reason: REASON, record: RECORD } as const;
    expect(parseKeptRecord(printKeptRecord(kept))).toStrictEqual(kept);
  });

  it('holds what SQS does not take only in escaped form', () => {
    const everything = Array.from({ length: 0x1_0000 }, (_, unit) => String.fromCharCode(unit)).join('');
    const kept = {
      functionName: 'publish-events',
      reason: everything,
      record: recordOf(1, everything),
    } as const;
    const body = printKeptRecord(kept);
    expect(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(body)).toBe(false);
    expect(parseKeptRecord(body)).toStrictEqual(kept);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"function":"publish-events"}',
    '{"function":"publish-events","record":{}}',
    '{"function":"publish-events","record":{"dynamodb":{}}}',
    '{"function":"run-chores","record":{"dynamodb":{"SequenceNumber":"1"}}}',
  ])('is not taken for what is none: %s', (text) => {
    expect(parseKeptRecord(text)).toBe(undefined);
  });
});

describe('Keeping records', () => {
  it('is done when the queue names no failure, or one of no record', async () => {
    for (const answer of [{}, { Failed: [{ Id: '9' }] }]) {
      const client = { send: async () => answer } as unknown as SQSClient;
      const keeper = sqsRecordKeeper(client, {
        queueUrl: 'queue-url',
        functionName: 'publish-events',
        telemetry: new TestTelemetry(),
      });
      expect(await keeper.keep(poison(1))).toStrictEqual([]);
    }
  });

  it('takes a call for ten small ones, and one for each that is large', async () => {
    const { client, inputs } = testSqsClient();
    const keeper = keeperOf(client);
    await keeper.keep([...poison(11), ...poison(3, 'x'.repeat(800_000))]);
    expect(inputs.map(({ Entries = [] }) => Entries.length)).toStrictEqual([10, 1, 1, 1, 1]);
  });

  it('tells which are not kept: those that the queue refuses, and those of a call that fails', async () => {
    const telemetry = new TestTelemetry();
    const { client } = testSqsClient((call) => (call === 0 ? [1] : new Error('too long')));
    const keeper = keeperOf(client, telemetry);
    expect(await keeper.keep(poison(12))).toStrictEqual(['1', '10', '11']);
    expect(telemetry.counts).toStrictEqual({ 'Records.kept': 9, 'Records.notKept': 3 });
    expect(telemetry.log.slice(0, 2).map(({ message }) => message)).toStrictEqual([
      'A stream record was put into the queue of stream failures.',
      'A stream record could not be put into the queue of stream failures.',
    ]);
  });

  it('is told with the place and the reason, and without what is in the record', async () => {
    const telemetry = new TestTelemetry();
    const { client } = testSqsClient();
    await keeperOf(client, telemetry).keep(poison(1, 'secret'));
    expect(telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'A stream record was put into the queue of stream failures.',
        details: {
          sequenceNumber: '0',
          reason: REASON,
          bytes: Buffer.byteLength(
            printKeptRecord({
              functionName: 'publish-events',
              reason: REASON,
              record: recordOf(0, 'secret'),
            }),
          ),
        },
      },
    ]);
  });
});
