/** Lossless JSON in both directions, with characters that queues and topics can carry. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type JsonValue,
  parseJson,
  parseJsonNumber,
  parseMathematicalNumber,
  printFloat,
  printJson,
  printJsonString,
} from '../../lib/protocol/json.ts';
import { aFiniteDouble, anInt64, aText } from '../support/message-arbitraries.ts';

const aJsonValue = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    anInt64,
    aFiniteDouble,
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('a JSON number', () => {
  it.each<[string, bigint | number]>([
    ['0', 0n],
    ['-0', 0n],
    ['-1', -1n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551616', 18446744073709551616n],
    ['1.0', 1],
    ['1e2', 100],
    ['1E+2', 100],
    ['-0.0', -0],
    ['-0e0', -0],
    ['5e-324', 5e-324],
    ['1e-400', 0],
    ['1e300', 1e300],
    ['1e999', Number.POSITIVE_INFINITY],
    ['-1e999', Number.NEGATIVE_INFINITY],
    ['9'.repeat(309), BigInt('9'.repeat(309))],
    [`-${'9'.repeat(309)}`, -BigInt('9'.repeat(309))],
    ['9'.repeat(310), Number.POSITIVE_INFINITY],
    ['9'.repeat(400), Number.POSITIVE_INFINITY],
    [`-${'9'.repeat(400)}`, Number.NEGATIVE_INFINITY],
  ])('%s is a bigint when it has digits only, and a number otherwise', (literal, value) => {
    expect(parseJsonNumber(literal)).toBe(value);
    expect(parseJson(`{"a":[ ${literal} ]}`)).toStrictEqual({ a: [value] });
  });

  it('of 256 KB of digits is read in the time that reading takes', () => {
    const digits = '9'.repeat(262_144);
    expect([digits, `-${digits}`, `0.${digits}`, `1e${digits}`].map(parseJsonNumber)).toStrictEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
      Number.POSITIVE_INFINITY,
    ]);
  }, 1_000);
});

describe('a JSON number whose value alone matters', () => {
  it.each<[string, bigint | number]>([
    ['1.0', 1n],
    ['-1.50e1', -15n],
    ['0.25', 0.25],
    ['-1e-400', -0],
    ['1e308', 10n ** 308n],
    ['1e309', Number.POSITIVE_INFINITY],
    ['-1e999999999999', Number.NEGATIVE_INFINITY],
    [`0.${'0'.repeat(400)}1e401`, 1n],
  ])('%s is a bigint of at most 309 digits where it is whole, and a number otherwise', (literal, value) => {
    expect(parseMathematicalNumber(literal)).toBe(value);
  });
});

describe('a float', () => {
  it.each([
    [1, '1.0'],
    [-50, '-50.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [1e300, '1e+300'],
    [5e-324, '5e-324'],
    [1e-7, '1e-7'],
    [1e21, '1e+21'],
    [1e20, '100000000000000000000.0'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
  ])('%d is written %s', (value, text) => {
    expect(printFloat(value)).toBe(text);
  });

  it('is written with a point or an exponent and read back the same, bit by bit', () => {
    fc.assert(
      fc.property(aFiniteDouble, (value) => {
        expect(printFloat(value)).toMatch(/[.e]/);
        expect(parseJson(printFloat(value))).toBe(value);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d has no text', (value) => {
    expect(() => printFloat(value)).toThrow(RangeError);
  });
});

describe('a string', () => {
  it.each([
    ['', '""'],
    ['"\\/', '"\\"\\\\/"'],
    ['\u0000\u0001\u001f', '"\\u0000\\u0001\\u001f"'],
    ['\b\t\n\f\r', '"\\b\\t\\n\\f\\r"'],
    ['\u007f\u0080\u2028ж٣🌶', '"\u007f\u0080\u2028ж٣🌶"'],
    ['a\ufffeb\uffffc\ufffe', '"a\\ufffeb\\uffffc\\ufffe"'],
    ['\ud800x\udc00', '"\\ud800x\\udc00"'],
    ['\u{1fffe}\u{10ffff}', '"\u{1fffe}\u{10ffff}"'],
  ])('%j is escaped only where it must be', (text, literal) => {
    expect(printJsonString(text)).toBe(literal);
  });

  it('keeps its size on the way: at most six characters for one', () => {
    fc.assert(
      fc.property(aText(500), (text) => {
        expect(printJsonString(text).length).toBeLessThanOrEqual(6 * text.length + 2);
      }),
    );
  });
});

describe('a JSON value', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(aJsonValue, (value) => {
        expect(parseJson(printJson(value))).toStrictEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('is written without spaces', () => {
    expect(printJson({ a: [1n, 1, null, true, 'x'], b: {} })).toBe('{"a":[1,1.0,null,true,"x"],"b":{}}');
  });

  it('with a key __proto__ has that key and no other prototype', () => {
    const value = parseJson('{"__proto__":{"polluted":1}}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toStrictEqual(['__proto__']);
  });

  it.each(['', '{', '[1,]', '01', '.5', '1.', '+1', 'NaN', "'a'", '{"a":1}}', '\ufeff{}', '"\n"'])(
    'is not %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('is not told as nested too deeply where it is wrong otherwise', () => {
    expect(() => parseJson('{')).not.toThrow('nested too deeply');
  });

  it('nested 100,000 deep is refused with the reason and harms nobody', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(errorOf(() => parseJson(deep))).toMatchObject({
      name: 'SyntaxError',
      message: 'nested too deeply',
      cause: { name: 'RangeError' },
    });
    expect(() => parseJson('['.repeat(100_000))).toThrow(SyntaxError);
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
