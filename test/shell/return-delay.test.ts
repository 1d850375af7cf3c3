/** How long a message that failed stays away, so that no outage of a day can use up its receives. */

import { expect, it } from 'vitest';
import { returnDelayForPeerSeconds, returnDelaySeconds } from '../../lib/shell/return-delay.ts';

it.each([
  [1, 0, 1],
  [1, 0.99, 2],
  [2, 0, 2],
  [5, 0.5, 24],
  [9, 0, 256],
  [9, 0.999, 512],
  [10, 0, 450],
  [10, 0.999, 900],
  [1_000, 0, 450],
  [1_000, 0.999, 900],
])('after %i receives, with the chance %d, it is %i seconds', (receiveCount, chance, seconds) => {
  expect(returnDelaySeconds(receiveCount, chance)).toBe(seconds);
});

it.each([
  [1, 0, 1],
  [5, 0.5, 24],
  [6, 0, 30],
  [6, 0.999, 60],
  [100_000, 0.999, 60],
])('for a peer after %i receives, with the chance %d, it is %i seconds', (receiveCount, chance, seconds) => {
  expect(returnDelayForPeerSeconds(receiveCount, chance)).toBe(seconds);
});

it('uses up the thousand receives of a message in no less than five days', () => {
  let seconds = 0;
  for (let receiveCount = 1; receiveCount <= 1_000; receiveCount += 1) {
    seconds += returnDelaySeconds(receiveCount, 0);
  }
  expect(seconds / 86_400).toBeGreaterThan(5);
});
