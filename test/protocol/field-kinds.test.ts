/** What each kind of field reads from JSON, and what it takes for a value of another kind. */

import { describe, expect, it } from 'vitest';
import {
  bytesKind,
  dateKind,
  dateTimeKind,
  type FieldKind,
  floatKind,
  int32Kind,
  int64Kind,
  stringKind,
} from '../../lib/protocol/field-kinds.ts';
import type { JsonValue } from '../../lib/protocol/json.ts';

const VALUES: readonly JsonValue[] = [null, true, 'x', 7n, 7.5, [], ['2026-11-22T15:14:59Z'], {}];

describe('a value', () => {
  it.each<[string, Pick<FieldKind<unknown>, 'parse'>, readonly unknown[]]>([
    ['an int64', int64Kind, [7n]],
    ['an int32', int32Kind, [7]],
    ['a float', floatKind, [7, 7.5]],
    ['a string', stringKind, ['x']],
    ['a date', dateKind, ['x']],
    ['bytes', bytesKind, ['x']],
    ['a date-time', dateTimeKind, []],
  ])('of another kind than %s is none', (_kind, kind, read) => {
    expect(VALUES.map((value) => kind.parse(value)).filter((value) => value !== undefined)).toStrictEqual(
      read,
    );
  });
});

describe('a float', () => {
  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, BigInt('9'.repeat(309))])(
    'is not %s',
    (json) => {
      expect(floatKind.parse(json)).toBeUndefined();
    },
  );
});

describe('an int32', () => {
  it('with a fraction can not be written', () => {
    expect(() => int32Kind.print(1.5)).toThrow(RangeError);
  });
});
