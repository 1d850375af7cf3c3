/** The regular expressions of the schemas agree with the code that reads texts, but for what they leave to it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAccountId } from '../../lib/protocol/account-ids.ts';
import { isDateText } from '../../lib/protocol/calendar.ts';
import { parseTimestamp } from '../../lib/protocol/timestamps.ts';
import { ACCOUNT_ID_FORM, DATE_FORM, DATE_TIME_FORM } from '../../lib/schemas/text-forms.ts';

const ACCOUNT_ID = new RegExp(ACCOUNT_ID_FORM, 'u');
const DATE = new RegExp(DATE_FORM, 'u');
const DATE_TIME = new RegExp(DATE_TIME_FORM, 'u');

const MAX_UINT64 = 18446744073709551615n;

/** Numbers of two digits at the ends of what months, days, hours and minutes may be. */
const aPair = fc.constantFrom(
  '00',
  '01',
  '09',
  '12',
  '13',
  '19',
  '23',
  '24',
  '28',
  '29',
  '30',
  '31',
  '32',
  '59',
  '60',
  '99',
);
const aYear = fc.constantFrom(
  '0000',
  '0001',
  '0010',
  '0100',
  '1000',
  '1900',
  '2000',
  '2024',
  '2026',
  '9999',
  '999',
  '02026',
);
const aDate = fc.tuple(aYear, aPair, aPair).map((parts) => parts.join('-'));
const aTime = fc
  .tuple(aPair, aPair, fc.constantFrom('', ':00', ':59', ':60', ':59.', ':00.1', ':00,123456789', '.5'))
  .map(([hour, minute, rest]) => `${hour}:${minute}${rest}`);
const anOffset = fc.oneof(
  fc.constantFrom('', 'Z', 'z', ' UTC', 'Z\n', '+00:00', '-0130', '+01:02:03', '+1', '+01:', '+010'),
  fc
    .tuple(fc.constantFrom('+', '-', '±'), aPair, aPair)
    .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);

describe('the form of account IDs', () => {
  it('is that of the decimal numbers from 0 to 2^64 − 1', () => {
    const nearEnds = fc.bigInt({ min: MAX_UINT64 - 100n, max: MAX_UINT64 + 100n });
    const texts = fc.oneof(
      nearEnds.map(String),
      fc.bigInt({ min: -10n, max: 10n ** 21n }).map(String),
      fc.stringMatching(/^[0-9]{1,22}$/),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(ACCOUNT_ID.test(text)).toBe(parseAccountId(text) !== undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the form of dates', () => {
  it('is that of dates, but for days that their month has not', () => {
    fc.assert(
      fc.property(aDate, (text) => {
        expect(DATE.test(text)).toBe(isDateText(text) || isDateText(text.replace(/(29|30|31)$/, '28')));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the form of date-times', () => {
  it('is that of date-times, but for days that their month has not and the ends of the calendar', () => {
    const texts = fc
      .tuple(aDate, fc.constantFrom('T', 't', ' ', '  ', '_'), aTime, anOffset)
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const soundDay = text.replace(/^(.{8})(?:29|30|31)/, '$128');
        const amidCalendar = soundDay.replace(/^(?:0001|9999)-/, '2026-');
        expect(DATE_TIME.test(text)).toBe(parseTimestamp(amidCalendar) !== undefined);
      }),
      { numRuns: 5000 },
    );
  });
});
