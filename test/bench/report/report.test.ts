import { describe, expect, it } from 'vitest';
import { aCase, aMemoryResult, aRun, aUsage } from './a-run.ts';
import { faultsOf, printSummary } from './report.ts';

const BROKEN = aCase({ name: 'issuing', usage: undefined, seconds: 0, faults: ['3 messages were lost'] });

describe('The summary of a run', () => {
  it('has a line a case, aligned', () => {
    expect(printSummary(aRun({ cases: [aCase(), BROKEN] })).split('\n')).toStrictEqual([
      'case     load             authority    transfers  per second  prepared p50  whole p50  whole p99   WU    RU  handler CPU ms  result',
      'burst    1,000 under way  a local run      1,000         500        300 ms        1 s      2.3 s  6.2  1.65             0.5  passed',
      'issuing  1,000 under way  a local run      1,000           —             —          —          —    —     —               —  ✗ 1 fault',
    ]);
  });

  it('warns of a busy machine and tells which budgets are exceeded', () => {
    const { machine } = aRun();
    const metrics = { ...aUsage().metrics, WriteUnits: 7_500 };
    const run = aRun({
      machine: { ...machine, loadBefore: 1.01 },
      cases: [aCase({ usage: aUsage({ metrics }) })],
      bundles: [{ name: 'run-chores', kilobytes: 500, loadMs: 151.5 }],
    });
    expect(printSummary(run).split('\n').slice(2)).toStrictEqual([
      '⚠ The machine was busy before the run began (load 1.01, 2 processors): times are longer than they would be.',
      '✗ transfer, burst (a local run): 7.5 write units, budget ≤ 7',
      '✗ bundle run-chores: 151.5 load ms, budget ≤ 150',
    ]);
  });

  it('tells how memory grew, if that is known', () => {
    expect(printSummary(aRun({ cases: [], memory: aMemoryResult() }))).toBe(
      'Memory: 36.13 MB at the start, 36.5 MB after 1,000,000 messages, 0.524 bytes a message; at most 280 MB resident',
    );
    expect(printSummary(aRun({ cases: [], memory: aMemoryResult({ growth: undefined, samples: [] }) }))).toBe(
      'Memory: unknown, after 0 messages; at most 0 MB resident',
    );
  });
});

describe('The faults of a run', () => {
  it('are those of all cases, of all sizes of tables, of memory, and messages published again', () => {
    const run = aRun({
      cases: [aCase(), aCase({ faults: ['one', 'two'] })],
      scaling: [{ accountsInTable: 10_000, result: BROKEN }],
      redelivery: { messageCount: 10, writeUnits: 0, readUnits: 1, publishedCount: 2 },
      memory: aMemoryResult({ faults: ['grew by 9.0 MB'] }),
    });
    expect(faultsOf(run)).toStrictEqual([
      'burst (a local run): one',
      'burst (a local run): two',
      'issuing, 10,000 accounts in the table: 3 messages were lost',
      'redelivery: 2 messages were published because of messages that came again',
      'memory: grew by 9.0 MB',
    ]);
  });

  it('are none when all is well', () => {
    expect(faultsOf(aRun())).toStrictEqual([]);
  });
});
