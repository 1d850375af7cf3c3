/** Tasks of sweeps on their way through SQS. */

import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { SweepTask } from '../../lib/shell/sweep.ts';
import { parseSweepTask, sqsSweepQueue } from '../../lib/shell/sweep-queue.ts';
import { testSqsClient } from '../support/messaging-clients.ts';

const TASK: SweepTask = {
  segment: 3,
  totalSegments: 20,
  cursor: '{"account":"1:2"}',
  startedAt: '1800000000000000',
  itemCount: 2000,
  dueCount: 5,
  continuationCount: 7,
  waitCount: 0,
};

describe('the queue of a sweep', () => {
  it('carries a task as it is', async () => {
    const { client, inputs } = testSqsClient();
    await sqsSweepQueue(client, 'queue-url').send([TASK]);
    const [input] = inputs;
    expect(input?.QueueUrl).toBe('queue-url');
    expect(input?.Entries?.map(({ MessageBody = '' }) => parseSweepTask(MessageBody))).toStrictEqual([TASK]);
  });

  it('carries a task that is at its beginning', async () => {
    const { client, inputs } = testSqsClient();
    const task = { ...TASK, cursor: undefined, itemCount: 0, dueCount: 0 };
    await sqsSweepQueue(client, 'queue-url').send([task]);
    expect(parseSweepTask(inputs[0]?.Entries?.[0]?.MessageBody ?? '')).toStrictEqual(task);
  });

  it('delays tasks where that is asked for', async () => {
    const { client, inputs } = testSqsClient();
    await sqsSweepQueue(client, 'queue-url').send([TASK], 675);
    await sqsSweepQueue(client, 'queue-url').send([TASK], 0);
    expect(inputs.map(({ Entries }) => Entries?.[0]?.DelaySeconds)).toStrictEqual([675, undefined]);
  });

  it('carries the tasks of a release that counted no waits', () => {
    const { waitCount, ...older } = TASK;
    expect(parseSweepTask(JSON.stringify(older))).toStrictEqual({ ...older, waitCount: 0 });
  });

  it('takes ten tasks in a call', async () => {
    const { client, inputs } = testSqsClient();
    const tasks = Array.from({ length: 25 }, (_, segment) => ({ ...TASK, segment }));
    await sqsSweepQueue(client, 'queue-url').send(tasks);
    expect(inputs.map(({ Entries = [] }) => Entries.length)).toStrictEqual([10, 10, 5]);
  });

  it('is sent again those tasks that it refused', async () => {
    const { client, inputs } = testSqsClient((call) => (call === 0 ? [1] : []));
    const tasks = [0, 1, 2].map((segment) => ({ ...TASK, segment }));
    await sqsSweepQueue(client, 'queue-url').send(tasks);
    const sent = inputs.map(({ Entries = [] }) =>
      Entries.map(({ MessageBody = '' }) => parseSweepTask(MessageBody).segment),
    );
    expect(sent).toStrictEqual([[0, 1, 2], [1]]);
  });

  it('throws when it goes on refusing a task', async () => {
    const { client, inputs } = testSqsClient(() => [0]);
    await expect(sqsSweepQueue(client, 'queue-url').send([TASK])).rejects.toThrow(
      '1 tasks of a sweep could not be sent: InternalError: try again.',
    );
    expect(inputs).toHaveLength(3);
  });

  it('throws when it can not be reached', async () => {
    const { client } = testSqsClient(() => new Error('no route'));
    await expect(sqsSweepQueue(client, 'queue-url').send([TASK])).rejects.toThrow('no route');
  });

  it('has taken all when it names no failure', async () => {
    const client = { send: async () => ({}) } as unknown as SQSClient;
    await expect(sqsSweepQueue(client, 'queue-url').send([TASK])).resolves.toBeUndefined();
  });

  it('counts tasks that wait, that are delayed, and that are being worked on', async () => {
    const requests: unknown[] = [];
    const send = async (command: GetQueueAttributesCommand) => {
      requests.push(command.input);
      const Attributes = {
        ApproximateNumberOfMessages: '1',
        ApproximateNumberOfMessagesDelayed: '20',
        ApproximateNumberOfMessagesNotVisible: '300',
      };
      return command instanceof GetQueueAttributesCommand ? { Attributes } : {};
    };
    const client = { send } as unknown as SQSClient;
    expect(await sqsSweepQueue(client, 'queue-url').countTasks()).toBe(321);
    expect(requests).toStrictEqual([
      {
        QueueUrl: 'queue-url',
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesDelayed',
          'ApproximateNumberOfMessagesNotVisible',
        ],
      },
    ]);
  });
});

describe('what is no task', () => {
  const valid = JSON.stringify(TASK);
  it.each([
    ['no JSON', 'sweep!'],
    ['no object', 'null'],
    ['a list', '[]'],
    ['without a segment', valid.replace('"segment":3,', '')],
    ['of a segment that there is not', valid.replace('"segment":3', '"segment":20')],
    ['of a negative segment', valid.replace('"segment":3', '"segment":-1')],
    ['of half a segment', valid.replace('"segment":3', '"segment":0.5')],
    ['without a beginning', valid.replace('"1800000000000000"', '""')],
    ['with a beginning that has a word before', valid.replace('"1800000000000000"', '"at 1800000000000000"')],
    ['with a beginning that has a word after', valid.replace('"1800000000000000"', '"1800000000000000 us"')],
    ['with a beginning as a number', valid.replace('"1800000000000000"', '1800000000000000')],
    ['with a cursor that is none', valid.replace(/"cursor":"[^}]*}",/, '"cursor":7,')],
    ['without a count of items', valid.replace('"itemCount":2000,', '')],
    ['without a count of continuations', valid.replace(',"continuationCount":7', '')],
    ['without a count of what was due', valid.replace(',"dueCount":5', '')],
  ])('is refused: %s', (_, body) => {
    expect(body).not.toBe(valid);
    expect(() => parseSweepTask(body)).toThrow();
  });
});
