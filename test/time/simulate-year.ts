/** `npm run simulate:year`: one simulated year of a currency of any size; see `--help`. */

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { liveThroughYear } from './support/simulated-year.ts';
import { faultsOfYear } from './support/year-checks.ts';

const HELP = `Simulates a year of one currency, with sweeps every 8 hours, and checks everything that must be true afterwards.

  npm run simulate:year -- [--accounts N] [--payments N] [--seed TEXT]

  --accounts N   ordinary accounts, at least 21; twenty of them are deleted (default 1000)
  --payments N   payments at random times, besides those that fund the accounts (default 3650)
  --seed TEXT    seed of everything random (default: a new one each time)
`;

const OPTIONS = {
  accounts: { type: 'string', default: '1000' },
  payments: { type: 'string', default: '3650' },
  seed: { type: 'string', default: String(randomInt(1_000_000)) },
  help: { type: 'boolean', default: false },
} as const;

function readFlags() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} See --help.`);
    return process.exit(2);
  }
}

const values = readFlags();
if (values.help) {
  console.log(HELP);
} else {
  const { accounts, payments, seed } = values;
  console.log(`A year of ${accounts} accounts and ${payments} payments, with the seed ${seed} …`);
  const startedAt = performance.now();
  const year = await liveThroughYear(seed, {
    accountCount: Number(accounts),
    dayCount: 365,
    paymentCount: Number(payments),
  });
  const faults = faultsOfYear(year);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  for (const [name, count] of Object.entries(year.cloud.telemetry.counts).toSorted()) {
    console.log(`${name.padEnd(42)} ${count.toLocaleString('en-US').padStart(12)}`);
  }
  for (const fault of faults) {
    console.error(`! ${fault}`);
  }
  console.log(`${faults.length === 0 ? 'All was well' : `${faults.length} faults`}, in ${seconds} s.`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
