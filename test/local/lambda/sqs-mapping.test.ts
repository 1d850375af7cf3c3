import { afterEach, describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../../lib/local/lambda/invocation-outcome.ts';
import {
  collectBatch,
  printSqsEvent,
  type RunningMapping,
  type SqsBatchFailure,
  type SqsMappingDefinition,
  startSqsMapping,
} from '../../../lib/local/lambda/sqs-mapping.ts';
import { eventually } from '../../support/eventually.ts';
import { aMessage, createMemoryQueue } from '../fixtures/local-queue.ts';

const OK: InvocationResult = { kind: 'returned', value: { batchItemFailures: [] } };

const mappings: RunningMapping[] = [];

afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.stop()));
});

/** Starts a mapping from a queue in memory and notes the batches that the function is invoked with. */
function start(
  answer: (texts: string[]) => Promise<InvocationResult>,
  changes: Partial<SqsMappingDefinition> = {},
) {
  const queue = createMemoryQueue();
  const batches: string[][] = [];
  const failures: SqsBatchFailure[] = [];
  const mapping = startSqsMapping({
    queue,
    invoke: (event) => {
      const texts = (JSON.parse(event) as { Records: { body: string }[] }).Records.map(({ body }) => body);
      batches.push(texts);
      return answer(texts);
    },
    batchSize: 10,
    windowMs: 0,
    concurrency: 1,
    reportsItemFailures: true,
    onFailure: (failure) => void failures.push(failure),
    ...changes,
  });
  mappings.push(mapping);
  return { queue, batches, failures, mapping };
}

describe('A mapping from a queue', () => {
  it('deletes what was handled', async () => {
    const { queue, batches } = start(async () => OK);
    queue.put('a', 'b', 'c');
    await eventually(() => expect(queue.deleted).toStrictEqual(['a', 'b', 'c']));
    expect(batches).toStrictEqual([['a', 'b', 'c']]);
  });

  it('leaves what the function reports as failed', async () => {
    const { queue, failures } = start(async () => ({
      kind: 'returned',
      value: { batchItemFailures: [{ itemIdentifier: 'b' }] },
    }));
    queue.put('a', 'b', 'c');
    await eventually(() =>
      expect(failures).toStrictEqual([{ failedCount: 1, batchSize: 3, reason: undefined }]),
    );
    expect(queue.deleted).toStrictEqual(['a', 'c']);
  });

  it('leaves everything when the function throws', async () => {
    const { queue, failures } = start(async () => ({
      kind: 'failed',
      error: { name: 'TypeError', message: 'x is undefined', stack: '' },
    }));
    queue.put('a', 'b');
    await eventually(() =>
      expect(failures).toStrictEqual([{ failedCount: 2, batchSize: 2, reason: 'TypeError: x is undefined' }]),
    );
    expect(queue.deleted).toStrictEqual([]);
  });

  it.each<[string, unknown]>([
    ['is no object', 'fine'],
    ['has failures without identifiers', { batchItemFailures: [{ id: 'a' }] }],
    ['names a message that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'z' }] }],
    ['names a message by nothing', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ])('leaves everything when the response %s', async (_case, value) => {
    const { queue, failures } = start(async () => ({ kind: 'returned', value }));
    queue.put('a', 'b');
    await eventually(() => expect(failures.length).toBe(1));
    expect(queue.deleted).toStrictEqual([]);
  });

  it.each<[string, unknown]>([
    ['there is no response', null],
    ['the response is empty', {}],
    ['the list is null', { batchItemFailures: null }],
  ])('deletes everything when %s', async (_case, value) => {
    const { queue } = start(async () => ({ kind: 'returned', value }));
    queue.put('a', 'b');
    await eventually(() => expect(queue.deleted).toStrictEqual(['a', 'b']));
  });

  it('deletes everything, whatever is reported, when it does not ask for reports', async () => {
    const value = { batchItemFailures: [{ itemIdentifier: 'a' }] };
    const { queue } = start(async () => ({ kind: 'returned', value }), { reportsItemFailures: false });
    queue.put('a', 'b');
    await eventually(() => expect(queue.deleted).toStrictEqual(['a', 'b']));
  });

  it('has no more batches under way than allowed, and lets messages gather meanwhile', async () => {
    const gate = Promise.withResolvers<InvocationResult>();
    const { queue, batches } = start(() => gate.promise, { concurrency: 2, batchSize: 2 });
    queue.put('a', 'b', 'c', 'd', 'e', 'f', 'g');
    await eventually(() =>
      expect(batches).toStrictEqual([
        ['a', 'b'],
        ['c', 'd'],
      ]),
    );
    expect(queue.waiting()).toStrictEqual(['e', 'f', 'g']);
    gate.resolve(OK);
    await eventually(() => expect(queue.deleted.length).toBe(7));
    expect(batches.slice(2)).toStrictEqual([['e', 'f'], ['g']]);
  });

  it('finishes what it took when it is stopped, and takes nothing more', async () => {
    const gate = Promise.withResolvers<InvocationResult>();
    const { queue, batches, mapping } = start(() => gate.promise);
    queue.put('a');
    await eventually(() => expect(batches.length).toBe(1));
    queue.put('b');
    const stopped = mapping.stop();
    gate.resolve(OK);
    await stopped;
    expect([queue.deleted, queue.waiting()]).toStrictEqual([['a'], ['b']]);
  });
});

describe('The window of a batch', () => {
  const never = new AbortController().signal;

  it('ends when the batch is full', async () => {
    const queue = createMemoryQueue();
    const collecting = collectBatch({ queue, batchSize: 3, windowMs: 60_000 }, never);
    queue.put('a');
    queue.put('b');
    await eventually(() => expect(queue.waiting()).toStrictEqual([]));
    queue.put('c', 'd');
    expect((await collecting).map(({ body }) => body)).toStrictEqual(['a', 'b', 'c']);
  });

  it('ends with what is there when its time has passed', async () => {
    const queue = createMemoryQueue();
    queue.put('a');
    const batch = await collectBatch({ queue, batchSize: 3, windowMs: 20 }, never);
    expect(batch.map(({ body }) => body)).toStrictEqual(['a']);
  });

  it('begins with the first message, not before', async () => {
    const queue = createMemoryQueue();
    const stopping = new AbortController();
    const collecting = collectBatch({ queue, batchSize: 3, windowMs: 1 }, stopping.signal);
    queue.put('late');
    expect((await collecting).map(({ body }) => body)).toStrictEqual(['late']);
  });

  it('is cut short when the local run stops', async () => {
    const queue = createMemoryQueue();
    const stopping = new AbortController();
    queue.put('a');
    const collecting = collectBatch({ queue, batchSize: 3, windowMs: 60_000 }, stopping.signal);
    stopping.abort();
    expect((await collecting).map(({ body }) => body)).toStrictEqual(['a']);
  });
});

describe('The event of a queue', () => {
  it('has the fields and the spelling of Lambda', () => {
    const message = {
      ...aMessage('hello'),
      receiveCount: 3,
      messageAttributes: { type: { DataType: 'String', StringValue: 'Greeting' } },
      md5OfMessageAttributes: 'other digest',
    };
    expect(JSON.parse(printSqsEvent([message], 'arn:aws:sqs:us-east-1:000000000000:in'))).toStrictEqual({
      Records: [
        {
          messageId: 'hello',
          receiptHandle: 'receipt of hello',
          body: 'hello',
          attributes: {
            ApproximateReceiveCount: '3',
            SentTimestamp: '1800000000000',
            SenderId: 'local',
            ApproximateFirstReceiveTimestamp: '1800000000001',
          },
          messageAttributes: {
            type: { stringValue: 'Greeting', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfMessageAttributes: 'other digest',
          md5OfBody: 'digest',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:in',
          awsRegion: 'us-east-1',
        },
      ],
    });
  });
});
