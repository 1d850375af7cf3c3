/** The wrapping order of sequence numbers and the ends of int64. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampInt64, isLaterSeqnum, nextSeqnum } from '../../lib/protocol/integers.ts';

const MIN = -2147483648;
const MAX = 2147483647;

describe('isLaterSeqnum', () => {
  it.each([
    { candidate: 1, reference: 0, later: true },
    { candidate: 0, reference: 0, later: false },
    { candidate: 0, reference: 1, later: false },
    { candidate: 0, reference: -1, later: true },
    { candidate: MIN, reference: MAX, later: true },
    { candidate: MAX, reference: MIN, later: false },
    { candidate: MIN + 5, reference: MAX - 5, later: true },
    { candidate: MAX, reference: 0, later: true },
    { candidate: MIN, reference: 0, later: false },
    { candidate: 0, reference: MIN, later: false },
    { candidate: -1, reference: MIN, later: true },
    { candidate: 1073741823, reference: -1073741824, later: true },
    { candidate: 1073741824, reference: -1073741824, later: false },
  ])('of $candidate after $reference is $later', ({ candidate, reference, later }) => {
    expect(isLaterSeqnum(candidate, reference)).toBe(later);
  });

  it('agrees with the definition in the protocol for any two numbers', () => {
    const seqnum = fc.oneof(
      fc.integer({ min: MIN, max: MAX }),
      fc.constantFrom(MIN, MIN + 1, -1, 0, 1, MAX - 1, MAX),
    );
    fc.assert(
      fc.property(seqnum, seqnum, (candidate, reference) => {
        const distance = BigInt.asUintN(32, BigInt(candidate) - BigInt(reference));
        expect(isLaterSeqnum(candidate, reference)).toBe(distance > 0n && distance < 2n ** 31n);
      }),
    );
  });
});

describe('nextSeqnum', () => {
  it.each([
    [0, 1],
    [-1, 0],
    [MAX - 1, MAX],
    [MAX, MIN],
    [MIN, MIN + 1],
  ])('after %i comes %i', (seqnum, next) => {
    expect(nextSeqnum(seqnum)).toBe(next);
  });

  it('is always later than the number before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: MIN, max: MAX }), (seqnum) => {
        expect(isLaterSeqnum(nextSeqnum(seqnum), seqnum)).toBe(true);
      }),
    );
  });
});

describe('clampInt64', () => {
  it.each([
    [-9223372036854775809n, -9223372036854775808n],
    [-9223372036854775808n, -9223372036854775808n],
    [0n, 0n],
    [9223372036854775807n, 9223372036854775807n],
    [9223372036854775808n, 9223372036854775807n],
    [10n ** 400n, 9223372036854775807n],
  ])('holds %i at %i', (value, held) => {
    expect(clampInt64(value)).toBe(held);
  });
});
