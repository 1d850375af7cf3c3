/** Working side by side, within a limit, and cutting lists into groups and slices. */

import { describe, expect, it } from 'vitest';
import { groupBy, inRuns, inSlices, mapConcurrently } from '../../lib/shell/concurrency.ts';

describe('work side by side', () => {
  it('has results in the order of the items, whichever ends first', async () => {
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const results = mapConcurrently([0, 1, 2], 3, async (item) => {
      await gates[item]?.promise;
      return `done ${item}`;
    });
    for (const gate of gates.toReversed()) {
      gate.resolve();
      await gate.promise;
    }
    expect(await results).toStrictEqual(['done 0', 'done 1', 'done 2']);
  });

  it('is never more than the limit, and as much as the limit', async () => {
    let [running, most] = [0, 0];
    await mapConcurrently(Array.from({ length: 50 }), 7, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    expect(most).toBe(7);
  });

  it('on nothing is done at once', async () => {
    expect(await mapConcurrently([], 5, async () => 'never')).toStrictEqual([]);
  });

  it('fails when one of its parts fails', async () => {
    const failing = mapConcurrently([1, 2, 3], 2, async (item) => {
      if (item === 2) {
        throw new Error('two');
      }
      return item;
    });
    await expect(failing).rejects.toThrow('two');
  });
});

describe('groups', () => {
  it('are in the order of their first item, with their items in order', () => {
    const groups = groupBy(['b1', 'a1', 'b2', 'c1', 'a2'], ([letter = '']) => letter);
    expect([...groups]).toStrictEqual([
      ['b', ['b1', 'b2']],
      ['a', ['a1', 'a2']],
      ['c', ['c1']],
    ]);
  });
});

describe('slices', () => {
  it.each([
    [0, []],
    [1, [1]],
    [3, [3]],
    [4, [3, 1]],
    [6, [3, 3]],
    [7, [3, 3, 1]],
  ])('of %i items are of three at most, in order', (count, sizes) => {
    const items = Array.from({ length: count }, (_, index) => index);
    const slices = inSlices(items, 3);
    expect(slices.map((slice) => slice.length)).toStrictEqual(sizes);
    expect(slices.flat()).toStrictEqual(items);
  });
});

describe('runs', () => {
  it.each([
    [[], []],
    [[1, 2], [[1, 2]]],
    [
      [1, 2, 1],
      [[1, 2], [1]],
    ],
    [
      [3, 3],
      [[3], [3]],
    ],
    [
      [1, 7, 1, 1],
      [[1], [7], [1, 1]],
    ],
  ])('of groups of %j items hold three items at most, and larger groups stand alone', (sizes, runs) => {
    const groups = sizes.map((size, index) => Array.from({ length: size }, () => index));
    const made = inRuns(groups, ({ length }) => length, { maxSize: 3 });
    expect(made.map((run) => run.map((group) => group.length))).toStrictEqual(runs);
    expect(made.flat()).toStrictEqual(groups);
  });
});
