/** One busy account under concurrent invocations, with DynamoDB's conflicts injected. Virtual time makes it deterministic. */

import { describe, expect, it } from 'vitest';
import { type ContentionResult, contend } from './contention.ts';

const LEVELS = [1, 2, 4, 8, 16];
const OPTIONS = { messageCount: 800, batchSize: 20, seed: 1 };

describe('a busy account', async () => {
  const results = new Map<number, ContentionResult>();
  for (const concurrency of LEVELS) {
    results.set(concurrency, await contend({ ...OPTIONS, concurrency }));
  }
  const alone = results.get(1) as ContentionResult;

  it.each(LEVELS)('does not collapse when %i invocations want it at once', (concurrency) => {
    const { messagesPerSecond, returned } = results.get(concurrency) as ContentionResult;
    expect(returned).toBe(0);
    expect(messagesPerSecond).toBeGreaterThan(0.5 * alone.messagesPerSecond);
  });

  it.each(LEVELS)('is changed once for all its messages in a batch, with %i invocations', (concurrency) => {
    const { commits } = results.get(concurrency) as ContentionResult;
    expect(commits).toBe(OPTIONS.messageCount / (OPTIONS.batchSize / 2));
  });

  it.each(LEVELS)('holds up no other account in the same batches, with %i invocations', (concurrency) => {
    const { bystandersMs } = results.get(concurrency) as ContentionResult;
    expect(bystandersMs.max).toBeLessThan(2 * alone.bystandersMs.max);
  });
});
