/** When functions stop starting new work, and when the calls of what they have started end. */

import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bounded } from '../../functions/runtime/client-settings.ts';
import { boundCalls, endInTime, remainingTime } from '../../functions/runtime/remaining-time.ts';

function withTimeLeft(milliseconds: number): Context {
  const end = performance.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - performance.now() } as Context;
}

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  [40_000, true],
  [15_001, true],
  [15_000, false],
  [0, false],
])('with %i ms left, there is time to begin with something more: %s', (milliseconds, expected) => {
  const hasTime = remainingTime({ getRemainingTimeInMillis: () => milliseconds } as Context);
  expect(hasTime()).toBe(expected);
});

describe('A call', () => {
  const never = () => new Promise<string>(() => {});

  it('that hangs fails two seconds before its function ends, though time was enough to begin it', async () => {
    vi.useFakeTimers();
    boundCalls(withTimeLeft(30_000));
    const outcome = endInTime(never)({}).catch((error: Error) => error.name);
    let seen: unknown;
    void outcome.then((name) => {
      seen = name;
    });
    await vi.advanceTimersByTimeAsync(27_999);
    expect(seen).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toBe('TimeoutError');
  });

  it('is not even begun in the last two seconds', async () => {
    vi.useFakeTimers();
    boundCalls(withTimeLeft(2_000));
    const next = vi.fn(never);
    await expect(endInTime(next)({})).rejects.toThrow('has not ended within the time of its function');
    expect(next).not.toHaveBeenCalled();
  });

  it('that ends in time is not touched, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    boundCalls(withTimeLeft(30_000));
    expect(await endInTime(async (input: number) => input + 1)(1)).toBe(2);
    await expect(endInTime(() => Promise.reject(new Error('refused')))({})).rejects.toThrow('refused');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of a client of the functions is bounded, with all its attempts', async () => {
    boundCalls(withTimeLeft(1_000));
    const client = bounded(
      new SQSClient({
        region: 'us-east-1',
        endpoint: 'http://127.0.0.1:1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      }),
    );
    await expect(client.send(new ListQueuesCommand({}))).rejects.toThrow('time of its function');
    client.destroy();
  });
});
