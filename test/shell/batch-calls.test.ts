/** Batch calls within a function's time and in an outage: those that are not begun are told like those that failed. */

import { describe, expect, it } from 'vitest';
import { sendBatches } from '../../lib/shell/batch-calls.ts';
import type { FailedEntry } from '../../lib/shell/send-failures.ts';

it('calls are begun in order, and none without time for it', async () => {
  const sent: number[] = [];
  let calls = 0;
  const unsent = await sendBatches(
    Array.from({ length: 125 }, (_, number) => number),
    {
      entryOf: (number) => ({ number }),
      send: async (entries) => {
        calls += 1;
        await new Promise((resolve) => setImmediate(resolve));
        sent.push(...entries.map(({ number }) => number));
        return {};
      },
      hasTime: () => calls < 10,
    },
  );
  expect(sent).toStrictEqual(Array.from({ length: 100 }, (_, number) => number));
  expect(unsent).toStrictEqual(
    Array.from({ length: 25 }, (_, number) => ({
      item: 100 + number,
      kind: 'untried',
      reason: 'no time was left',
    })),
  );
});

describe('After a call', () => {
  /** How many calls are made for so many items when each is answered so. */
  async function callsWhen(itemCount: number, answer: (ids: readonly string[]) => readonly FailedEntry[]) {
    let calls = 0;
    const items = Array.from({ length: itemCount }, (_, number) => number);
    const unsent = await sendBatches(items, {
      entryOf: (number) => ({ number }),
      send: async (entries) => {
        calls += 1;
        await new Promise((resolve) => setImmediate(resolve));
        return { Failed: answer(entries.map(({ Id }) => Id)) };
      },
    });
    return { calls, unsent };
  }

  const refused = (Id: string): FailedEntry => ({ Id, Code: 'InvalidMessageContents', SenderFault: true });
  const throttled = (Id: string): FailedEntry => ({ Id, Code: 'Throttling', Message: 'too fast' });

  it('that took nothing no other is begun, and the reason is told of what was not tried', async () => {
    const { calls, unsent } = await callsWhen(100, (ids) => ids.map(throttled));
    expect(calls).toBe(8);
    expect(unsent).toHaveLength(100);
    expect(unsent[79]).toStrictEqual({ item: 79, kind: 'throttled', reason: 'Throttling: too fast' });
    expect(unsent[80]).toStrictEqual({
      item: 80,
      kind: 'untried',
      reason: 'not tried after Throttling: too fast',
    });
  });

  it.each<readonly [string, (ids: readonly string[]) => readonly FailedEntry[]]>([
    ['that took something', (ids) => ids.slice(1).map(throttled)],
    ['whose entries were all refused for their content', (ids) => ids.map(refused)],
    [
      'whose entries failed for different reasons, of which one is their content',
      (ids) => ids.map((id, index) => (index === 5 ? refused(id) : throttled(id))),
    ],
  ])('%s the next ones are made', async (_, answer) => {
    const { calls, unsent } = await callsWhen(100, answer);
    expect(calls).toBe(10);
    expect(unsent.filter(({ kind }) => kind === 'untried')).toStrictEqual([]);
  });
});
