/** Bundles the console's page when it is first asked for, so that nobody has to build anything. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const PAGE_FOLDER = join(import.meta.dirname, 'page');

export interface PageFile {
  readonly contentType: string;
  readonly text: string;
}

/** The files of the page, by their paths. */
export async function bundlePage(): Promise<ReadonlyMap<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE_FOLDER, 'main.tsx')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  const read = (name: string) => readFileSync(join(PAGE_FOLDER, name), 'utf8');
  return new Map([
    ['/', { contentType: 'text/html; charset=utf-8', text: read('index.html') }],
    ['/style.css', { contentType: 'text/css; charset=utf-8', text: read('style.css') }],
    ['/main.js', { contentType: 'text/javascript; charset=utf-8', text: outputFiles[0]?.text ?? '' }],
  ]);
}
