/** `npm run bench:sweep`: its options and its exit code. */

import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { progressTo } from '../../../lib/operations/progress.ts';
import { parseSettings } from '../../../lib/shell/settings.ts';
import { type BenchOptions, measureSweeps } from './bench.ts';
import { CASES } from './cases.ts';
import { printReport, resultToJson } from './report.ts';

const HELP = `Measures sweeps over large tables: runs the functions' own code on the local DynamoDB emulator, whose file is filled directly.

  npm run bench:sweep -- [options]

  --accounts N         ordinary accounts (default 100000)
  --transfers N        transfers (default 100000)
  --currencies N       number of currencies; the rate of one is changed (default 10)
  --due-share X        share of accounts due for a heartbeat, and of prepared transfers due for a reminder (default 0.142857)
  --prepared-share X   share of transfers that are prepared; the others are finished (default 0.01)
  --concurrency N      number of concurrent invocations (default 2)
  --seconds X          for how long an invocation starts another page (default 45, as in the cloud)
  --dir PATH           folder for the emulator's file (default ${tmpdir()}); one in memory, such as /dev/shm, is
                       faster, since each write waits for the disk
  --json FILE          also write the result to this file
  --help               print this text

The tables have no streams, so nothing is published. After each sweep all items are checked. Exit code: 1 when due work was
not done or other work was done, 2 for a wrong option.
`;

interface Command {
  readonly bench: BenchOptions;
  readonly json: string | undefined;
}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error} See --help.\n`);
    return 2;
  }
  if (!existsSync(command.bench.dir)) {
    process.stderr.write(`--dir is ${command.bench.dir}, and there is no such folder. See --help.\n`);
    return 2;
  }
  const result = await measureSweeps(command.bench);
  process.stdout.write(printReport(result));
  if (command.json !== undefined) {
    writeFileSync(command.json, resultToJson(result));
  }
  const faulty = result.cases.filter(({ faults }) => faults.length > 0);
  if (faulty.length > 0) {
    process.stderr.write(`Not as it must be: ${faulty.map(({ name }) => name).join('; ')}.\n`);
  }
  return faulty.length === 0 ? 0 : 1;
}

export function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string', default: '100000' },
      transfers: { type: 'string', default: '100000' },
      currencies: { type: 'string', default: '10' },
      'due-share': { type: 'string', default: '0.142857' },
      'prepared-share': { type: 'string', default: '0.01' },
      concurrency: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '45' },
      dir: { type: 'string', default: tmpdir() },
      json: { type: 'string' },
    },
  });
  const number = (name: Exclude<keyof typeof values, 'json'>, min: number, max: number): number => {
    const parsed = Number(values[name]);
    if (!/^[\d.]+$/.test(values[name]) || !(parsed >= min && parsed <= max)) {
      throw new Error(
        `--${name} is ${JSON.stringify(values[name])}; it must be a number from ${min} to ${max}.`,
      );
    }
    return parsed;
  };
  const whole = (name: Exclude<keyof typeof values, 'json'>, min: number): number =>
    Math.floor(number(name, min, 1_000_000_000));
  const bench: BenchOptions = {
    plan: {
      accountCount: whole('accounts', 0),
      transferCount: whole('transfers', 0),
      currencyCount: whole('currencies', 1),
      dueShare: number('due-share', 0, 1),
      preparedShare: number('prepared-share', 0, 1),
    },
    cases: CASES,
    settings: parseSettings({}),
    dir: values.dir,
    concurrency: whole('concurrency', 1),
    invocationSeconds: number('seconds', 0, 900),
    progress: progressTo(process.stderr),
  };
  return { bench, json: values.json };
}
