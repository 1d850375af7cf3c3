/** Chores on their way through SQS. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type Chore, parseChore, printChore, sqsChoreQueue } from '../../lib/shell/chore-queue.ts';
import { testSqsClient } from '../support/messaging-clients.ts';

const MIN_INT64 = -(2n ** 63n);

function aChore(number: number): Chore {
  return { account: { debtorId: 1n, creditorId: BigInt(number) }, since: BigInt(100 + number) };
}

function someChores(count: number): readonly Chore[] {
  return Array.from({ length: count }, (_, index) => aChore(index));
}

describe('the queue of chores', () => {
  it('gets each chore with its delay in whole seconds', async () => {
    const { client, inputs } = testSqsClient();
    const failed = await sqsChoreQueue(client, 'queue-url', 119.6).send(someChores(2));
    expect(failed).toStrictEqual([]);
    expect(inputs).toStrictEqual([
      {
        QueueUrl: 'queue-url',
        Entries: [
          { Id: '0', MessageBody: '{"chore":"announce","account":"1:0","since":"100"}', DelaySeconds: 120 },
          { Id: '1', MessageBody: '{"chore":"announce","account":"1:1","since":"101"}', DelaySeconds: 120 },
        ],
      },
    ]);
  });

  it('gets ten in a call, and eight calls at once', async () => {
    const { client, inputs, mostAtOnce } = testSqsClient();
    await sqsChoreQueue(client, 'queue-url', 0).send(someChores(205));
    expect(inputs).toHaveLength(21);
    expect(inputs.flatMap(({ Entries = [] }) => Entries)).toHaveLength(205);
    expect(mostAtOnce()).toBe(8);
  });

  it('tells which chores it did not take', async () => {
    const { client } = testSqsClient((call) => (call === 0 ? [2, 5] : []));
    const failed = await sqsChoreQueue(client, 'queue-url', 0).send(someChores(15));
    expect(failed).toStrictEqual([
      { item: aChore(2), kind: 'unavailable', reason: 'InternalError: try again' },
      { item: aChore(5), kind: 'unavailable', reason: 'InternalError: try again' },
    ]);
  });

  it('has taken all when it names no failure, or one of no chore', async () => {
    for (const answer of [{}, { Failed: [{ Id: '9' }] }]) {
      const client = { send: async () => answer } as unknown as SQSClient;
      expect(await sqsChoreQueue(client, 'queue-url', 0).send(someChores(1))).toStrictEqual([]);
    }
  });

  it('counts a call that failed as not taken, since nobody knows', async () => {
    const { client } = testSqsClient((call) => (call === 1 ? new Error('timed out') : []));
    const failed = await sqsChoreQueue(client, 'queue-url', 0).send(someChores(25));
    expect(failed.map(({ item }) => item.account.creditorId)).toStrictEqual([
      10n,
      11n,
      12n,
      13n,
      14n,
      15n,
      16n,
      17n,
      18n,
      19n,
    ]);
  });
});

describe('a chore', () => {
  it('is read back for any account and instant', () => {
    const chore = { account: { debtorId: MIN_INT64, creditorId: 2n ** 63n - 1n }, since: -(2n ** 53n) - 1n };
    expect(parseChore(printChore(chore))).toStrictEqual(chore);
  });

  it('that an older release has sent is for whatever is pending', () => {
    expect(parseChore('{"chore":"announce","account":"1:2"}')).toStrictEqual({
      account: { debtorId: 1n, creditorId: 2n },
      since: 253_402_300_799_999_999n,
    });
  });

  it.each([
    '',
    'null',
    '{}',
    '{"account":7}',
    '{"account":"1"}',
    '{"account":"1:2:3"}',
    '{"account":"1:2","since":"now"}',
  ])('is refused when it is none: %j', (body) => {
    expect(() => parseChore(body)).toThrow();
  });
});
