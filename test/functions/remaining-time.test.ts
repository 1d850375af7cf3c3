/** When functions stop starting new work. */

import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { remainingTime } from '../../functions/runtime/remaining-time.ts';

it.each([
  [40_000, true],
  [15_001, true],
  [15_000, false],
  [0, false],
])('with %i ms left, there is time to begin with something more: %s', (milliseconds, expected) => {
  const hasTime = remainingTime({ getRemainingTimeInMillis: () => milliseconds } as Context);
  expect(hasTime()).toBe(expected);
});
