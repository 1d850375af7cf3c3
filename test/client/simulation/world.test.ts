/** A few simulated worlds, in which every guarantee holds; `npm run simulate:client` runs many. */

import { describe, expect, it } from 'vitest';
import { runWorld } from './world.ts';

describe('clients that crash, forget and are told everything twice', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('are right in the end: seed %i', async (seed) => {
    expect((await runWorld(seed)).violations).toStrictEqual([]);
  });

  it('do the same again for the same seed', async () => {
    expect(await runWorld(5)).toStrictEqual(await runWorld(5));
  });
});
