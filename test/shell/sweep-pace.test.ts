/** How fast a sweep changes items, and when it stops before the end of a page. */

import { describe, expect, it } from 'vitest';
import { type PaceOptions, SweepPace } from '../../lib/shell/sweep-pace.ts';
import { NOW } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { TestSurroundings } from '../support/shell-surroundings.ts';

/** A clock that goes on with pauses. */
class Clock extends TestSurroundings {
  override readonly pause = async (milliseconds: number): Promise<void> => {
    this.pauses.push(milliseconds);
    this.time += BigInt(Math.round(milliseconds * 1_000));
  };
}

function aPace(options: Partial<PaceOptions> = {}, hasTime = () => true) {
  const clock = new Clock();
  const invocation = anInvocation({ surroundings: clock, hasTime });
  const pace = new SweepPace(invocation, {
    writesPerSecond: 100,
    totalSegments: 1,
    waitsForTables: true,
    ...options,
  });
  return { pace, clock, invocation };
}

const NUMBERS = Array.from({ length: 250 }, (_, number) => number);

async function slicesOf(pace: SweepPace, during: (slice: readonly number[]) => void = () => {}) {
  const slices: number[][] = [];
  await pace.run(NUMBERS, async (slice) => {
    slices.push([...slice]);
    during(slice);
  });
  return slices;
}

describe('The budget of a sweep', () => {
  it.each<readonly [number, number, number, number]>([
    // [items in a second, segments, items in a slice, seconds until the last slice begins]
    [100, 1, 100, 2],
    [10_000, 1, 100, 0],
    [500, 1, 100, 0.4],
    [500, 10, 50, 4],
    [500, 1_000, 50, 4],
    [10, 10, 1, 249],
  ])('of %i items a second, for %i segments', async (writesPerSecond, totalSegments, size, seconds) => {
    const { pace, clock } = aPace({ writesPerSecond, totalSegments });
    const slices = await slicesOf(pace);
    expect(slices.flat()).toStrictEqual(NUMBERS);
    expect(Math.max(...slices.map(({ length }) => length))).toBe(size);
    expect(Number(clock.time - NOW) / 1_000_000).toBeCloseTo(seconds, 5);
    expect(pace.stop).toBeUndefined();
  });

  it('is used by what the work itself takes', async () => {
    const { pace, clock } = aPace();
    await slicesOf(pace, () => {
      clock.time += 700_000n;
    });
    expect(clock.pauses.map(Math.round)).toStrictEqual([300, 300]);
  });

  it('is kept by pauses of a twentieth of a second or more', async () => {
    const { pace, clock } = aPace({ writesPerSecond: 2_000 });
    await slicesOf(pace);
    expect(clock.pauses).toStrictEqual([50, 50]);
  });

  it('makes no long pause when the clock is set back', async () => {
    const { pace, clock } = aPace();
    clock.time -= 3_600_000_000n;
    await slicesOf(pace);
    expect(clock.pauses).toStrictEqual([5_000, 5_000, 5_000]);
  });
});

describe('A sweep stops', () => {
  it('after its first slice when there is no time left, and does nothing more', async () => {
    const { pace } = aPace({}, () => false);
    expect((await slicesOf(pace)).map(({ length }) => length)).toStrictEqual([100]);
    expect([pace.stop, pace.changedCount]).toStrictEqual(['no time', 100]);
    expect(await slicesOf(pace)).toStrictEqual([]);
  });

  it('after a slice in which a table did not answer', async () => {
    const { pace, invocation } = aPace();
    const { telemetry } = pace.watch(invocation);
    const slices = await slicesOf(pace, (slice) =>
      telemetry.count(slice[0] === 100 ? 'Unavailable' : 'Conflicts'),
    );
    expect(slices).toHaveLength(2);
    expect(pace.stop).toBe('table unavailable');
  });

  it('for the page that was postponed, although a table did not answer either', async () => {
    const { pace, invocation } = aPace();
    const { telemetry } = pace.watch(invocation);
    await slicesOf(pace, () => {
      pace.postpone();
      telemetry.count('Unavailable');
    });
    expect(pace.stop).toBe('postponed');
  });

  it('not for a table where it has waited long enough', async () => {
    const { pace, invocation } = aPace({ waitsForTables: false });
    const { telemetry } = pace.watch(invocation);
    expect(await slicesOf(pace, () => telemetry.count('Unavailable'))).toHaveLength(3);
    expect(pace.stop).toBeUndefined();
  });
});
