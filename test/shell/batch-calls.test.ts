/** Batch calls within a function's time: those that are not begun are told like those that failed. */

import { expect, it } from 'vitest';
import { sendBatches } from '../../lib/shell/batch-calls.ts';

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
