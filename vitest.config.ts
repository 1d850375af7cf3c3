/**
 * How the tests are found and how long they may take; emulators and bundling make some of them slow to start. The
 * end-to-end tests come last and one file at a time: they share a stack, and what they wait for needs the processor.
 */

import { defineConfig } from 'vitest/config';

const END_TO_END = 'test/end-to-end/**/*.test.ts';

/** On a stack elsewhere, what a test waits for may come minutes late. */
const endToEndTimeout = process.env.E2E_OUTPUTS_FILE === undefined ? 120_000 : 600_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [END_TO_END],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: [END_TO_END],
          globalSetup: ['test/end-to-end/support/global-setup.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: endToEndTimeout,
          hookTimeout: endToEndTimeout,
        },
      },
    ],
  },
});
