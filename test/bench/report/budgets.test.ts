import { describe, expect, it } from 'vitest';
import { pace, underWay } from '../load.ts';
import type { BenchResults } from '../results.ts';
import { aCase, aMemoryResult, aRun, aUsage } from './a-run.ts';
import { budgetLines } from './budgets.ts';

function linesOf(changes: Partial<BenchResults>): string[] {
  return budgetLines(aRun(changes)).map(
    ({ subject, quantity, measured, limit, isKept }) =>
      `${subject}: ${measured} of ${limit} ${quantity} ${isKept ? 'kept' : 'exceeded'}`,
  );
}

describe('A budget', () => {
  it('holds for the units of a transfer, and for CPU time where messages share batches', () => {
    expect(linesOf({ cases: [aCase()] })).toStrictEqual([
      'transfer, burst (a local run): 6.2 of 7 write units kept',
      'transfer, burst (a local run): 1.65 of 3 read units kept',
      'message, at most: burst (a local run): 0.25 of 1 handler CPU ms kept',
    ]);
  });

  it('may be reached but not exceeded', () => {
    const usage = aUsage({ metrics: { WriteUnits: 700, ReadUnits: 300.5 } });
    expect(
      linesOf({ cases: [aCase({ name: 'isolated', load: underWay(1), transferCount: 50, usage })] }),
    ).toStrictEqual([
      'transfer, isolated (a local run): 14 of 14 write units kept',
      'transfer, isolated (a local run): 6.01 of 6 read units exceeded',
    ]);
  });

  it('of a burst does not hold for a smaller one', () => {
    expect(linesOf({ cases: [aCase({ transferCount: 100 })] })).toStrictEqual([
      'message, at most: burst (a local run): 2.5 of 1 handler CPU ms exceeded',
    ]);
  });

  it('of CPU time is compared with the case that takes most, for each authority', () => {
    const dear = aUsage({ cpu: { ...aUsage().cpu, handlers: 1_600 } });
    const cases = [
      aCase({ name: 'circular' }),
      aCase({ name: 'issuing', usage: dear }),
      aCase({ name: 'backlog', authority: 'handlers fed directly' }),
    ];
    expect(linesOf({ cases })).toStrictEqual([
      'message, at most: issuing (a local run): 0.8 of 1 handler CPU ms kept',
      'message, at most: backlog (handlers fed directly): 0.25 of 1 handler CPU ms kept',
    ]);
  });

  it('of a credit holds for what the function took that credits the one recipient', () => {
    expect(
      linesOf({ cases: [aCase({ name: 'many-to-one', transferCount: 5_000 })] }).slice(0, 2),
    ).toStrictEqual([
      'credit, many-to-one (a local run): 0.42 of 2.2 write units kept',
      'credit, many-to-one (a local run): 0.02 of 0.5 read units kept',
    ]);
  });

  it('of a load holds for the case and the number under way that it is about', () => {
    const times = { ...aCase().times, prepared: { p50: 51, p90: 60, p99: 70, max: 80 } };
    const name = 'many-to-many';
    expect(linesOf({ cases: [aCase({ name, load: pace(1), transferCount: 20, times })] })).toStrictEqual([
      'many-to-many, 1 a second (a local run): 51 of 50 ms to PreparedTransfer, p50 exceeded',
      'many-to-many, 1 a second (a local run): 70 of 250 ms to PreparedTransfer, p99 kept',
      'many-to-many, 1 a second (a local run): 700 of 50 ms from commit to credit, p50 exceeded',
      'many-to-many, 1 a second (a local run): 1900 of 250 ms from commit to credit, p99 exceeded',
    ]);
    expect(linesOf({ cases: [aCase({ name, load: underWay(64) })] })).toStrictEqual([
      'many-to-many, 64 under way (a local run): 500 of 200 payments/s kept',
    ]);
    expect(linesOf({ cases: [aCase({ name, load: underWay(8) })] })).toStrictEqual([]);
  });

  it('of memory holds for its growth, where that is known', () => {
    expect(linesOf({ cases: [], memory: aMemoryResult() })).toStrictEqual([
      'memory, 1,000,000 messages: 0.5 of 4 MB of growth kept',
    ]);
    expect(linesOf({ cases: [], memory: aMemoryResult({ growth: undefined }) })).toStrictEqual([]);
  });

  it('holds for messages that come again, and for bundles', () => {
    const run = {
      cases: [],
      redelivery: { messageCount: 10, writeUnits: 0.5, readUnits: 2, publishedCount: 0 },
      bundles: [{ name: 'run-chores', kilobytes: 1_025, loadMs: 90 }],
    };
    expect(linesOf(run)).toStrictEqual([
      'redelivered message: 0.5 of 0 write units exceeded',
      'redelivered message: 2 of 2 read units kept',
      'bundle run-chores: 1025 of 1024 kilobytes exceeded',
      'bundle run-chores: 90 of 150 load ms kept',
    ]);
  });
});
