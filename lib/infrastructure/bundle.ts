/**
 * Turns each handler into one self-contained ES module for Lambda. Why esbuild is called directly is told
 * in docs/decisions/0001-bundling.md.
 */

import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

/** Some bundled packages are CommonJS and call `require` for Node's own modules, which an ES module does not have. */
const REQUIRE_BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module';" +
  'const require = createRequireOfBundle(import.meta.url);';

/**
 * Bundles `<name>.ts` of `handlersFolder` into `<outputFolder>/<name>/index.mjs`, for each of the names.
 * The same sources give the same bytes on every machine, so that unchanged functions are not deployed again.
 * @returns the folder of each bundle
 * @throws when a handler is missing or does not compile, with esbuild's message
 */
export function bundleHandlers<Name extends string>(
  handlersFolder: string,
  names: readonly Name[],
  outputFolder: string,
): Record<Name, string> {
  buildSync({
    // Paths in the bundle are relative to here, so none tells where it was built.
    absWorkingDir: handlersFolder,
    entryPoints: names.map((name) => ({ in: `./${name}.ts`, out: `${name}/index` })),
    outdir: resolve(outputFolder),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first: only they let unused code be dropped, which makes most of a bundle's size and load time.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE_BANNER },
    minify: true,
    // So that a stack trace in the log can be read without a source map, and its excerpt of the code is short.
    keepNames: true,
    lineLimit: 200,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.fromEntries(names.map((name) => [name, join(outputFolder, name)])) as Record<Name, string>;
}
