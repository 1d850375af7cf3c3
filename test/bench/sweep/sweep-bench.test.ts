/** The sweep benchmark itself measures whole sweeps and notices what a sweep does wrong. */

import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { NO_PROGRESS } from '../../../lib/operations/progress.ts';
import { DEFAULT_SETTINGS } from '../../support/builders.ts';
import { OTHER_DYNAMODB } from '../../support/other-dynamodb.ts';
import { type BenchOptions, measureSweeps } from './bench.ts';
import { CASES, type SweepCase } from './cases.ts';
import { main, parseCommand } from './command-line.ts';
import { printReport, resultToJson } from './report.ts';
import type { WorkOf } from './sweep-run.ts';

/** Three pages of accounts, with 50 in each currency and something due for 50; 25 transfers are prepared, 10 of them due. */
const PLAN = {
  accountCount: 2_500,
  transferCount: 1_250,
  currencyCount: 50,
  dueShare: 0.02,
  preparedShare: 0.02,
};

function options(changes: Partial<BenchOptions> = {}): BenchOptions {
  return {
    plan: PLAN,
    cases: CASES,
    settings: DEFAULT_SETTINGS,
    dir: tmpdir(),
    concurrency: 2,
    // Each invocation reads one page and sends the rest on.
    invocationSeconds: 0,
    progress: NO_PROGRESS,
    ...changes,
  };
}

function caseNamed(name: string, changes: Partial<SweepCase> = {}): SweepCase {
  const found = CASES.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`There is no case ${name}.`);
  }
  return { ...found, ...changes };
}

async function faultsOf(changes: Partial<BenchOptions>): Promise<readonly string[]> {
  const { cases } = await measureSweeps(options(changes));
  return cases.flatMap(({ faults }) => faults);
}

describe.skipIf(OTHER_DYNAMODB !== undefined)('the measurement of sweeps', () => {
  it('counts items, pages, invocations, units and writes of every case, in which all is as it must be', async () => {
    const result = await measureSweeps(options({ plan: { ...PLAN, dueShare: 0.4 } }));
    const rows = result.cases.map((one) => ({
      name: one.name,
      items: one.itemCount,
      pages: one.pageCount,
      largestPage: one.largestPage,
      segments: one.segmentCount,
      invocations: one.invocationCount,
      writes: one.writeCallCount,
      writeUnits: one.writeUnits,
      done: one.verification.doneCount,
      faults: one.faults,
    }));
    const inAccounts = {
      items: 2_550,
      pages: 3,
      largestPage: 1_000,
      segments: 1,
      invocations: 3,
      faults: [],
    };
    const inTransfers = { ...inAccounts, items: 1_250, pages: 2, invocations: 2 };
    const of = (count: number) => ({ writes: count, writeUnits: count, done: count });
    expect(rows).toStrictEqual([
      { name: 'accounts, nothing due', ...inAccounts, ...of(0) },
      { name: 'accounts, heartbeats due', ...inAccounts, ...of(1_000) },
      { name: 'accounts, a new rate', ...inAccounts, ...of(50) },
      { name: 'accounts, once more', ...inAccounts, ...of(0) },
      { name: 'transfers, nothing due', ...inTransfers, ...of(0) },
      { name: 'transfers, reminders due', ...inTransfers, ...of(10) },
    ]);
    expect(printReport(result)).toContain('accounts, heartbeats due\n  items        2,550, done 1,000\n');
    expect(JSON.parse(resultToJson(result)).cases[1].perMillionItems.writeUnits).toBeCloseTo(392_156.86, 1);
  });

  it('reads half a unit for 4 KB, since pages need not be consistent', async () => {
    const result = await measureSweeps(options({ cases: [caseNamed('transfers, nothing due')] }));
    const [first] = result.cases;
    const pagesTogether = (result.itemBytes.transfers * 1_250) / 4_096 / 2;
    expect((first?.readUnits ?? 0) / pagesTogether).toBeCloseTo(1, 1);
  });

  it('notices what was due and not done', async () => {
    const real = caseNamed('accounts, heartbeats due');
    const forgetful: WorkOf = (tools) => {
      const work = real.workOf(tools);
      const isForgotten = ({ creditorId }: { creditorId: bigint }) => creditorId === 4_294_967_296n + 49n;
      return {
        ...work,
        handlePage: (items, pace) =>
          work.handlePage(
            items.filter((one) => !isForgotten(one)),
            pace,
          ),
      };
    };
    expect(await faultsOf({ cases: [{ ...real, workOf: forgetful }] })).toStrictEqual([
      '1 items were missed although something was due for them.',
      'missed: 50:4294967345 1800000000000000 2 1800000000000000 instead of 50:4294967345 1800000000000001 2 1800604800000000',
    ]);
  });

  it('notices what was done and not due', async () => {
    const faults = await faultsOf({
      cases: [caseNamed('transfers, nothing due')],
      // Half a day less than the time since the oldest announcement.
      settings: { ...DEFAULT_SETTINGS, reminderSeconds: 5.5 * 86_400 },
      plan: { ...PLAN, dueShare: 0.04 },
    });
    expect(faults.slice(0, 2)).toStrictEqual([
      '1 items were written although nothing was due for them.',
      '1 calls wrote, though only 0 items were due.',
    ]);
  });

  it('notices what was done in another way than it must be', async () => {
    const cases = [caseNamed('accounts, heartbeats due', { now: 1_800_604_800_000_001n })];
    const [first] = await faultsOf({ cases });
    expect(first).toBe('50 items are not as they must be.');
  });
});

describe.skipIf(OTHER_DYNAMODB !== undefined)('npm run bench:sweep', () => {
  it('takes its options, and has defaults for all', () => {
    const { bench, json } = parseCommand(['--accounts', '7', '--due-share', '0.5', '--json', 'out.json']);
    expect([bench.plan, json]).toStrictEqual([
      {
        accountCount: 7,
        transferCount: 100_000,
        currencyCount: 10,
        dueShare: 0.5,
        preparedShare: 0.01,
      },
      'out.json',
    ]);
  });

  it.each([
    [['--accounts', 'many'], '--accounts is "many"; it must be a number from 0 to 1000000000.'],
    [['--due-share', '2'], '--due-share is "2"; it must be a number from 0 to 1.'],
  ])('refuses %j', async (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
    expect(await main(args)).toBe(2);
  });
});
