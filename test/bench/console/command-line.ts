/** `npm run bench:console`: its options and its exit code. */

import { parseArgs } from 'node:util';
import { BROWSER_PROGRAM } from '../../support/browser.ts';
import { type BenchOptions, measureConsole } from './bench.ts';
import { printReport } from './report.ts';

const HELP = `Measures whether the console's page stays fluent in Chromium: long tasks, processor time and memory.

  npm run bench:console -- [options]

  --accounts N         accounts in the tables (default 100000)
  --rate N             messages a minute in the feed (default 10000)
  --seconds N          for how long each view is watched (default 20)
  --minutes N          for how long the feed is watched, to see whether memory grows (default 4)
  --help               print this text

The tables are those of the local DynamoDB emulator, filled directly. The messages are those of payments between these
accounts; no function runs. Chromium must be installed (apt-get install chromium); CONSOLE_BROWSER names another program.
Exit code: 1 when a task took more than 50 ms of the processor or memory grew by more than a fifth, 2 for a wrong option
or without Chromium.
`;

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  let options: BenchOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error} See --help.\n`);
    return 2;
  }
  if (BROWSER_PROGRAM === undefined) {
    process.stderr.write(
      'No Chromium is installed: apt-get install chromium, or name one in CONSOLE_BROWSER.\n',
    );
    return 2;
  }
  const { text, isFluent } = printReport(await measureConsole(options));
  process.stdout.write(text);
  return isFluent ? 0 : 1;
}

function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string', default: '100000' },
      rate: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '20' },
      minutes: { type: 'string', default: '4' },
    },
  });
  const positive = (name: keyof typeof values): number => {
    if (!/^\d+(\.\d+)?$/.test(values[name]) || Number(values[name]) === 0) {
      throw new Error(`--${name} is ${JSON.stringify(values[name])}; it must be a positive number.`);
    }
    return Number(values[name]);
  };
  return {
    accountCount: Math.ceil(positive('accounts')),
    messagesPerMinute: positive('rate'),
    seconds: positive('seconds'),
    minutes: positive('minutes'),
    tell: (line) => void process.stderr.write(`${line}\n`),
  };
}
