/** `npm run cost`: its options, and what it prints. Measures nothing itself. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { CaseResult } from '../case-result.ts';
import { type CaseCounts, costOfCase, costOfIdleStack, costOfMonth } from './cost-model.ts';
import { printCases, printCounts, printLines } from './cost-tables.ts';
import { countsOfCase } from './counted-case.ts';
import { KNOWN_COUNTS } from './known-counts.ts';
import { PRICES_LOOKED_UP_ON, PRICES_REGION } from './prices.ts';
import { costOfSyntheticPayments } from './synthetic-payments.ts';

const HELP = `Prints what transfers and the stack cost on AWS; docs/cost.md explains how this is computed.

  npm run cost -- [options]

  --results FILE            counts measured by the benchmark: a JSON file with its cases (default: a few known ones)
  --case NAME               print the bill of this case, line by line
  --accounts N              the number of accounts in the stack (default 1000)
  --transfers-per-month N   print the bill of a month with so many transfers of the case, or of the first case
  --help                    print this text`;

/** The stack's default. */
const SYNTHETIC_PAYMENT_MINUTES = 5;

interface Options {
  readonly resultsFile: string | undefined;
  readonly caseName: string | undefined;
  readonly accounts: number;
  readonly transfers: number | undefined;
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
      'transfers-per-month': { type: 'string' },
    },
  });
  const transfers = values['transfers-per-month'];
  return {
    resultsFile: values.results,
    caseName: values.case,
    accounts: wholeNumber('--accounts', values.accounts),
    transfers: transfers === undefined ? undefined : wholeNumber('--transfers-per-month', transfers),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new Error(`${name} is ${JSON.stringify(text)}; it must be a whole number.`);
  }
  return Number(text);
}

function report({ resultsFile, caseName, accounts, transfers }: Options): string {
  const cases = resultsFile === undefined ? KNOWN_COUNTS : readCases(resultsFile);
  const chosen =
    cases.find(({ name }) => name === caseName) ?? (caseName === undefined ? cases[0] : undefined);
  if (chosen === undefined) {
    throw new Error(`There is no case ${caseName}, only ${cases.map(({ name }) => name).join(', ')}.`);
  }
  const size = accounts.toLocaleString('en-US');
  const count = transfers?.toLocaleString('en-US');
  return [
    `Prices of ${PRICES_REGION}, looked up on ${PRICES_LOOKED_UP_ON}, without free tiers.`,
    printCounts(cases),
    printCases(cases),
    ...(caseName === undefined ? [] : [printLines(`a million, ${chosen.name}`, costOfCase(chosen))]),
    printLines(`a month, idle, ${size} accounts`, costOfIdleStack({ accounts })),
    printLines(
      `a month, synthetic payments (${chosen.name})`,
      costOfSyntheticPayments(chosen, SYNTHETIC_PAYMENT_MINUTES),
    ),
    ...(transfers === undefined
      ? []
      : [
          printLines(
            `a month, ${size} accounts, ${count} transfers (${chosen.name})`,
            costOfMonth({ counts: chosen, accounts, transfers }),
          ),
        ]),
  ].join('\n\n');
}

/** The benchmark's file is either its cases themselves or an object that has them under `cases` or `results`. */
function readCases(file: string): readonly CaseCounts[] {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  const results: readonly CaseResult[] = Array.isArray(content)
    ? content
    : (content.cases ?? content.results ?? []);
  const cases = results.flatMap((result) => countsOfCase(result) ?? []);
  if (cases.length === 0) {
    throw new Error(`${file} has no case of which it is known what was spent.`);
  }
  return cases;
}
