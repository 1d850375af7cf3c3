/** Single values in items. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expiry,
  float,
  integer,
  integerOrZero,
  optionalInteger,
  packed,
  smallInteger,
  text,
  textOrEmpty,
  word,
} from '../../lib/storage/fields.ts';
import { aFiniteDouble } from '../support/message-arbitraries.ts';

describe('a float', () => {
  const codec = float('x');

  it.each([
    [0, undefined],
    [-0, '-0'],
    [1, '1'],
    [0.1, '0.1'],
    [1e300, '1e+300'],
    [5e-324, '5e-324'],
    [-1.7976931348623157e308, '-1.7976931348623157e+308'],
  ])('%d is kept as %s', (value, encoded) => {
    expect(codec.encode(value)).toBe(encoded);
  });

  it('comes back as the very same double', () => {
    fc.assert(
      fc.property(aFiniteDouble, (value) => {
        expect(Object.is(codec.decode(codec.encode(value))?.value, value)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['', ' ', 'x', 'NaN', 'Infinity', '-Infinity', '1e999'])('is not read from %j', (text) => {
    expect(codec.decode(text)).toBeUndefined();
  });
});

describe('a value of another type', () => {
  it('is not read', () => {
    expect(integer('x').decode('5')).toBeUndefined();
    expect(integer('x').decode(undefined)).toBeUndefined();
    expect(integerOrZero('x').decode('5')).toBeUndefined();
    expect(optionalInteger('x').decode('5')).toBeUndefined();
    expect(smallInteger('x').decode('5')).toBeUndefined();
    expect(expiry('x').decode('5')).toBeUndefined();
    expect(expiry('x').decode({ BOOL: true })).toBeUndefined();
    expect(optionalInteger('x').decode({ N: '1.5' })).toBeUndefined();
    expect(float('x').decode(5n)).toBeUndefined();
    expect(text('x').decode(5n)).toBeUndefined();
    expect(textOrEmpty('x').decode(5n)).toBeUndefined();
  });
});

describe('a value at its default', () => {
  it('is left out, and read from nothing', () => {
    expect(integerOrZero('x').encode(0n)).toBeUndefined();
    expect(integerOrZero('x').decode(undefined)).toStrictEqual({ value: 0n });
    expect(smallInteger('x').encode(0)).toBeUndefined();
    expect(smallInteger('x').decode(undefined)).toStrictEqual({ value: 0 });
    expect(textOrEmpty('x').encode('')).toBeUndefined();
    expect(textOrEmpty('x').decode(undefined)).toStrictEqual({ value: '' });
    expect(optionalInteger('x').encode(undefined)).toBeUndefined();
    expect(optionalInteger('x').decode(undefined)).toStrictEqual({ value: undefined });
  });

  it('is told from an optional value of zero', () => {
    expect(optionalInteger('x').encode(0n)).toBe(0n);
    expect(optionalInteger('x').decode(0n)).toStrictEqual({ value: 0n });
  });
});

describe('an expiry', () => {
  it('is kept in seconds, as the time to live of the table wants it', () => {
    expect(expiry('x').encode(1_800_000_000_000_000n)).toBe(1_800_000_000n);
    expect(expiry('x').decode(1_800_000_000n)).toStrictEqual({ value: 1_800_000_000_000_000n });
    expect(expiry('x').decode(undefined)).toStrictEqual({ value: undefined });
  });
});

describe('fields in one attribute', () => {
  const codec = packed<{ id: bigint; count: number; until: bigint | undefined; name: string }>('x', {
    id: integer('id'),
    count: smallInteger('count'),
    until: optionalInteger('until'),
    name: word('name'),
  });

  it.each([
    [{ id: -5n, count: 1, until: 7n, name: 'word' }, '-5 1 7 word'],
    [{ id: 5n, count: 0, until: undefined, name: ' 50%  20 ' }, '5   %2050%25%20%2020%20'],
    [{ id: 2n ** 63n - 1n, count: 0, until: 0n, name: '1' }, '9223372036854775807  0 1'],
  ])('are its words, and come back: %#', (value, encoded) => {
    expect(codec.encode(value)).toBe(encoded);
    expect(codec.decode(encoded)).toStrictEqual({ value });
  });

  it.each([
    undefined,
    5n,
    '5',
    '5 1 7',
    'x 1 7 word',
    '5 1.0 7 word',
    ' 1 7 word',
    '5 1 7 ',
    '5 1 7 %zz',
    '5 1 7 %2',
  ])('are not read from %s', (encoded) => {
    expect(codec.decode(encoded)).toBeUndefined();
  });

  it('may be of any kind', () => {
    const mixed = packed<{ rate: number; note: string; inner: { name: string } }>('x', {
      rate: float('rate'),
      note: textOrEmpty('note'),
      inner: packed<{ name: string }>('inner', { name: text('name') }),
    });
    const value = { rate: -0.5, note: '7', inner: { name: '8' } };
    expect(mixed.encode(value)).toBe('-0.5 7 8');
    expect(mixed.decode('-0.5 7 8')).toStrictEqual({ value });
    expect(mixed.decode('  8')).toStrictEqual({ value: { rate: 0, note: '', inner: { name: '8' } } });
  });

  it('are all there, also those that may be empty', () => {
    const two = packed<{ id: bigint; note: string }>('x', { id: integer('id'), note: textOrEmpty('note') });
    expect(two.decode('5 ')).toStrictEqual({ value: { id: 5n, note: '' } });
    expect(two.decode('5')).toBeUndefined();
    const one = packed<{ name: string }>('x', { name: text('name') });
    expect(one.decode('a')).toStrictEqual({ value: { name: 'a' } });
    expect(one.decode(undefined)).toBeUndefined();
  });

  it('hold no spaces', () => {
    const wrong = packed<{ id: bigint; name: string }>('x', { id: integer('id'), name: text('name') });
    expect(() => wrong.encode({ id: 1n, name: 'two words' })).toThrow(
      new TypeError('No field of x may hold spaces.'),
    );
  });

  it('are read without the words that a newer release has added', () => {
    expect(codec.decode('-5 1 7 word and more')).toStrictEqual({
      value: { id: -5n, count: 1, until: 7n, name: 'word' },
    });
    expect(codec.wordCount).toBe(4);
  });
});
