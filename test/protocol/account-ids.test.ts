/** Account IDs: which texts are valid, which creditor each one names, and the agents. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentOf, parseAccountId, printAccountId } from '../../lib/protocol/account-ids.ts';

describe('account ID', () => {
  it.each([
    [0n, '0'],
    [1n, '1'],
    [4294967296n, '4294967296'],
    [9223372036854775807n, '9223372036854775807'],
    [-9223372036854775808n, '9223372036854775808'],
    [-2n, '18446744073709551614'],
    [-1n, '18446744073709551615'],
  ])('of creditor %i is %s, and back', (creditorId, accountId) => {
    expect(printAccountId(creditorId)).toBe(accountId);
    expect(parseAccountId(accountId)).toBe(creditorId);
  });

  it.each([
    ['nothing', ''],
    ['a negative number', '-1'],
    ['negative zero', '-0'],
    ['a plus sign', '+1'],
    ['a leading zero', '01'],
    ['two zeros', '00'],
    ['2^64', '18446744073709551616'],
    ['20 nines', '99999999999999999999'],
    ['21 digits', '100000000000000000000'],
    ['100 digits', '1'.repeat(100)],
    ['100 zeros', '0'.repeat(100)],
    ['a hundred thousand digits', '9'.repeat(100_000)],
    ['a space before', ' 1'],
    ['a space after', '1 '],
    ['a line feed after', '1\n'],
    ['a zero byte after', '1\u0000'],
    ['a fraction', '1.0'],
    ['an exponent', '1e3'],
    ['hexadecimal', '0x1'],
    ['a digit separator', '1_000'],
    ['a thousands separator', '1,000'],
    ['a bigint literal', '1n'],
    ['an Arabic digit', '٣'],
    ['a fullwidth digit', '１'],
    ['letters', 'abc'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
  ])('is not %s', (_what, text) => {
    expect(parseAccountId(text)).toBeUndefined();
  });

  it('comes back from its text for every creditor ID', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (creditorId) => {
        expect(parseAccountId(printAccountId(creditorId))).toBe(creditorId);
      }),
    );
  });

  it('has one text only: whatever is read is written the same', () => {
    const digits = fc.stringMatching(/^[-+ ]?[0-9]{0,22}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const creditorId = parseAccountId(text);
        if (creditorId !== undefined) {
          expect(printAccountId(creditorId)).toBe(text);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('agentOf', () => {
  it.each([
    [0n, 0n],
    [4294967295n, 0n],
    [1099511627775n, 0n],
    [1099511627776n, 1n],
    [9223372036854775807n, 8388607n],
    [-9223372036854775808n, 8388608n],
    [-1n, 16777215n],
  ])('of creditor %i is %i', (creditorId, agent) => {
    expect(agentOf(creditorId)).toBe(agent);
  });
});
