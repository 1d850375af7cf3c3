/** For `npm run bench:core` alone: no test is run with the benchmarks, and no benchmark with the tests. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [],
    benchmark: { include: ['test/bench/core/*.bench.ts'] },
    // What Lambda runs is not instrumented either: vitest's own loader makes each call into another file slower.
    experimental: { viteModuleRunner: false },
    // One after the other, so that none takes the processor from another.
    maxWorkers: 1,
    // The first one tells what failed.
    reporters: ['dot', 'test/bench/core/throughput-reporter.ts'],
  },
});
