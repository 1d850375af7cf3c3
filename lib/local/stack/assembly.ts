/**
 * Synthesizes the stack by running the CDK app itself, so that the local run can't differ from what is deployed. Options
 * and settings are the app's; only the defaults differ, for a person who waits for each answer.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../start-error.ts';
import { withPeers } from './peer-templates.ts';
import type { Template } from './template.ts';

/** A stack as it was synthesized, together with those of its peers. */
export interface Assembly {
  readonly stackName: string;
  /** The names of the peers' stacks. */
  readonly peerStackNames: readonly string[];
  readonly template: Template;
  /** The folders with the functions' code, by the object key in a function's `Code`. */
  readonly codeFolders: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PROJECT_FOLDER = join(import.meta.dirname, '..', '..', '..');

/** A payment should show at once, and nobody else's should show among one's own. */
const LOCAL_DEFAULTS = {
  APP_ACCOUNT_UPDATE_DELAY_SECONDS: '1',
  APP_SYNTHETIC_PAYMENT_MINUTES: '0',
  APP_AUDIT_HOURS: '0',
};

/** What the local run has no stand-in for, or its own; neither context nor environment can turn it on. */
const NOT_HERE = { stompListener: 'false', trafficShift: 'off' };

/**
 * Synthesizes into a new folder inside `folder`, and deletes everything else there. The new folder guards against the CDK
 * app of a local run that was killed, which may still be writing into its own.
 * @throws {StartError} with the app's own words when an option or setting is wrong, or a handler does not compile
 */
export async function synthesize(
  folder: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Assembly> {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(folder, { recursive: true });
  const assemblyFolder = mkdtempSync(join(folder, 'stack-'));
  const { context } = z
    .object({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(join(PROJECT_FOLDER, 'cdk.json'), 'utf8')));
  const variables = {
    ...LOCAL_DEFAULTS,
    ...environment,
    // The CDK CLI sets these two as well.
    CDK_OUTDIR: assemblyFolder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...NOT_HERE }),
    // Checking the template takes CDK a second, and matters only for deploying it.
    CDK_VALIDATION: 'false',
  };
  await runApp(variables, signal);
  return readAssembly(assemblyFolder);
}

function runApp(environment: Environment, signal: AbortSignal): Promise<void> {
  const app = spawn(process.execPath, [join(PROJECT_FOLDER, 'bin', 'app.ts')], {
    cwd: PROJECT_FOLDER,
    env: environment,
    signal,
    // Out of the terminal's reach: Ctrl-C is meant for the local run, which then ends the app itself.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  app.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  return new Promise((resolve, reject) => {
    app.once('error', reject);
    app.once('close', (status) => {
      if (status === 0) {
        resolve();
      } else {
        reject(new StartError(words.trim() || `The CDK app failed (status ${status}).`));
      }
    });
  });
}

const MANIFEST = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

const ASSETS = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Reads a cloud assembly of the accounting stack, and of those of peers, whose names begin with its name. */
function readAssembly(folder: string): Assembly {
  const { artifacts } = MANIFEST.parse(readJson(folder, 'manifest.json'));
  const stacks = Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([stackName, { properties }]) => ({
      stackName,
      template: readJson(folder, properties?.templateFile ?? `${stackName}.template.json`) as Template,
    }));
  const [main, ...peers] = stacks.toSorted((a, b) => a.stackName.length - b.stackName.length);
  if (main === undefined || !peers.every(({ stackName }) => stackName.startsWith(main.stackName))) {
    throw new Error(`The app must have one stack and those of its peers; it has ${stacks.length}.`);
  }
  return {
    stackName: main.stackName,
    peerStackNames: peers.map(({ stackName }) => stackName),
    template: withPeers(main, peers),
    codeFolders: Object.fromEntries(stacks.flatMap(({ stackName }) => codeFoldersOf(folder, stackName))),
  };
}

function codeFoldersOf(folder: string, stackName: string): (readonly [string, string])[] {
  const { files } = ASSETS.parse(readJson(folder, `${stackName}.assets.json`));
  return Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, join(folder, source.path)] as const),
  );
}

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}
