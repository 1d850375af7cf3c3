import { describe, expect, it } from 'vitest';
import type { CaseCounts } from '../bench/cost/cost-model.ts';
import { estimateOf } from './estimate.ts';

const NOTHING: CaseCounts = {
  name: 'nothing',
  writeUnits: 0,
  readUnits: 0,
  streamRecords: 0,
  queueRequests: 0,
  publishRequests: 0,
  httpDeliveries: 0,
  invocations: 0,
  gigabyteSeconds: 0,
  logBytes: 0,
};

describe('The cost of a verification', () => {
  it('counts its transfers, its probes, and the hours of an idle stack', () => {
    const counts = { transfers: 2_000, accounts: 0, probeWriteUnits: 1_000_000, hours: 7.3 };
    const lines = estimateOf(counts, { ...NOTHING, writeUnits: 14 });
    const dollars = (item: string) => lines.find((line) => line.item === item)?.dollars.toFixed(4);
    // 28,000 units at $0.625 a million; a million more; a hundredth of a month of 34 alarms at $0.10.
    expect([dollars('write units'), dollars('write units of probes'), dollars('alarms')]).toStrictEqual([
      '0.0175',
      '0.6250',
      '0.0340',
    ]);
  });

  it('has no lines that cost nothing', () => {
    const lines = estimateOf({ transfers: 0, accounts: 0, probeWriteUnits: 0, hours: 0 }, NOTHING);
    expect(lines).toStrictEqual([]);
  });
});
