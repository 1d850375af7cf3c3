/** Instants to the microsecond: how texts are read and written, and sums at the ends of the calendar. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSeconds,
  dateOf,
  MAX_TIMESTAMP,
  MIN_TIMESTAMP,
  parseTimestamp,
  printTimestamp,
  secondsBetween,
} from '../../lib/protocol/timestamps.ts';
import { aTimestamp } from '../support/message-arbitraries.ts';

/** 2026-11-22T15:14:59.123456+00:00 */
const NOW = 1795360499123456n;

describe('a date-time', () => {
  it.each([
    ['2026-11-22T15:14:59.123456+00:00', 1795360499123456n],
    ['2026-11-22T15:14:59.123456Z', 1795360499123456n],
    ['2026-11-22t15:14:59.123456z', 1795360499123456n],
    ['2026-11-22 15:14:59.123456+00:00', 1795360499123456n],
    ['2026-11-22T15:14:59,123456Z', 1795360499123456n],
    ['2026-11-22T15:14:59.123456-00:00', 1795360499123456n],
    ['2026-11-22T16:14:59.123456+01', 1795360499123456n],
    ['2026-11-22T16:14:59.123456+0100', 1795360499123456n],
    ['2026-11-22T20:59:59.123456+05:45', 1795360499123456n],
    ['2026-11-22T05:14:59.123456-10:00', 1795360499123456n],
    ['2026-11-23T15:13:59.123456+23:59', 1795360499123456n],
    ['2026-11-21T15:15:59.123456-23:59', 1795360499123456n],
    ['2026-11-22T15:34:31.123456+00:19:32', 1795360499123456n],
    ['2026-11-22T15:14:59.1234569999Z', 1795360499123456n],
    [`2026-11-22T15:14:59.${'123456'.padEnd(100_000, '9')}Z`, 1795360499123456n],
    ['2026-11-22T15:14:59.1Z', 1795360499100000n],
    ['2026-11-22T15:14:59.000001Z', 1795360499000001n],
    ['2026-11-22T15:14:59Z', 1795360499000000n],
    ['2026-11-22T15:14Z', 1795360440000000n],
    ['1970-01-01T00:00:00Z', 0n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2000-02-29T00:00:00Z', 951782400000000n],
    ['2024-02-29T23:59:59Z', 1709251199000000n],
    ['0001-01-01T00:00:00Z', -62135596800000000n],
    ['0001-01-01T00:00:00-00:01', -62135596740000000n],
    ['0099-01-01T00:00:00Z', -59042995200000000n],
    ['9999-12-31T23:59:59.999999Z', 253402300799999999n],
    ['9999-12-31T23:59:59.999999+23:59', 253402214459999999n],
  ])('%s denotes the microsecond %i', (text, timestamp) => {
    expect(parseTimestamp(text)).toBe(timestamp);
  });

  it.each([
    ['nothing', ''],
    ['a date alone', '2026-11-22'],
    ['without an offset', '2026-11-22T15:14:59'],
    ['with a space before', ' 2026-11-22T15:14:59Z'],
    ['with a line feed after', '2026-11-22T15:14:59Z\n'],
    ['a number of seconds', '1795360499'],
    ['without separators', '20261122T151459Z'],
    ['a week date', '2026-W47-7T15:14:59Z'],
    ['an ordinal date', '2026-326T15:14:59Z'],
    ['with a short year', '226-11-22T15:14:59Z'],
    ['with a long year', '+002026-11-22T15:14:59Z'],
    ['with a negative year', '-0001-11-22T15:14:59Z'],
    ['in month 0', '2026-00-22T15:14:59Z'],
    ['in month 13', '2026-13-22T15:14:59Z'],
    ['on day 0', '2026-11-00T15:14:59Z'],
    ['on the 31st of November', '2026-11-31T15:14:59Z'],
    ['on the 32nd of January', '2026-01-32T15:14:59Z'],
    ['on the 29th of February of a common year', '2026-02-29T15:14:59Z'],
    ['on the 29th of February of 1900', '1900-02-29T15:14:59Z'],
    ['on the 30th of February of a leap year', '2024-02-30T15:14:59Z'],
    ['at 24:00', '2026-11-22T24:00:00Z'],
    ['at minute 60', '2026-11-22T15:60:00Z'],
    ['in a leap second', '2016-12-31T23:59:60Z'],
    ['with an empty fraction', '2026-11-22T15:14:59.Z'],
    ['with an offset of 24 hours', '2026-11-22T15:14:59+24:00'],
    ['with an offset of 60 minutes', '2026-11-22T15:14:59+00:60'],
    ['with an offset in words', '2026-11-22T15:14:59 UTC'],
    ['with digits of another script', '٢٠٢٦-11-22T15:14:59Z'],
    ['in the year 0', '0000-12-31T23:59:59Z'],
    ['before the year 1 in UTC', '0001-01-01T00:00:00+00:01'],
    ['in the year 0 as written, though not in UTC', '0000-12-31T23:59:59-01:00'],
    ['after the year 9999 in UTC', '9999-12-31T23:59:59.999999-00:01'],
  ])('%s is none', (_what, text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('means the same instant in every offset', () => {
    const offset = fc.integer({ min: -1439, max: 1439 });
    const inTheMiddle = fc.bigInt({ min: MIN_TIMESTAMP + 86400000000n, max: MAX_TIMESTAMP - 86400000000n });
    fc.assert(
      fc.property(inTheMiddle, offset, (timestamp, minutes) => {
        const local = printTimestamp(timestamp + BigInt(minutes) * 60_000_000n).slice(0, -6);
        const hhmm = new Date(Math.abs(minutes) * 60_000).toISOString().slice(11, 16);
        expect(parseTimestamp(`${local}${minutes < 0 ? '-' : '+'}${hhmm}`)).toBe(timestamp);
      }),
    );
  });

  it('is read as it was written, at any microsecond of the years 1 to 9999', () => {
    fc.assert(
      fc.property(aTimestamp, (timestamp) => {
        expect(parseTimestamp(printTimestamp(timestamp))).toBe(timestamp);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same as the platform says, to the second', () => {
    fc.assert(
      fc.property(aTimestamp, (timestamp) => {
        const seconds = (timestamp - (((timestamp % 1000000n) + 1000000n) % 1000000n)) / 1000000n;
        const text = new Date(Number(seconds) * 1000).toISOString();
        expect(printTimestamp(timestamp).slice(0, 19)).toBe(text.slice(0, 19));
        expect(dateOf(timestamp)).toBe(text.slice(0, 10));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [1795360499123456n, '2026-11-22T15:14:59.123456+00:00'],
    [1795360499000000n, '2026-11-22T15:14:59+00:00'],
    [1795360499000001n, '2026-11-22T15:14:59.000001+00:00'],
    [1795360499100000n, '2026-11-22T15:14:59.100000+00:00'],
    [0n, '1970-01-01T00:00:00+00:00'],
    [-1n, '1969-12-31T23:59:59.999999+00:00'],
    [951782400000000n, '2000-02-29T00:00:00+00:00'],
    [-62135596800000000n, '0001-01-01T00:00:00+00:00'],
    [253402300799999999n, '9999-12-31T23:59:59.999999+00:00'],
  ])('of the microsecond %i is written %s', (timestamp, text) => {
    expect(printTimestamp(timestamp)).toBe(text);
  });

  it.each([MIN_TIMESTAMP - 1n, MAX_TIMESTAMP + 1n])(
    'is never written for %i, outside the years',
    (timestamp) => {
      expect(() => printTimestamp(timestamp)).toThrow(RangeError);
    },
  );
});

describe('dateOf', () => {
  it.each([
    [NOW, '2026-11-22'],
    [86399999999n, '1970-01-01'],
    [86400000000n, '1970-01-02'],
    [-1n, '1969-12-31'],
    [MIN_TIMESTAMP, '0001-01-01'],
    [MAX_TIMESTAMP, '9999-12-31'],
  ])('of %i is %s', (timestamp, date) => {
    expect(dateOf(timestamp)).toBe(date);
  });
});

describe('addSeconds', () => {
  it.each([
    ['a second', NOW, 1, 1795360500123456n],
    ['a negative second', NOW, -1, 1795360498123456n],
    ['half a microsecond, rounded', NOW, 0.0000005, 1795360499123457n],
    ['a fraction', NOW, 0.25, 1795360499373456n],
    ['a negative fraction', NOW, -0.25, 1795360498873456n],
    ['the longest commit delay', NOW, 2147483647, 3942844146123456n],
    ['up to the last instant', MAX_TIMESTAMP - 1000000n, 1, MAX_TIMESTAMP],
    ['beyond the last instant', MAX_TIMESTAMP, 0.000001, MAX_TIMESTAMP],
    ['far beyond the last instant', NOW, 1e300, MAX_TIMESTAMP],
    ['for ever', NOW, Number.POSITIVE_INFINITY, MAX_TIMESTAMP],
    ['before the first instant', MIN_TIMESTAMP, -1, MIN_TIMESTAMP],
    ['since ever', NOW, Number.NEGATIVE_INFINITY, MIN_TIMESTAMP],
  ])('of %s is held within the years 1 to 9999', (_what, timestamp, seconds, sum) => {
    expect(addSeconds(timestamp, seconds)).toBe(sum);
  });

  it('refuses what is not a number', () => {
    expect(() => addSeconds(NOW, Number.NaN)).toThrow(RangeError);
  });
});

describe('secondsBetween', () => {
  it.each([
    [NOW, NOW, 0],
    [NOW, NOW + 1n, 0.000001],
    [NOW, NOW - 1500000n, -1.5],
    [MIN_TIMESTAMP, MAX_TIMESTAMP - 999999n, 315537897599],
  ])('from %i to %i is %d', (from, to, seconds) => {
    expect(secondsBetween(from, to)).toBe(seconds);
  });
});
