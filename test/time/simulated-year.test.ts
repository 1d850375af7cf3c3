/**
 * A year of a small currency: all time-driven behaviour, checked as a whole. `npm run simulate:year` does the same with a
 * thousand accounts.
 */

import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { liveThroughYear } from './support/simulated-year.ts';
import { faultsOfYear } from './support/year-checks.ts';

/** A new seed each time; a failure names it. */
const SEED = process.env.YEAR_SEED ?? String(randomInt(1_000_000));

describe(`A year of a currency (YEAR_SEED=${SEED})`, () => {
  it('ends with money conserved, all reminders and heartbeats on time, whole ledgers and exact interest', async () => {
    const year = await liveThroughYear(SEED, { accountCount: 100, dayCount: 365, paymentCount: 300 });
    expect(faultsOfYear(year)).toStrictEqual([]);
    expect(year.cloud.telemetry.counts).toMatchObject({
      'Sweep.accounts.started': 1095,
      'Sweep.transfers.started': 365,
      'Sweep.accounts.purge': 18,
      'Events.AccountPurge': 18,
    });
    expect(year.cloud.telemetry.log.filter(({ level }) => level === 'warn')).toStrictEqual([]);
  }, 120_000);
});
