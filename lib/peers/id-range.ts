/** A range of creditor or debtor IDs: all that begin with the same hexadecimal digits. */

/** One to sixteen lower-case hexadecimal digits: the highest bits of every ID in the range. */
export interface IdRange {
  readonly digits: string;
}

const BITS_IN_ID = 64n;

/** Whether the ID, a signed 64-bit integer re-read as unsigned, begins with the range's digits. */
export function isInRange({ digits }: IdRange, id: bigint): boolean {
  const bits = BigInt(4 * digits.length);
  return BigInt.asUintN(64, id) >> (BITS_IN_ID - bits) === BigInt(`0x${digits}`);
}

/** Whether some ID belongs to both ranges. */
export function doRangesOverlap(a: IdRange, b: IdRange): boolean {
  return a.digits.startsWith(b.digits) || b.digits.startsWith(a.digits);
}

/**
 * The beginning of the routing keys of all IDs in the range (`000002` → `00.00.02.`). A range of eight bytes is one whole key.
 * SMP 2.1, JSON form, wire.
 * @param range of whole bytes, so of an even number of digits
 */
export function routingKeyPrefix({ digits }: IdRange): string {
  const bytes = digits.replace(/..(?=.)/g, '$&.');
  return digits.length === 16 ? bytes : `${bytes}.`;
}
