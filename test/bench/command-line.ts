/** `npm run bench`: the options, the progress on the terminal, and where the results go. Measures nothing itself. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWhenUnread } from '../../lib/operations/closed-pipe.ts';
import { CASES } from './cases.ts';
import { faultsOf, printSummary } from './report/report.ts';
import { writeReport } from './report/write-report.ts';
import type { CaseResult } from './run-case.ts';
import { readOutputs } from './stack-outputs.ts';
import { PARTS, type Part, runSuite, type SuiteOptions } from './suite.ts';

const HELP = `Measures throughput, latency and cost of the accounting authority, and checks everything that it does meanwhile.

  npm run bench -- [options]

  --part NAME       one of ${PARTS.join(', ')}; may be repeated (default: all).
                    direct: handlers fed with batches, only the tables emulated; local: the whole local run; scaling: from 1,000 accounts to a million; memory:
                    whether memory stays flat over a million messages
  --case NAME       one of ${CASES.map(({ name }) => name).join(', ')};
                    may be repeated (default: all)
  --divide N        make only an N-th of each case's payments (default 1; 10 takes some minutes)
  --accounts N      number of accounts in the largest table of the scaling part (default 1000000)
  --outputs FILE    measure the running stack that this file of outputs describes, instead of a local run
  --endpoint URL    endpoint of all services of that stack (default: what the file says, or AWS)
  --folder DIR      folder for data and results (default .bench)
  --help            print this text

Writes results.json and report.md, with its plots, to the folder. The whole benchmark takes about 50 minutes on two processors.
Exit code: 0 when nothing was lost, doubled or wrong, 1 when something was, 2 for a wrong option.`;

const INTERRUPTED_STATUS = 130;

class OptionError extends Error {}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  endWhenUnread();
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  let options: SuiteOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} See --help.`);
    return 2;
  }
  // Whatever was started is stopped, and its data removed, when this process ends.
  process.once('SIGINT', () => process.exit(INTERRUPTED_STATUS));
  const results = await runSuite(options).catch(inSentence);
  if (results === undefined) {
    return 2;
  }
  clearLine();
  const json = join(options.folder, 'results.json');
  writeFileSync(json, `${JSON.stringify(results, undefined, 1)}\n`);
  writeReport(results, options.folder);
  console.log(
    `\n${printSummary(results)}\n\n${json} and ${join(options.folder, 'report.md')} tell the rest.`,
  );
  const faults = faultsOf(results);
  for (const fault of faults) {
    console.error(`✗ ${fault}`);
  }
  return faults.length === 0 ? 0 : 1;
}

/** Tells a failure of files or the network in a sentence. @throws any other error, whose stack is needed */
function inSentence(error: unknown): undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) {
    throw error;
  }
  clearLine();
  console.error(
    code === 'ECONNREFUSED'
      ? `The stack does not answer (${message}): is \`npm start\` running?`
      : `The benchmark can't go on: ${message}.`,
  );
}

function parseOptions(args: readonly string[]): SuiteOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: 'string', multiple: true },
      case: { type: 'string', multiple: true },
      divide: { type: 'string', default: '1' },
      accounts: { type: 'string', default: '1000000' },
      outputs: { type: 'string' },
      endpoint: { type: 'string' },
      folder: { type: 'string', default: '.bench' },
    },
  });
  const names = CASES.map(({ name }) => name);
  if (values.endpoint !== undefined && values.outputs === undefined) {
    throw new OptionError('--endpoint needs --outputs, the file with the outputs of the stack there.');
  }
  if (values.outputs !== undefined && !existsSync(values.outputs)) {
    throw new OptionError(`--outputs is ${values.outputs}, and there is no such file.`);
  }
  return {
    parts: new Set((values.part ?? PARTS).map((part) => oneOf('--part', part, PARTS) as Part)),
    cases: new Set((values.case ?? names).map((name) => oneOf('--case', name, names))),
    divisor: positive('--divide', values.divide),
    maxAccounts: positive('--accounts', values.accounts),
    stack: values.outputs === undefined ? undefined : readOutputs(values.outputs, values.endpoint),
    folder: values.folder,
    environment: process.env,
    onProgress: showProgress,
    onResult: showResult,
  };
}

function oneOf(flag: string, value: string, allowed: readonly string[]): string {
  if (!allowed.includes(value)) {
    throw new OptionError(`${flag} is ${JSON.stringify(value)}; it must be one of ${allowed.join(', ')}.`);
  }
  return value;
}

function positive(flag: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new OptionError(`${flag} is ${JSON.stringify(value)}; it must be a whole number from 1.`);
  }
  return Number(value);
}

const LINE_EVERY_MS = 10_000;
let shownAt = 0;

/** One line that is overwritten on a terminal; elsewhere a new line now and then. */
function showProgress(label: string, done: number, total: number): void {
  const text =
    total === 0 ? label : `${label} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || 200) - 1)}`);
  } else if (performance.now() - shownAt > LINE_EVERY_MS) {
    shownAt = performance.now();
    process.stderr.write(`${text}\n`);
  }
}

function clearLine(): void {
  if (process.stderr.isTTY) {
    process.stderr.write('\r\x1b[K');
  }
}

function showResult({ name, authority, transferCount, transfersPerSecond, faults }: CaseResult): void {
  clearLine();
  const speed = `${transfersPerSecond.toFixed(transfersPerSecond < 10 ? 1 : 0)} transfers/s`;
  const verdict = faults.length === 0 ? '✓' : `✗ ${faults[0]}`;
  console.log(
    `${name.padEnd(13)} ${transferCount.toLocaleString('en-US').padStart(7)}  ${speed.padEnd(18)} ${authority}  ${verdict}`,
  );
}
