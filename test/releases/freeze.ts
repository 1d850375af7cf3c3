/**
 * Freezes what this release reads and writes, as one file that later releases are tested beside:
 * `node test/releases/freeze.ts test/releases/form-1.js`. Run it when a release is published.
 */

import { build } from 'esbuild';

const ENTRY = `
  export { processMessages } from './lib/shell/process-messages.ts';
  export { creditRecords } from './lib/shell/credit-recipients.ts';
  export { dueAfter } from './lib/shell/publish-events.ts';
  export { changeOf } from './lib/storage/stream-record.ts';
  export { LedgerStore } from './lib/storage/ledger-store.ts';
  export { SharedTransactions } from './lib/shell/shared-transactions.ts';
`;

const [outfile] = process.argv.slice(2);
if (outfile === undefined) {
  process.exitCode = 2;
  process.stderr.write('Name the file to write, for example test/releases/form-2.js.\n');
} else {
  await build({
    stdin: { contents: ENTRY, resolveDir: process.cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Packages are those of the tree in which the frozen code runs: they make no items.
    packages: 'external',
    minify: true,
    // Errors are told by their names.
    keepNames: true,
    banner: { js: '// A frozen release, made by test/releases/freeze.ts. Never edit it.' },
  });
}
