import { describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../lib/local/emulators/table-stream.ts';
import type { InvocationResult } from '../../../lib/local/lambda/invocation-outcome.ts';
import { type BatchHandling, handleStreamBatch } from '../../../lib/local/lambda/stream-attempts.ts';
import { aRecord, numbersIn, records } from '../fixtures/stream-records.ts';

const OK: InvocationResult = { kind: 'returned', value: { batchItemFailures: [] } };
const THROWN: InvocationResult = { kind: 'failed', error: { name: 'Error', message: 'no', stack: '' } };

function failedFrom(...numbers: number[]): InvocationResult {
  const batchItemFailures = numbers.map((number) => ({ itemIdentifier: `${number}` }));
  return { kind: 'returned', value: { batchItemFailures } };
}

/** Handles records 1, 2, … and records what happened, in order. */
async function handle(
  count: number,
  answer: (numbers: number[], attempt: number) => InvocationResult,
  changes: Partial<BatchHandling> = {},
  signal = new AbortController().signal,
): Promise<string[]> {
  const story: string[] = [];
  let attempt = 0;
  const all = Array.from({ length: count }, (_, index) => aRecord(index + 1));
  const list = (batch: readonly { dynamodb: { SequenceNumber: string } }[]) =>
    batch.map(({ dynamodb }) => dynamodb.SequenceNumber).join(' ');
  await handleStreamBatch(
    all,
    {
      invoke: async (event) => {
        const numbers = numbersIn(event);
        story.push(`try ${numbers.join(' ')}`);
        attempt++;
        return answer(numbers, attempt);
      },
      reportsItemFailures: true,
      bisects: true,
      maxRetryAttempts: 2,
      maxRecordAgeSeconds: -1,
      ageOf: () => 0,
      onGivenUp: async ({ records: batch, attempts, condition }) =>
        void story.push(`give up ${list(batch)} after ${attempts}: ${condition}`),
      onFailure: () => {},
      onDone: (batch) => void story.push(`done ${list(batch)}`),
      pause: async (ms) => void story.push(`pause ${ms}`),
      ...changes,
    },
    signal,
  );
  return story;
}

describe('A batch of stream records', () => {
  it('is done at once when all goes well', async () => {
    expect(await handle(3, () => OK)).toStrictEqual(['try 1 2 3', 'done 1 2 3']);
  });

  it('is cut at the first record that is reported, and the rest is tried again whole', async () => {
    expect(await handle(4, (_numbers, attempt) => (attempt === 1 ? failedFrom(4, 3) : OK))).toStrictEqual([
      'try 1 2 3 4',
      'done 1 2',
      'pause 100',
      'try 3 4',
      'done 3 4',
    ]);
  });

  it('is tried again as a whole when the function throws and batches are not halved', async () => {
    expect(
      await handle(2, (_numbers, attempt) => (attempt < 3 ? THROWN : OK), { bisects: false }),
    ).toStrictEqual(['try 1 2', 'pause 100', 'try 1 2', 'pause 200', 'try 1 2', 'done 1 2']);
  });

  it('is halved until the record that can not be handled stands alone and is given up', async () => {
    const poison = (numbers: number[]) => (numbers.includes(4) ? THROWN : OK);
    expect(await handle(5, poison)).toStrictEqual([
      'try 1 2 3 4 5',
      'try 1 2 3',
      'done 1 2 3',
      'try 4 5',
      'try 4',
      'pause 100',
      'try 4',
      'pause 200',
      'try 4',
      // Tried with others, in halves, and alone; halving is no retry.
      'give up 4 after 5: RetryAttemptsExhausted',
      'done 4',
      'try 5',
      'done 5',
    ]);
  });

  it('counts retries anew where it got further', async () => {
    const onePerAttempt = (numbers: number[]) => failedFrom(...numbers.slice(1));
    expect(await handle(4, onePerAttempt, { bisects: false, maxRetryAttempts: 1 })).toStrictEqual([
      'try 1 2 3 4',
      'done 1',
      'pause 100',
      'try 2 3 4',
      'done 2',
      'pause 100',
      'try 3 4',
      'done 3',
      'pause 100',
      'try 4',
      'done 4',
    ]);
  });

  it('is given up as a whole where batches are not halved', async () => {
    expect(await handle(2, () => THROWN, { bisects: false, maxRetryAttempts: 0 })).toStrictEqual([
      'try 1 2',
      'give up 1 2 after 1: RetryAttemptsExhausted',
      'done 1 2',
    ]);
  });

  it('is not halved for a reported record, so that those behind it are given up with it', async () => {
    const poison = (numbers: number[]) => (numbers.includes(2) ? failedFrom(2) : OK);
    expect(await handle(3, poison, { maxRetryAttempts: 1 })).toStrictEqual([
      'try 1 2 3',
      'done 1',
      'pause 100',
      'try 2 3',
      'give up 2 3 after 2: RetryAttemptsExhausted',
      'done 2 3',
    ]);
  });

  it('is tried until it is too old, however often that is', async () => {
    let age = 0;
    const story = await handle(1, () => THROWN, {
      maxRetryAttempts: -1,
      maxRecordAgeSeconds: 72_000,
      ageOf: () => age,
      pause: async () => {
        age += 24_000;
      },
    });
    expect(story).toStrictEqual([
      'try 1',
      'try 1',
      'try 1',
      'try 1',
      'give up 1 after 4: RecordAgeExceeded',
      'done 1',
    ]);
  });

  it('loses only the records that are too old', async () => {
    const ageOf = ({ dynamodb }: StreamRecord) => (Number(dynamodb.SequenceNumber) < 3 ? 61 : 60);
    expect(await handle(4, () => OK, { maxRecordAgeSeconds: 60, ageOf })).toStrictEqual([
      'give up 1 2 after 0: RecordAgeExceeded',
      'done 1 2',
      'try 3 4',
      'done 3 4',
    ]);
  });

  it('is tried for ever, with pauses of at most five seconds, where retries are not bounded', async () => {
    const story = await handle(1, (_numbers, attempt) => (attempt < 9 ? THROWN : OK), {
      maxRetryAttempts: -1,
    });
    expect(story.filter((step) => step.startsWith('pause'))).toStrictEqual([
      'pause 100',
      'pause 200',
      'pause 400',
      'pause 800',
      'pause 1600',
      'pause 3200',
      'pause 5000',
      'pause 5000',
    ]);
  });

  it('fails as a whole when the response names a record that is not in it', async () => {
    expect(
      await handle(2, (_numbers, attempt) => (attempt === 1 ? failedFrom(7) : OK), { bisects: false }),
    ).toStrictEqual(['try 1 2', 'pause 100', 'try 1 2', 'done 1 2']);
  });

  it('is done whatever is reported when the mapping does not ask for reports', async () => {
    expect(await handle(2, () => failedFrom(2), { reportsItemFailures: false })).toStrictEqual([
      'try 1 2',
      'done 1 2',
    ]);
  });

  it('is left undone from the failed record on when the local run stops', async () => {
    const stopping = new AbortController();
    const story = await handle(
      3,
      () => {
        stopping.abort();
        return failedFrom(2);
      },
      {},
      stopping.signal,
    );
    expect(story).toStrictEqual(['try 1 2 3', 'done 1', 'pause 100']);
  });

  it('counts as given up only after that was noted', async () => {
    const story: string[] = [];
    await handleStreamBatch(
      records(1),
      {
        invoke: async () => THROWN,
        reportsItemFailures: true,
        bisects: true,
        maxRetryAttempts: 0,
        maxRecordAgeSeconds: -1,
        ageOf: () => 0,
        onGivenUp: async () => {
          await Promise.resolve();
          story.push('noted');
        },
        onFailure: () => {},
        onDone: () => void story.push('done'),
        pause: async () => {},
      },
      new AbortController().signal,
    );
    expect(story).toStrictEqual(['noted', 'done']);
  });
});
