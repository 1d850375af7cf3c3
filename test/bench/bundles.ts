/**
 * How large the functions' bundles are and how long they take to load, which is our part of a cold start. The bundles and
 * their environments are those of the synthesized stack.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Assembly, synthesize } from '../../lib/local/stack/assembly.ts';
import { REGION } from '../../lib/local/stack/emulated-cloud.ts';
import { readProperties, Stack } from '../../lib/local/stack/template.ts';
import { medianOf } from './percentiles.ts';
import type { BundleResult } from './results.ts';

export interface BundleOptions {
  /** How often each bundle is loaded; 5 when not given. */
  readonly loadCount?: number;
}

export interface Bundle {
  /** The function's. */
  readonly name: string;
  /** The folder with `index.mjs`, which exports `handler`. */
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const LOAD_COUNT = 5;
/** Timeout of a load that hangs. */
const TIMEOUT_MS = 60_000;

/**
 * Bundles all functions as the stack does, in a temporary folder, and measures each.
 * @throws when one can't be bundled or loaded; the error names it
 */
export async function measureBundles({
  loadCount = LOAD_COUNT,
}: BundleOptions = {}): Promise<readonly BundleResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  try {
    // No environment, so that the developer's own settings do not matter here.
    const assembly = await synthesize(folder, WITH_ALL_FUNCTIONS, new AbortController().signal);
    const results: BundleResult[] = [];
    for (const bundle of bundlesOf(assembly)) {
      results.push(await measureBundle(bundle, loadCount));
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The functions that the local run leaves out are measured, too. */
const WITH_ALL_FUNCTIONS = { APP_SYNTHETIC_PAYMENT_MINUTES: '5', APP_AUDIT_HOURS: '24' };

const FUNCTION = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

function bundlesOf({ stackName, template, codeFolders }: Assembly): Bundle[] {
  const stack = new Stack(stackName, template);
  return stack.resources('AWS::Lambda::Function').map(([logicalId, properties]) => {
    const { Code, Environment } = readProperties(logicalId, properties, FUNCTION);
    // References to resources may be any text: loading a bundle calls nothing.
    const variables = Object.entries(Environment.Variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const environment: Record<string, string> = Object.fromEntries(variables);
    const name = environment.POWERTOOLS_SERVICE_NAME ?? logicalId;
    return { name, codeFolder: codeFolders[Code.S3Key] ?? '', environment };
  });
}

/** @throws when the bundle can't be loaded, or exports no handler */
export async function measureBundle(bundle: Bundle, loadCount: number): Promise<BundleResult> {
  const kilobytes = statSync(join(bundle.codeFolder, 'index.mjs')).size / 1_000;
  const times: number[] = [];
  for (let load = 0; load < loadCount; load += 1) {
    times.push(await loadOnce(bundle));
  }
  return { name: bundle.name, kilobytes, loadMs: medianOf(times) };
}

/** Exits explicitly, since a handler's connections could keep the process running. */
const LOADER = `
import { writeSync } from 'node:fs';
const start = performance.now();
const { handler } = await import(process.argv[1]);
const time = performance.now() - start;
if (typeof handler !== 'function') throw new Error('It exports no handler.');
writeSync(1, '\\n' + time);
process.exit();
`;

/** @returns milliseconds in a new process, from Node being ready to the handler being ready */
async function loadOnce({ name, codeFolder, environment }: Bundle): Promise<number> {
  const url = pathToFileURL(join(codeFolder, 'index.mjs')).href;
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', LOADER, url],
      { cwd: codeFolder, env: { AWS_REGION: REGION, ...environment }, timeout: TIMEOUT_MS },
    );
    return Number(stdout.slice(stdout.lastIndexOf('\n')));
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`The bundle of ${name} can't be loaded: ${stderr?.trim() || message}`, { cause: error });
  }
}
