import { describe, expect, it } from 'vitest';
import { eventOfLogged, eventOfQueued, watchedQueues } from '../../lib/local/events.ts';

const QUEUES = watchedQueues({
  IncomingQueueUrl: 'http://127.0.0.1:4566/000000000000/Stack-Incoming',
  DeadLetterQueueUrl: 'http://127.0.0.1:4566/000000000000/Stack-DeadLetters',
});

const letter = (queueName: string, reason?: string) =>
  eventOfQueued(
    {
      queueName,
      messageId: 'm1',
      body: '{}',
      attributes: reason === undefined ? {} : { reason: { DataType: 'String', StringValue: reason } },
    },
    QUEUES,
  );

describe('An event of a local run', () => {
  it('is a message in the incoming queue or the dead-letter queue, and in no other', () => {
    expect([letter('Stack-Incoming'), letter('Stack-DeadLetters', 'no type'), letter('inbox')]).toStrictEqual(
      [
        { kind: 'in', messageId: 'm1', body: '{}' },
        { kind: 'dead', body: '{}', reason: 'no type' },
        undefined,
      ],
    );
  });

  it('is a log line about an ignored message', () => {
    const line = {
      level: 'INFO',
      message: 'A message is ignored.',
      timestamp: '2027-01-15T08:00:00.007Z',
      messageId: 'm1',
      type: 'FinalizeTransfer',
      account: '1:2',
      reason: 'there is no such transfer',
    };
    expect(eventOfLogged('process-messages', JSON.stringify(line))).toStrictEqual({
      kind: 'ignored',
      messageId: 'm1',
      type: 'FinalizeTransfer',
      account: '1:2',
      reason: 'there is no such transfer',
    });
  });

  it('is a warning, with its details', () => {
    const line = {
      level: 'WARN',
      message: 'Messages wait for an item that can not be read.',
      service: 'process-messages',
      count: 2,
      error: { name: 'CorruptItemError', message: 'Account 1:2 has no principal.' },
    };
    expect(eventOfLogged('process-messages', JSON.stringify(line))).toStrictEqual({
      kind: 'warning',
      functionLabel: 'process-messages',
      sentence:
        'Messages wait for an item that can not be read. count: 2 error: Account 1:2 has no principal.',
    });
  });

  it.each([
    ['an error, which is told as trouble', '{"level":"ERROR","message":"Something broke."}'],
    [
      'a dead letter, which is an event of its queue',
      '{"level":"WARN","message":"A malformed message goes to the dead-letter queue."}',
    ],
    ['no JSON', 'level: WARN'],
  ])('is not %s', (_case, line) => {
    expect(eventOfLogged('process-messages', line)).toBe(undefined);
  });
});
