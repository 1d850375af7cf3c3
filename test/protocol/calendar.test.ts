/** Which days there are. */

import { describe, expect, it } from 'vitest';
import { isDateText, isRealDate } from '../../lib/protocol/calendar.ts';

describe('a real date', () => {
  it.each([
    [1, 1, 1],
    [9999, 12, 31],
    [2024, 2, 29],
    [2000, 2, 29],
    [400, 2, 29],
    [2026, 4, 30],
  ])('is %i-%i-%i', (year, month, day) => {
    expect(isRealDate({ year, month, day })).toBe(true);
  });

  it.each([
    [0, 12, 31],
    [10_000, 1, 1],
    [2026, 0, 1],
    [2026, 13, 1],
    [2026, 1, 0],
    [2026, 1, 32],
    [2026, 4, 31],
    [2026, 2, 29],
    [1900, 2, 29],
    [2024, 2, 30],
  ])('is not %i-%i-%i', (year, month, day) => {
    expect(isRealDate({ year, month, day })).toBe(false);
  });
});

describe('the text of a date', () => {
  it.each(['0001-01-01', '9999-12-31', '2024-02-29'])('may be %s', (text) => {
    expect(isDateText(text)).toBe(true);
  });

  it.each(['', '2026-2-01', '2026-02-29', '02026-01-01', '2026-01-01 ', ' 2026-01-01', '2026-01-011'])(
    'may not be %j',
    (text) => {
      expect(isDateText(text)).toBe(false);
    },
  );
});
