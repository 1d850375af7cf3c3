/** `npm run bench:client`: what the client library costs by itself, of memory for a long ledger and of CPU time for a payment. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryStore, openSqliteStore } from '../../../lib/client/client.ts';
import { OptionError, withOptionErrors } from '../option-error.ts';
import { measureLedgerMemory } from './ledger-memory.ts';
import { measurePaymentCost } from './payment-cost.ts';

const HELP = `Measures what the client library costs by itself, beside an authority that only answers, without SQS, SNS and rules.

  npm run bench:client                           both parts, some minutes
  npm run bench:client -- --part payments

  --part NAME     payments: CPU time of a payment; ledger: memory of a growing ledger in SQLite
  --payments N    measure so many payments (default 5000)
  --under-way K   keep so many payments under way (default 64)
  --entries N     grow the ledger to so many entries, and look at a hundredth and a tenth of it, too (default 1000000)
  --folder DIR    where the files of SQLite are (default: a temporary folder)
  --help          print this text

Exit code: 0; 1 when a payment costs more than 1 ms or the memory grows with the ledger; 2 for a wrong option.`;

/** A payment may cost so much beside the calls of SQS and SNS. */
const MAX_PAYMENT_MS = 1;
/** Growth to a hundred times the length that still counts as none: caches of the compiler and of SQLite fill up meanwhile. */
const MAX_GROWTH_MB = 5;

process.exitCode = await withOptionErrors(main);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      part: { type: 'string' },
      payments: { type: 'string', default: '5000' },
      'under-way': { type: 'string', default: '64' },
      entries: { type: 'string', default: '1000000' },
      folder: { type: 'string', default: tmpdir() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { part } = values;
  if (part !== undefined && part !== 'payments' && part !== 'ledger') {
    throw new OptionError(`--part is ${part}; it must be payments or ledger.`);
  }
  const folder = mkdtempSync(join(values.folder, 'bench-client-'));
  process.once('SIGINT', () => process.exit(130));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const options = {
    paymentCount: positive('--payments', values.payments),
    underWay: positive('--under-way', values['under-way']),
  };
  const isCheap = part === 'ledger' || (await payments(folder, options));
  const isFlat = part === 'payments' || (await ledger(folder, positive('--entries', values.entries)));
  return isCheap && isFlat ? 0 : 1;
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new OptionError(`${name} is ${text}; it must be a positive integer.`);
  }
  return Number(text);
}

async function payments(
  folder: string,
  options: { readonly paymentCount: number; readonly underWay: number },
): Promise<boolean> {
  const inMemory = await measurePaymentCost({ ...options, store: new MemoryStore() });
  await using store = await openSqliteStore(join(folder, 'payments.sqlite'));
  const inSqlite = await measurePaymentCost({ ...options, store });
  console.log(`CPU time of a payment, ${options.paymentCount} payments, ${options.underWay} under way:`);
  console.log(`  ${inMemory.toFixed(3)} ms with the store in memory`);
  console.log(`  ${inSqlite.toFixed(3)} ms with the store in SQLite`);
  return inMemory <= MAX_PAYMENT_MS && inSqlite <= MAX_PAYMENT_MS;
}

async function ledger(folder: string, entries: number): Promise<boolean> {
  await using store = await openSqliteStore(join(folder, 'ledger.sqlite'));
  const entryCounts = [entries / 100, entries / 10, entries].map(Math.ceil);
  const results = await measureLedgerMemory({ store, entryCounts, onProgress: showProgress });
  console.log(
    '\nMemory in use while the ledger grows, and while all of it is read, and of the whole process:',
  );
  for (const { entryCount, growingMB, readingMB, rssMB } of results) {
    const [growing, reading, rss] = [growingMB, readingMB, rssMB].map((size) => `${size.toFixed(1)} MB`);
    console.log(`  ${entryCount} entries: ${growing}, ${reading}, ${rss}`);
  }
  const sizes = results.map(({ growingMB, readingMB }) => Math.max(growingMB, readingMB));
  return (sizes.at(-1) ?? 0) - (sizes[0] ?? 0) <= MAX_GROWTH_MB;
}

function showProgress(entryCount: number): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r${entryCount} entries `);
  }
}
