/** Outgoing messages on their way to the topics (SMP 2.1, section 2). */

import type { PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { snsEventTopics, type TopicEntry } from '../../lib/shell/event-topics.ts';
import type { FailedEntry } from '../../lib/shell/send-failures.ts';
import { testSnsClient } from '../support/messaging-clients.ts';

const ARNS = { to_creditors: 'arn:c', to_debtors: 'arn:d', to_coordinators: 'arn:k' };

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** What SNS answers to calls that hold refused messages: it refuses the whole call, or names these. */
function refusing(numbers: readonly number[], way: 'whole call' | 'entries') {
  const calls: string[][] = [];
  const send = async ({ input }: { readonly input: PublishBatchCommandInput }) => {
    const sent = (input.PublishBatchRequestEntries ?? []).map(({ Id, Message = '' }) => ({ Id, Message }));
    calls.push(sent.map(({ Message }) => Message));
    const refused = sent.filter(({ Message }) => numbers.includes(JSON.parse(Message).number));
    if (way === 'whole call' && refused.length > 0) {
      throw named('InvalidParameterException', 'Message too long');
    }
    return { Failed: refused.map(({ Id }) => ({ Id, Code: 'InvalidParameter', SenderFault: true })) };
  };
  return { client: { send } as unknown as SNSClient, calls };
}

function entries(count: number): TopicEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    body: `{"number": ${index}}`,
    attributes: { type: 'AccountUpdate', debtor_id: '1' },
    origin: `record ${index}`,
  }));
}

describe('a topic', () => {
  it('gets each message with its attributes as strings', async () => {
    const { client, inputs } = testSnsClient();
    expect(await snsEventTopics(client, ARNS).publish('to_debtors', entries(1))).toStrictEqual([]);
    expect(inputs).toStrictEqual([
      {
        TopicArn: 'arn:d',
        PublishBatchRequestEntries: [
          {
            Id: '0',
            Message: '{"number": 0}',
            MessageAttributes: {
              type: { DataType: 'String', StringValue: 'AccountUpdate' },
              debtor_id: { DataType: 'String', StringValue: '1' },
            },
          },
        ],
      },
    ]);
  });

  it('gets ten messages in a call, and eight calls at once', async () => {
    const { client, inputs, mostAtOnce } = testSnsClient();
    await snsEventTopics(client, ARNS).publish('to_creditors', entries(205));
    const sent = inputs.flatMap(({ PublishBatchRequestEntries = [] }) => PublishBatchRequestEntries);
    expect(inputs).toHaveLength(21);
    expect(sent.map(({ Message }) => Message)).toStrictEqual(entries(205).map(({ body }) => body));
    expect(mostAtOnce()).toBe(8);
  });

  it('tells the origins of messages that it did not take, and of those in a call that failed', async () => {
    const { client } = testSnsClient((call) => (call === 0 ? [3] : call === 1 ? new Error('timed out') : []));
    const failed = await snsEventTopics(client, ARNS).publish('to_coordinators', entries(22));
    const all = entries(22);
    expect(failed).toStrictEqual([
      { item: all[3], kind: 'unavailable', reason: 'InternalError: try again' },
      ...all.slice(10, 20).map((item) => ({ item, kind: 'unavailable', reason: 'Error: timed out' })),
    ]);
  });

  it('gets no further call after one of which it took nothing', async () => {
    const { client, inputs } = testSnsClient(() => named('AuthorizationErrorException', 'not you'));
    const failed = await snsEventTopics(client, ARNS).publish('to_debtors', entries(205));
    expect(inputs).toHaveLength(8);
    const [reason, untried] = [
      'AuthorizationErrorException: not you',
      'not tried after AuthorizationErrorException: not you',
    ];
    expect(failed).toStrictEqual([
      ...entries(80).map((item) => ({ item, kind: 'denied', reason })),
      ...entries(205)
        .slice(80)
        .map((item) => ({ item, kind: 'untried', reason: untried })),
    ]);
  });

  it('has taken all when it names no failure, or one of no message', async () => {
    for (const answer of [{}, { Failed: [{ Id: '9' }] }]) {
      const client = { send: async () => answer } as unknown as SNSClient;
      expect(await snsEventTopics(client, ARNS).publish('to_debtors', entries(1))).toStrictEqual([]);
    }
  });

  it('is not called for nothing', async () => {
    const { client, inputs } = testSnsClient();
    expect(await snsEventTopics(client, ARNS).publish('to_creditors', [])).toStrictEqual([]);
    expect(inputs).toStrictEqual([]);
  });
});

describe('a message that its topic refuses for its content', () => {
  it.each(['whole call', 'entries'] as const)(
    'is tried three times alone, and its neighbours are taken (%s)',
    async (way) => {
      const { client, calls } = refusing([4], way);
      const failed = await snsEventTopics(client, ARNS).publish('to_debtors', entries(12));
      expect(failed.map(({ item, kind }) => [item.origin, kind])).toStrictEqual([['record 4', 'refused']]);
      const alone = calls.filter((call) => call.length === 1);
      expect(alone.filter(([body]) => body === '{"number": 4}')).toHaveLength(3);
      expect(alone).toHaveLength(way === 'entries' ? 3 : 12);
    },
  );

  it('has failed for another reason when one of the tries says so', async () => {
    const answers = [named('InvalidParameter', ''), named('InvalidParameter', ''), named('Throttled', '')];
    const { client, inputs } = testSnsClient((call) => answers[call] ?? []);
    const failed = await snsEventTopics(client, ARNS).publish('to_debtors', entries(1));
    expect(failed.map(({ kind }) => kind)).toStrictEqual(['throttled']);
    expect(inputs).toHaveLength(3);
  });

  it('is told from its neighbours, which fail for another reason in the same call', async () => {
    const refusal: FailedEntry = { Code: 'InvalidParameter', SenderFault: true };
    const others = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => [index, { Code: 'InternalError' }] as const);
    const { client, inputs } = testSnsClient(
      (call) => new Map<number, FailedEntry>([[0, refusal], ...(call === 0 ? others : [])]),
    );
    const failed = await snsEventTopics(client, ARNS).publish('to_debtors', entries(10));
    expect(
      inputs.map(({ PublishBatchRequestEntries = [] }) => PublishBatchRequestEntries.length),
    ).toStrictEqual([10, 1, 1, 1]);
    expect(failed.map(({ kind }) => kind)).toStrictEqual([...others.map(() => 'unavailable'), 'refused']);
  });

  it('is taken in the end when a try succeeds', async () => {
    const { client } = testSnsClient((call) => (call < 3 ? named('InvalidParameter', '') : []));
    expect(await snsEventTopics(client, ARNS).publish('to_debtors', entries(1))).toStrictEqual([]);
  });

  it('is hardly to blame when the topic refuses ten and takes none', async () => {
    const { client, calls } = refusing(
      entries(10).map((_, index) => index),
      'entries',
    );
    const failed = await snsEventTopics(client, ARNS).publish('to_debtors', entries(10));
    expect(failed.map(({ kind }) => kind)).toStrictEqual(entries(10).map(() => 'unavailable'));
    expect(calls).toHaveLength(11);
  });

  it('is to blame when the topic takes another, or refuses fewer than ten', async () => {
    for (const count of [9, 11]) {
      const { client } = refusing(
        entries(10).map((_, index) => index),
        'entries',
      );
      const failed = await snsEventTopics(client, ARNS).publish('to_debtors', entries(count));
      expect(failed.map(({ kind }) => kind)).toStrictEqual(entries(Math.min(10, count)).map(() => 'refused'));
    }
  });
});
