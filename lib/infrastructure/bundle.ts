/** Bundles each handler into one ES module for Lambda, with esbuild, as docs/decisions/0001-bundling.md explains. */

import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

/** Some bundled packages are CommonJS and `require` Node's own modules; an ES module has no `require`. */
const REQUIRE_BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module';" +
  'const require = createRequireOfBundle(import.meta.url);';

/**
 * Bundles `<name>.ts` of `handlersFolder` into `<outputFolder>/<name>/index.mjs`, for each name. The same sources give the
 * same bytes on every machine, so that unchanged functions are not deployed again.
 * @returns the folder of each bundle
 * @throws when a handler is missing or does not compile, with esbuild's message
 */
export function bundleHandlers<Name extends string>(
  handlersFolder: string,
  names: readonly Name[],
  outputFolder: string,
): Record<Name, string> {
  buildSync({
    // Paths in the bundle are relative to this folder, so they don't depend on the machine.
    absWorkingDir: handlersFolder,
    entryPoints: names.map((name) => ({ in: `./${name}.ts`, out: `${name}/index` })),
    outdir: resolve(outputFolder),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first: only they allow unused code to be dropped, which decides a bundle's size and load time.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE_BANNER },
    minify: true,
    // Makes stack traces readable without a source map, and keeps their excerpts of the code short.
    keepNames: true,
    lineLimit: 200,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.fromEntries(names.map((name) => [name, join(outputFolder, name)])) as Record<Name, string>;
}
