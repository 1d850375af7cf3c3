/** The machine's clock, as a client uses it. */

import { expect, it, onTestFinished, vi } from 'vitest';
import { SYSTEM_CLOCK } from '../../lib/client/client.ts';

it('The clock does not wait for an instant that is past, nor warn of a timer that is negative', async () => {
  const setTimer = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => setTimer.mockRestore());
  await SYSTEM_CLOCK.waitUntil(SYSTEM_CLOCK.now() - 60_000_000n, new AbortController().signal);
  expect(setTimer.mock.calls.map(([, delay]) => delay)).toStrictEqual([0]);
});
