/** For `npm run bench:core` only: tests do not run with the benchmarks, nor benchmarks with the tests. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [],
    benchmark: { include: ['test/bench/core/*.bench.ts'] },
    // Lambda's code is not instrumented, but vitest's own loader slows each call into another file.
    experimental: { viteModuleRunner: false },
    // One after the other, so that none takes processor time from another.
    maxWorkers: 1,
    // The first reporter shows failures.
    reporters: ['dot', 'test/bench/core/throughput-reporter.ts'],
  },
});
