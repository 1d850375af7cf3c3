/** `npm run bench:start`: its options, its table and its exit code. Measures nothing itself. */

import { parseArgs } from 'node:util';
import { measureBundles } from './bundles.ts';
import type { BundleResult } from './results.ts';

const HELP = `Measures the functions' bundles: how large each is, and how long a new Node process takes to load it.

  npm run bench:start -- [options]

  --loads N    load each bundle so many times and print the median (default 5)
  --help       print this text

Exit code: 1 when a bundle is larger than its budget, 2 for a wrong option. Load times are printed without a check.`;

const BUDGET = { kilobytes: 1_000, loadMs: 150 };

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  let loadCount: number;
  try {
    loadCount = parseLoads(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} See --help.`);
    return 2;
  }
  const results = await measureBundles({ loadCount });
  console.log(printBundles(results));
  const tooLarge = results.filter(({ kilobytes }) => kilobytes > BUDGET.kilobytes);
  for (const { name } of tooLarge) {
    console.error(`The bundle of ${name} is larger than ${BUDGET.kilobytes} KB.`);
  }
  return tooLarge.length === 0 ? 0 : 1;
}

function parseLoads(args: readonly string[]): number {
  const { loads } = parseArgs({
    args: [...args],
    options: { loads: { type: 'string', default: '5' } },
  }).values;
  if (!/^[1-9]\d{0,2}$/.test(loads)) {
    throw new Error(`--loads is ${JSON.stringify(loads)}; it must be a whole number from 1 to 999.`);
  }
  return Number(loads);
}

export function printBundles(results: readonly BundleResult[]): string {
  const rows = [
    ['function', 'KB', 'load ms'],
    ...results.map(({ name, kilobytes, loadMs }) => [name, kilobytes.toFixed(0), loadMs.toFixed(0)]),
    ['budget', `${BUDGET.kilobytes}`, `${BUDGET.loadMs}`],
  ];
  return rows
    .map(([name = '', ...figures]) => [name.padEnd(20), ...figures.map((text) => text.padStart(9))].join(''))
    .join('\n');
}
