/** A few worlds for every test run; `npm run simulate` runs any number. */

import { describe, expect, it } from 'vitest';
import { SIMPLEST } from './features.ts';
import { runWorld, type WorldResult } from './world.ts';

/** Some seeds are the same each time; the others start at a random base, which a failure names. */
const FIXED_SEEDS = 40;
const NEW_SEEDS = Number(process.env.SIMULATION_NEW_SEEDS ?? 20);
const NEW_BASE = Number(process.env.SIMULATION_BASE ?? (Date.now() % 2 ** 31) * 1_000);

async function failuresOf(first: number, count: number): Promise<string[]> {
  const failures: string[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const failure = await failureOf(seed);
    if (failure !== undefined) {
      failures.push(`npm run simulate -- --seed ${seed} --verbose: ${failure}`);
    }
  }
  return failures;
}

/** A world that can't be simulated to its end is a failure too, and its seed must be reported. */
async function failureOf(seed: number): Promise<string | undefined> {
  try {
    const { violation } = await runWorld(seed);
    return violation && `${violation.guarantee}: ${violation.details}`;
  } catch (error) {
    return error instanceof Error ? error.stack : String(error);
  }
}

function comparable({ digest, counts, violation }: WorldResult): object {
  return { digest, counts, violation };
}

describe('A simulated world', () => {
  it('keeps every guarantee, with each of the usual seeds', async () => {
    expect(await failuresOf(1, FIXED_SEEDS)).toStrictEqual([]);
  }, 240_000);

  it(`keeps every guarantee, with new seeds from ${NEW_BASE}`, async () => {
    expect(await failuresOf(NEW_BASE, NEW_SEEDS)).toStrictEqual([]);
  }, 240_000);

  it.each([3, 13, 81])(
    'goes the same way each time, down to the last event (seed %i)',
    async (seed) => {
      const [first, second] = [await runWorld(seed), await runWorld(seed)];
      expect(comparable(second)).toStrictEqual(comparable(first));
    },
    60_000,
  );

  it('goes another way with another seed', async () => {
    const [one, other] = [await runWorld(1), await runWorld(2)];
    expect(one.digest).not.toBe(other.digest);
  });

  it('tells its story without changing it', async () => {
    const lines: string[] = [];
    const told = await runWorld(7, { write: (line) => void lines.push(line) });
    const untold = await runWorld(7);
    expect(comparable(told)).toStrictEqual(comparable(untold));
    expect(lines.length).toBeGreaterThan(100);
  });

  it('is simple when all that makes it hard is switched off', async () => {
    const calm = await runWorld(1, {
      overrides: {
        ...SIMPLEST,
        burst: 0,
        crashes: 0,
        throttles: 0,
        conflicts: 0,
        failuresBefore: 0,
        sweeps: 0,
      },
    });
    expect(calm.violation).toBe(undefined);
    expect(calm.counts.crashes).toBe(undefined);
  });
});
