/** `npm run bench`: what is asked for, what is shown meanwhile, and where the results go. Measures nothing itself. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWhenUnread } from '../../lib/operations/closed-pipe.ts';
import { CASES } from './cases.ts';
import { parseOptions, type ReadOptions } from './parse-options.ts';
import { clearProgress, showProgress, showResult } from './progress.ts';
import { faultsOf, printSummary } from './report/report.ts';
import { writeReport } from './report/write-report.ts';
import { runSuite } from './suite.ts';
import { PARTS } from './suite-options.ts';

const HELP = `Measures throughput, latency and cost of the accounting authority, and checks everything that it does meanwhile.

  npm run bench                                           a short run, under two minutes: 1, 64 and 4,000 payments under way
  npm run bench -- --under-way 64 --transfers 2000        one load
  npm run bench -- --all                                  everything, about an hour

  --under-way K     keep so many payments under way; may be repeated
  --pace P          start P payments a second, whatever comes back; may be repeated
  --transfers N     measure so many payments with each load, after a fifth as many to warm up
  --case NAME       one of ${CASES.map(({ name }) => name).join(', ')};
                    may be repeated (default: many-to-many under each load, all cases in other parts)
  --repeat N        measure each load N times (default 1)
  --all             all loads (1 a second; 1, 8, 64, 512, 4,000 and 20,000 under way), and all parts
  --part NAME       one of ${PARTS.join(', ')}; may be repeated (default: loads).
                    loads: a case in a local run, under different loads; local: all cases in a local run; direct: handlers
                    fed with batches, only the tables emulated; scaling: from 1,000 accounts to a million; memory:
                    whether memory stays flat over a million messages
  --divide N        make only an N-th of all payments (default 1)
  --accounts N      number of accounts in the largest table of the scaling part (default 1000000)
  --outputs FILE    measure the running stack that this file of outputs describes, instead of a local run
  --endpoint URL    endpoint of all services of that stack (default: what the file says, or AWS)
  --folder DIR      folder for data and results (default .bench)
  --cpu-prof DIR    write CPU profiles of all threads of the local run there
  --help            print this text

Writes results.json and report.md, with its plots, to the folder. Options of the stack, such as APP_ACCOUNT_UPDATE_DELAY_SECONDS,
are taken from the environment.
Exit code: 0 when nothing was lost, doubled or wrong, 1 when something was, 2 for a wrong option.`;

const INTERRUPTED_STATUS = 130;

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  endWhenUnread();
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  let options: ReadOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} See --help.`);
    return 2;
  }
  // Whatever was started is stopped, and its data removed, when this process ends.
  process.once('SIGINT', () => process.exit(INTERRUPTED_STATUS));
  const results = await runSuite({
    ...options,
    environment: process.env,
    onProgress: showProgress,
    onResult: showResult,
  }).catch(inSentence);
  if (results === undefined) {
    return 2;
  }
  clearProgress();
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
  clearProgress();
  console.error(
    code === 'ECONNREFUSED'
      ? `The stack does not answer (${message}): is \`npm start\` running?`
      : `The benchmark can't go on: ${message}.`,
  );
}
