/**
 * Stands in for fast-check in the process that judges mutants: property tests take the same few samples each time, since whether they
 * notice a mutant must not be left to chance, nor take long.
 */

import fc from 'fast-check';

const SEED = 20_261_126;
const MAX_SAMPLES = 20;

const assert: typeof fc.assert = (property, parameters) =>
  fc.assert(property, {
    ...parameters,
    seed: SEED,
    numRuns: Math.min(parameters?.numRuns ?? MAX_SAMPLES, MAX_SAMPLES),
  }) as never;

export default Object.create(fc, { assert: { value: assert } }) as typeof fc;
