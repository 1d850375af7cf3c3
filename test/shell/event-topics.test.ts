/** Outgoing messages on their way to the topics (SMP 2.1, section 2). */

import type { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { snsEventTopics, type TopicEntry } from '../../lib/shell/event-topics.ts';
import { testSnsClient } from '../support/messaging-clients.ts';

const ARNS = { to_creditors: 'arn:c', to_debtors: 'arn:d', to_coordinators: 'arn:k' };

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
    expect(failed).toStrictEqual([
      'record 3',
      ...Array.from({ length: 10 }, (_, index) => `record ${10 + index}`),
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
