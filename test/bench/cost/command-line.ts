/** `npm run cost`: its options, and what it prints. Measures nothing itself. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { figureOfLoneTransfer } from '../figures/cost-blocks.ts';
import { type Figure, readFigures, titleOf, withResults } from '../figures/figures.ts';
import { LOCAL_RUN } from '../stack-authority.ts';
import { costOfCase, costOfIdleStack } from './cost-model.ts';
import { printCases, printCounts, printLines } from './cost-tables.ts';
import { PRICES_LOOKED_UP_ON, PRICES_REGION } from './prices.ts';
import { parseNumber, parseRate } from './quantities.ts';
import { printSteadyLoad } from './steady-load.ts';
import { costOfSyntheticPayments, SYNTHETIC_PAYMENT_MINUTES } from './synthetic-payments.ts';

const HELP = `Prints what transfers and the stack cost on AWS; docs/cost.md explains how this is computed.

  npm run cost -- --rate 50/s --accounts 1M     what you would pay in a month
  npm run cost                                  what a million transfers cost, by how many are under way, and an idle stack
  npm run cost -- [options]

  --rate R          transfers all the time: so many in a second (50/s, or 50), or per min, h, day or month (2M/month)
  --accounts N      the number of accounts in the stack (default 1000); 10k and 1M are numbers, too
  --case NAME       print the bill of a million transfers of this case line by line, such as "many-to-many, 64 under way"
  --results FILE    take the counts from this file of the benchmark instead of docs/figures.json
  --help            print this text`;

interface Options {
  readonly figures: readonly Figure[];
  readonly caseName: string | undefined;
  readonly accounts: number;
  readonly transfersPerSecond: number | undefined;
}

/** @returns the exit code: 2 for a mistake in the options */
export function main(args: readonly string[]): number {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  try {
    console.log(report(parseOptions(args)));
    return 0;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} See --help.`);
    return 2;
  }
}

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      results: { type: 'string' },
      case: { type: 'string' },
      accounts: { type: 'string', default: '1000' },
      rate: { type: 'string' },
    },
  });
  return {
    figures:
      values.results === undefined
        ? readFigures()
        : withResults([], JSON.parse(readFileSync(values.results, 'utf8'))),
    caseName: values.case,
    accounts: parseNumber('--accounts', values.accounts),
    transfersPerSecond: values.rate === undefined ? undefined : parseRate('--rate', values.rate),
  };
}

function report({ figures, caseName, accounts, transfersPerSecond }: Options): string {
  const prices = `Prices of ${PRICES_REGION}, looked up on ${PRICES_LOOKED_UP_ON}, without free tiers.`;
  if (transfersPerSecond !== undefined) {
    const measured = loadsOf(figures);
    if (measured.length === 0) {
      throw new Error('No load of a local run was measured: npm run bench.');
    }
    return `${printSteadyLoad({ transfersPerSecond, accounts, measured })}\n\n${prices}`;
  }
  if (caseName !== undefined) {
    const chosen = figures.find((figure) => titleOf(figure) === caseName);
    if (chosen === undefined) {
      throw new Error(`There is no case ${caseName}, only: ${figures.map(titleOf).join('; ')}.`);
    }
    return [prices, printLines(`a million, ${caseName}`, costOfCase(chosen.counts))].join('\n\n');
  }
  const counts = figures.map((figure) => ({
    ...figure.counts,
    name: `${titleOf(figure)}, ${figure.authority}`,
  }));
  const alone = figureOfLoneTransfer(figures);
  return [
    prices,
    printCounts(counts),
    printCases(counts),
    printLines(`a month, idle, ${accounts.toLocaleString('en-US')} accounts`, costOfIdleStack({ accounts })),
    ...(alone === undefined
      ? []
      : [
          printLines(
            'a month, synthetic payments',
            costOfSyntheticPayments(alone.counts, SYNTHETIC_PAYMENT_MINUTES),
          ),
        ]),
  ].join('\n\n');
}

/** Payments among many, by how many are under way; a busy account would share more than others do. */
function loadsOf(figures: readonly Figure[]) {
  return figures.flatMap(({ name, authority, load, counts }) =>
    name === 'many-to-many' && authority === LOCAL_RUN && load.kind === 'under-way'
      ? [{ underWay: load.count, counts }]
      : [],
  );
}
