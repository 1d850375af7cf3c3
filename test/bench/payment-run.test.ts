/** Payments start as the load says, and their times count from where a client's do. */

import { describe, expect, it } from 'vitest';
import { isOneByOne, nextDueAt, pace, printLoad, underWay } from './load.ts';
import { PaymentTimes } from './payment-times.ts';

const PROGRESS = { startedCount: 3, doneCount: 1, startedAt: 1_000, now: 1_250 };

describe('The next payment', () => {
  it('of a bounded number under way is due as soon as there is room', () => {
    expect([2, 3].map((count) => nextDueAt(underWay(count), PROGRESS))).toStrictEqual([undefined, 1_250]);
  });

  it('at a pace is due at its instant, whatever was answered', () => {
    expect([nextDueAt(pace(2), PROGRESS), nextDueAt(pace(0.5), PROGRESS)]).toStrictEqual([2_500, 7_000]);
    expect(nextDueAt(pace(2), { ...PROGRESS, now: 9_000 })).toBe(2_500);
  });
});

describe('A load', () => {
  it('is named for people', () => {
    expect([underWay(4_000), underWay(Number.MAX_SAFE_INTEGER), pace(1.5)].map(printLoad)).toStrictEqual([
      '4,000 under way',
      'all at once',
      '1.5 a second',
    ]);
  });

  it('shares batches only when more than one payment is under way', () => {
    expect([underWay(1), pace(1), underWay(2), pace(5)].map(isOneByOne)).toStrictEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('The time of a step', () => {
  it('counts from the message that asks for it', () => {
    const times = new PaymentTimes(2);
    times.sent(0, 100);
    times.reached(0, 'prepared', 130);
    times.committed(0, 131);
    times.reached(0, 'finalized', 151);
    times.reached(0, 'credited', 171);
    times.reached(0, 'whole', 171);
    const { prepared, finalized, debited, credited, whole } = times.percentiles();
    expect([prepared, finalized, debited, credited, whole].map(({ p50, max }) => [p50, max])).toStrictEqual([
      [30, 30],
      [20, 20],
      // An issuer gets no AccountTransfer, and so has no such time.
      [0, 0],
      [40, 40],
      [71, 71],
    ]);
  });
});
