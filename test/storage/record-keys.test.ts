/** The keys of items of the transfers table. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeRecordKey,
  parsePartition,
  partitionsOf,
  printPartition,
  printRecordKey,
} from '../../lib/storage/record-keys.ts';

const SENDER = { debtorId: -1n, creditorId: 9_223_372_036_854_775_807n };
const anId = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('the key of an item', () => {
  it.each([
    [1n, '1'],
    [15n, '15'],
    [16n, '0'],
    [9_223_372_036_854_775_807n, '15'],
    // Rejected configurations have negative IDs.
    [-1n, '15'],
    [-16n, '0'],
    [-9_223_372_036_854_775_808n, '0'],
  ])('of ID %s has the salt %s', (transferId, salt) => {
    expect(encodeRecordKey({ sender: SENDER, transferId })).toStrictEqual({
      account: `-1:9223372036854775807:${salt}`,
      transferId,
    });
  });

  it('is among the keys of its account, and tells the account', () => {
    fc.assert(
      fc.property(anId, anId, anId, (debtorId, creditorId, transferId) => {
        const sender = { debtorId, creditorId };
        const partition = printPartition({ sender, transferId });
        expect(partitionsOf(sender)).toContain(partition);
        expect(parsePartition(partition)).toStrictEqual(sender);
      }),
    );
  });

  it.each([
    undefined,
    5,
    '1:2',
    '1:2:16',
    '1:2:',
    '1:2:-1',
    '1:2:01',
    'x:2:3',
    '1:2:3:4',
    ' 1:2:3',
    '\n1:2:3',
  ])('is not %s', (printed) => {
    expect(() => parsePartition(printed)).toThrow('its account key is illegal');
  });

  it('is printed for maps and logs without its salt', () => {
    expect(printRecordKey({ sender: SENDER, transferId: 17n })).toBe('-1:9223372036854775807/17');
  });
});

describe('the keys of an account', () => {
  it('are sixteen', () => {
    expect(partitionsOf({ debtorId: 1n, creditorId: 2n })).toStrictEqual(
      [...Array(16).keys()].map((salt) => `1:2:${salt}`),
    );
  });
});
