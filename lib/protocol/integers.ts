/** The ranges of the protocol's integers, and arithmetic on them. */

export const MIN_INT32 = -2147483648;
export const MAX_INT32 = 2147483647;
export const MIN_INT64 = -9223372036854775808n;
export const MAX_INT64 = 9223372036854775807n;

/**
 * Whether `candidate` comes after `reference` in the wrapping order of int32 sequence numbers:
 * `0 < (candidate − reference) mod 2^32 < 2^31`. Of two numbers exactly 2^31 apart neither is later.
 * SMP 2.1, ConfigureAccount.
 */
export function isLaterSeqnum(candidate: number, reference: number): boolean {
  const distance = (candidate - reference) >>> 0;
  return distance > 0 && distance < 0x8000_0000;
}

/** The sequence number after this one; 2147483647 is followed by −2147483648. */
export function nextSeqnum(seqnum: number): number {
  return (seqnum + 1) | 0;
}

/** The value, held within int64. */
export function clampInt64(value: bigint): bigint {
  return greaterOf(MIN_INT64, lesserOf(value, MAX_INT64));
}

export function lesserOf(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greaterOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
