import { describe, expect, it } from 'vitest';
import { doRangesOverlap, isInRange, routingKeyPrefix } from '../../lib/peers/id-range.ts';
import { printRoutingKey } from '../../lib/protocol/routing.ts';

describe('A range', () => {
  it.each([
    ['000002', 0x0000020000000000n, true],
    ['000002', 0x000002ffffffffffn, true],
    ['000002', 0x000001ffffffffffn, false],
    ['000002', 0x0000030000000000n, false],
    ['ffffff', -1n, true],
    ['ffffff', -0x10000000000n, true],
    ['ffffff', -0x10000000001n, false],
    ['8000000000000000', -0x8000000000000000n, true],
    ['7fffffffffffffff', -0x8000000000000000n, false],
  ])('of %s holds %d: %s', (digits, id, isWithin) => {
    expect(isInRange({ digits }, id)).toBe(isWithin);
  });

  it('overlaps with one that begins with it, and with itself', () => {
    const pairs = [
      ['1234abcd', '1234abcd00'],
      ['1234abcd00', '1234abcd'],
      ['1234abcd', '1234abcd'],
      ['1234abcd00', '1234abcd01'],
    ] as const;
    expect(pairs.map(([a, b]) => doRangesOverlap({ digits: a }, { digits: b }))).toStrictEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('begins the routing keys of its IDs, and of no others', () => {
    expect(routingKeyPrefix({ digits: '000002' })).toBe('00.00.02.');
    expect(routingKeyPrefix({ digits: '1234abcd00000001' })).toBe('12.34.ab.cd.00.00.00.01');
    expect(printRoutingKey(0x000002ffffffffffn).startsWith('00.00.02.')).toBe(true);
    expect(printRoutingKey(0x1234abcd00000001n)).toBe('12.34.ab.cd.00.00.00.01');
  });
});
