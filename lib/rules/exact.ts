/**
 * Exact arithmetic. Every bigint and every finite double is a bigint divided by a power of two, and so is every sum and
 * product of such numbers. Nothing here is rounded but the results of `floored` and `nearestDouble`, so it takes no choice
 * of a precision: a balance near 2^63 keeps the last bit of a fraction, or of an interest of 1e300.
 */

/** The number `units / 2^bits`. */
export interface Exact {
  readonly units: bigint;
  readonly bits: number;
}

/** One piece of memory, to see the bits of a double. */
const DOUBLE = new Float64Array(1);
const IMAGE = new BigUint64Array(DOUBLE.buffer);
const SIGNIFICAND_BITS = 52n;
const LOWEST_POWER = 1075;

/**
 * The exact value of an integer, or of a double: `72740019829006704` is not `72740019829006700`.
 * @throws {RangeError} for NaN and the infinities
 */
export function exact(value: bigint | number): Exact {
  if (typeof value === 'bigint' || Number.isInteger(value) || !Number.isFinite(value)) {
    return { units: BigInt(value), bits: 0 };
  }
  DOUBLE[0] = Math.abs(value);
  const [image = 0n] = IMAGE;
  const exponent = Number(image >> SIGNIFICAND_BITS);
  // Subnormal doubles have no hidden bit, and the exponent of the smallest normal ones.
  const hidden = exponent === 0 ? 0n : 1n << SIGNIFICAND_BITS;
  const significand = BigInt.asUintN(Number(SIGNIFICAND_BITS), image) | hidden;
  return { units: value < 0 ? -significand : significand, bits: LOWEST_POWER - Math.max(exponent, 1) };
}

export function plus(a: Exact, b: Exact): Exact {
  const bits = Math.max(a.bits, b.bits);
  return { units: unitsAt(a, bits) + unitsAt(b, bits), bits };
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, { ...b, units: -b.units });
}

export function times(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, bits: a.bits + b.bits };
}

export function isGreater(a: Exact, b: Exact): boolean {
  return minus(a, b).units > 0n;
}

/** The next whole number below, or the number itself where it is whole. */
export function floored({ units, bits }: Exact): bigint {
  return units >> BigInt(bits);
}

/** The nearest double, held within the finite ones. */
export function nearestDouble({ units, bits }: Exact): number {
  const magnitude = units < 0n ? -units : units;
  // A double takes 53 bits. What lies behind the first 64 only matters in being zero or not, which one bit can say.
  const surplus = Math.max(magnitude.toString(16).length * 4 - 68, 0);
  const start = magnitude >> BigInt(surplus);
  const isCut = start << BigInt(surplus) !== magnitude;
  const power = surplus - bits;
  // In two steps, since a power of two below 2^-1074 is no double.
  const half = Math.trunc(power / 2);
  const double = Number(isCut ? start | 1n : start) * 2 ** half * 2 ** (power - half);
  const finite = Math.min(double, Number.MAX_VALUE);
  return units < 0n ? 0 - finite : finite;
}

function unitsAt({ units, bits }: Exact, atBits: number): bigint {
  return units << BigInt(atBits - bits);
}
