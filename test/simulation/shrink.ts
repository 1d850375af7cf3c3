/** Makes a failing world as simple as it can be while it still breaks the same guarantee. */

import { FEATURE_NAMES, type FeatureName, type Features, SIMPLEST } from './features.ts';
import { runWorld, type WorldResult } from './world.ts';

export interface Shrunk {
  /** The features to replace in the seed's world. */
  readonly overrides: Partial<Features>;
  readonly result: WorldResult;
}

const MAX_PASSES = 4;

/** @param result of a seed that broke a guarantee */
export async function shrink(failure: WorldResult, overrides: Partial<Features> = {}): Promise<Shrunk> {
  let shrunk: Shrunk = { overrides, result: failure };
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const before = shrunk;
    for (const name of FEATURE_NAMES) {
      shrunk = await simplify(name, shrunk);
    }
    if (shrunk === before) {
      break;
    }
  }
  return shrunk;
}

async function simplify(name: FeatureName, shrunk: Shrunk): Promise<Shrunk> {
  const { features, seed, violation } = shrunk.result;
  const simplest = SIMPLEST[name] ?? 0;
  const candidates = [simplest, Math.round(features[name] / 2), features[name] - 1].filter(
    (value) => value >= simplest && value < features[name],
  );
  for (const value of new Set(isCount(name) ? candidates : candidates.slice(0, 1))) {
    const overrides = { ...shrunk.overrides, [name]: value };
    const result = await runWorld(seed, { overrides });
    if (result.violation?.guarantee === violation?.guarantee) {
      return { overrides, result };
    }
  }
  return shrunk;
}

/** Probabilities are only switched off; counts can also be made smaller. */
function isCount(name: FeatureName): boolean {
  return ['actions', 'creditors', 'burst', 'sweeps', 'queueBatch', 'streamBatch'].includes(name);
}
