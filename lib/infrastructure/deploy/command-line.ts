/** `npm run deploy`: looks whether the account has what the options ask for, and then lets the CDK CLI deploy. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { InvalidOptionError, parseStackOptions } from '../options.ts';
import { type Concurrency, judgeReserve, readConcurrency } from './reserve-check.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '..', '..', '..');
const CDK = join(PROJECT_FOLDER, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const OUTPUTS_FILE = 'cdk.out/outputs.json';

type Environment = Readonly<Record<string, string | undefined>>;

export interface DeployTools {
  readonly environment: Environment;
  /** Of the account and region that the profile, or the environment, leads to. */
  readonly readConcurrency: (profile: string | undefined) => Promise<Concurrency>;
  /** @returns the exit code */
  readonly runCdk: (args: readonly string[]) => Promise<number>;
  /** Writes a line for the operator. */
  readonly warn: (line: string) => void;
}

const REAL_TOOLS: DeployTools = {
  environment: process.env,
  readConcurrency: async (profile) => {
    const client = new LambdaClient({ ...(profile !== undefined && { profile }), maxAttempts: 2 });
    try {
      return await readConcurrency(client);
    } finally {
      client.destroy();
    }
  },
  runCdk: (args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CDK, ...args], { cwd: PROJECT_FOLDER, stdio: 'inherit' });
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    }),
  warn: (line) => console.error(line),
};

/** @returns the exit code */
export function main(args: readonly string[]): Promise<number> {
  return deploy(args, REAL_TOOLS);
}

/**
 * @param args those of `cdk deploy`
 * @returns the exit code: 1 when the account can't reserve what is asked for, otherwise that of the CDK CLI
 */
export async function deploy(args: readonly string[], tools: DeployTools): Promise<number> {
  const isRefused = await refusesReserve(args, tools);
  return isRefused ? 1 : tools.runCdk(['deploy', '--outputs-file', OUTPUTS_FILE, ...args]);
}

async function refusesReserve(args: readonly string[], tools: DeployTools): Promise<boolean> {
  const { context, profile } = readArgs(args);
  const wanted = reserveIn({ ...tools.environment, ...contextOfProject(), ...context });
  if (wanted === undefined) {
    return false;
  }
  let concurrency: Concurrency;
  try {
    concurrency = await tools.readConcurrency(profile);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tools.warn(`The account's concurrency could not be checked: ${why}`);
    return false;
  }
  const verdict = judgeReserve(wanted, concurrency);
  if (verdict.kind !== 'enough') {
    tools.warn(verdict.sentence);
  }
  return verdict.kind === 'too little';
}

/** `undefined` also where an option is wrong, which the app itself tells. */
function reserveIn(source: Environment): number | undefined {
  try {
    return parseStackOptions(source).reservedConcurrency;
  } catch (error) {
    if (error instanceof InvalidOptionError) {
      return undefined;
    }
    throw error;
  }
}

function contextOfProject(): Record<string, string> {
  const { context = {} } = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'cdk.json'), 'utf8'));
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));
}

function readArgs(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: { context: { type: 'string', short: 'c', multiple: true }, profile: { type: 'string' } },
    // All other flags are the CDK CLI's.
    strict: false,
  });
  const pairs = (values.context ?? []).map((pair) => {
    const text = String(pair);
    const equals = text.indexOf('=');
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
  const profile = typeof values.profile === 'string' ? values.profile : undefined;
  return { context: Object.fromEntries(pairs), profile };
}
