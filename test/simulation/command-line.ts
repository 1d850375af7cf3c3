/** `npm run simulate`: its options, its progress line, and what it prints about a failure. */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { endWhenUnread } from '../../lib/operations/closed-pipe.ts';
import { FEATURE_NAMES, type Features, parseOverride } from './features.ts';
import { ENOUGH_SEEDS, notReached } from './reached.ts';
import { runMutations } from './run-mutations.ts';
import { runSeeds, type SeedReport } from './run-seeds.ts';
import { shrink } from './shrink.ts';
import { runWorld, type WorldResult } from './world.ts';

const HELP = `Simulates the accounting authority with its clients and AWS, and checks every guarantee of SMP 2.1, section 10.

  npm run simulate -- [options]

  --seeds N          how many worlds to run (default 1000)
  --first SEED       the first seed: a whole number, or "random" (default 1)
  --threads N        how many worlds run at a time (default: one for each processor)
  --keep-going       go on after a failing seed
  --as-found         report the failing world as it is, without looking for a simpler one
  --seed SEED        run one world only
  --verbose          with --seed: print every event
  --set NAME=VALUE   replace a feature of the worlds; may be repeated
  --mutations        break a copy of the code in each known way, and check that the simulation notices
  --only TEXT        with --mutations: only the mutations whose name contains the text
  --help             print this text

Exit code: 0 when every guarantee held (or every mutation was noticed), 1 when not, 2 for a wrong option. Of
${ENOUGH_SEEDS} seeds and more, the exit code is 1 also when there is something that none of them came across.

Features: ${FEATURE_NAMES.join(', ')}.`;

const PROGRESS_MS = 500;
const PROGRESS_LINE_MS = 15_000;

interface Options {
  readonly seeds: number;
  readonly first: number;
  readonly threads: number;
  readonly keepGoing: boolean;
  readonly wantsShrinking: boolean;
  readonly seed: number | undefined;
  readonly isVerbose: boolean;
  readonly overrides: Partial<Features>;
  readonly wantsMutations: boolean;
  readonly only: string;
}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  endWhenUnread();
  if (args.includes('--help')) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}. See --help.\n`);
    return 2;
  }
  if (options.wantsMutations) {
    return runMutations(options.seeds, options.threads, options.only);
  }
  return options.seed === undefined ? runMany(options) : runOne(options.seed, options);
}

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      first: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
      'keep-going': { type: 'boolean', default: false },
      'as-found': { type: 'boolean', default: false },
      seed: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
      mutations: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  return {
    seeds: wholeNumber('--seeds', values.seeds),
    first: values.first === 'random' ? (Date.now() % 2 ** 31) * 1_000 : wholeNumber('--first', values.first),
    threads: Math.max(1, wholeNumber('--threads', values.threads)),
    keepGoing: values['keep-going'],
    wantsShrinking: !values['as-found'],
    seed: values.seed === undefined ? undefined : wholeNumber('--seed', values.seed),
    isVerbose: values.verbose,
    overrides: Object.assign({}, ...values.set.map(parseOverride)),
    wantsMutations: values.mutations,
    only: values.only,
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0 || text.trim() === '') {
    throw new RangeError(`${name} takes a whole number, not ${text}`);
  }
  return number;
}

async function runOne(seed: number, { isVerbose, overrides }: Options): Promise<number> {
  const write = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const result = await runWorld(seed, { overrides, ...(isVerbose && { write }) });
  write(describeCounts({ count: 1, counts: result.counts, failures: [] }));
  write(`event log: ${result.digest}`);
  if (result.violation === undefined) {
    write(`Seed ${seed}: every guarantee held.`);
    return 0;
  }
  write(describeFailure(result, overrides));
  return 1;
}

async function runMany(options: Options): Promise<number> {
  const { first, seeds, overrides, threads, keepGoing } = options;
  const started = performance.now();
  const say = progressPrinter(seeds, started);
  process.stderr.write(`Seeds ${first} to ${first + seeds - 1} on ${threads} threads.\n`);
  const range = { first, count: seeds };
  const report = await runSeeds({ range, overrides, threads, keepGoing, progressed: say });
  const seconds = (performance.now() - started) / 1_000;
  process.stdout.write(
    `${process.stderr.isTTY ? '\n' : ''}${report.count} seeds in ${seconds.toFixed(1)} s ` +
      `(${(report.count / seconds).toFixed(0)} a second): ${report.failures.length} failed.\n` +
      `${describeCounts(report)}\n`,
  );
  for (const failure of report.failures) {
    process.stdout.write(`${describeFailure(failure, overrides)}\n`);
  }
  const [simplest] = report.failures;
  if (simplest !== undefined && options.wantsShrinking) {
    await printShrunk(simplest, overrides);
  }
  const isWhole = report.count >= ENOUGH_SEEDS && Object.keys(overrides).length === 0;
  const missing = isWhole ? notReached(report) : [];
  if (missing.length > 0) {
    process.stdout.write(`\nNo world came across: ${missing.join(', ')}.\n`);
  }
  return report.failures.length === 0 && missing.length === 0 ? 0 : 1;
}

async function printShrunk(failure: WorldResult, overrides: Partial<Features>): Promise<void> {
  process.stdout.write('Looking for a simpler world that fails in the same way …\n');
  const shrunk = await shrink(failure, overrides);
  process.stdout.write(`${describeFailure(shrunk.result, shrunk.overrides)}\n`);
}

function progressPrinter(seeds: number, started: number): (report: SeedReport) => void {
  const { isTTY } = process.stderr;
  let last = started;
  return ({ count, failures }) => {
    const now = performance.now();
    if (now - last < (isTTY ? PROGRESS_MS : PROGRESS_LINE_MS)) {
      return;
    }
    last = now;
    const perSecond = (count / (now - started)) * 1_000;
    const left = Math.round((seeds - count) / perSecond);
    const line = `${count} of ${seeds} seeds, ${perSecond.toFixed(0)} a second, ${failures.length} failed, ${left} s left`;
    process.stderr.write(
      isTTY ? `\r${line.slice(0, (process.stderr.columns || 200) - 1)}\u001b[K` : `${line}\n`,
    );
  };
}

function describeFailure({ seed, violation }: WorldResult, overrides: Partial<Features>): string {
  const set = Object.entries(overrides).map(([name, value]) => `--set ${name}=${value}`);
  const command = ['npm run simulate --', '--seed', seed, ...set, '--verbose'].join(' ');
  return `\nSeed ${seed} breaks a guarantee: ${violation?.guarantee}.\n  ${violation?.details}\n  Again: ${command}`;
}

function describeCounts({ counts }: SeedReport): string {
  const names = Object.keys(counts).sort();
  return names.map((name) => `  ${name.padEnd(48)} ${String(counts[name]).padStart(12)}`).join('\n');
}
