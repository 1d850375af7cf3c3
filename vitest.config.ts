/**
 * How the tests are found and how long they may take; emulators and bundling make some of them slow to start. Tests that
 * talk to a stack come after all others and one file at a time: what they wait for needs the processor.
 */

import { defineConfig } from 'vitest/config';

const isDeployed = process.env.E2E_OUTPUTS_FILE !== undefined;

/** On a stack elsewhere, what a test waits for may come minutes late. */
const endToEndTimeout = isDeployed ? 900_000 : 120_000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/end-to-end/**'],
          // Also on a machine with two processors, where vitest by itself would keep one free.
          maxWorkers: '100%',
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        // The same tests against a local run of their own or against a stack that is deployed already.
        test: {
          name: 'end-to-end',
          include: [
            'test/end-to-end/*.test.ts',
            ...(isDeployed ? ['test/end-to-end/kept-stack/*.test.ts'] : []),
          ],
          globalSetup: ['test/end-to-end/support/global-setup.ts'],
          // With a stack elsewhere, tests do little but wait.
          maxWorkers: isDeployed ? 4 : 1,
          sequence: { groupOrder: 1 },
          testTimeout: endToEndTimeout,
          hookTimeout: endToEndTimeout,
        },
      },
      {
        // What commands do that start local runs of their own.
        test: {
          name: 'local-run',
          include: ['test/end-to-end/local-run/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
