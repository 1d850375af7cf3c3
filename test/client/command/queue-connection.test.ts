/** The command's connection to SQS: it knows when it has caught up, and never leaves a call that took messages. */

import { describe, expect, it } from 'vitest';
import type { QueueCalls } from '../../../lib/client/aws/calls.ts';
import { queueConnection } from '../../../lib/client/command/queue-connection.ts';

const NEVER = new AbortController().signal;

/** A queue whose calls for messages the test answers one by one. */
function aQueue() {
  const calls: { answer: (bodies: readonly string[]) => void; fail: (error: Error) => void; wait: number }[] =
    [];
  const sqs: QueueCalls = {
    sendMessageBatch: async () => ({}),
    deleteMessageBatch: async () => ({}),
    receiveMessage: ({ WaitTimeSeconds }) =>
      new Promise((resolve, reject) => {
        const answer = (bodies: readonly string[]) =>
          resolve({ Messages: bodies.map((Body) => ({ Body, ReceiptHandle: Body })) });
        calls.push({ answer, fail: reject, wait: WaitTimeSeconds });
      }),
  };
  const connection = queueConnection({ sqs, incomingQueueUrl: 'incoming', queueUrl: 'mine' });
  return { calls, connection };
}

/** Whether the promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const turn = new Promise((resolve) => setImmediate(resolve, pending));
  return (await Promise.race([promise.catch(() => undefined), turn])) !== pending;
}

describe('a connection', () => {
  it('has caught up at the first call that brings nothing', async () => {
    const { calls, connection } = aQueue();
    const caughtUp = connection.untilCaughtUp(NEVER);
    const first = connection.transport.receive(NEVER);
    calls[0]?.answer(['a']);
    expect((await first).map(({ body }) => body)).toStrictEqual(['a']);
    expect(await isDone(caughtUp)).toBe(false);
    const second = connection.transport.receive(NEVER);
    calls[1]?.answer([]);
    expect(await second).toStrictEqual([]);
    expect(await isDone(caughtUp)).toBe(true);
    expect(calls.map(({ wait }) => wait)).toStrictEqual([1, 1]);
  });

  it('waits no longer than the user does', async () => {
    const stop = new AbortController();
    const caughtUp = aQueue().connection.untilCaughtUp(stop.signal);
    stop.abort(new Error('enough'));
    await expect(caughtUp).rejects.toThrow('enough');
  });

  it('rests when what the last call brought is processed, and takes no more', async () => {
    const { calls, connection } = aQueue();
    const taking = connection.transport.receive(NEVER);
    const rest = connection.rest(NEVER);
    calls[0]?.answer(['a']);
    await taking;
    expect(await isDone(rest)).toBe(false);
    const closing = new AbortController();
    const inVain = connection.transport.receive(closing.signal);
    expect(await isDone(rest)).toBe(true);
    closing.abort(new Error('closed'));
    await expect(inVain).rejects.toThrow('closed');
    expect(calls).toHaveLength(1);
  });

  it('is at rest at once between two calls, and after a call that failed', async () => {
    const { calls, connection } = aQueue();
    const taking = connection.transport.receive(NEVER);
    calls[0]?.fail(new Error('no network'));
    await expect(taking).rejects.toThrow('no network');
    await connection.rest(NEVER);
    const other = aQueue();
    const failing = other.connection.transport.receive(NEVER);
    const rest = other.connection.rest(NEVER);
    other.calls[0]?.fail(new Error('no network'));
    await expect(failing).rejects.toThrow('no network');
    await rest;
  });

  it('rests without another call once it has caught up, where only records are read', async () => {
    const { calls, connection } = aQueue();
    const caughtUp = connection.catchUpAndRest(NEVER);
    const taking = connection.transport.receive(NEVER);
    calls[0]?.answer([]);
    await taking;
    await caughtUp;
    const closing = new AbortController();
    void connection.transport.receive(closing.signal).catch(() => {});
    await connection.rest(NEVER);
    expect(calls).toHaveLength(1);
  });
});
