/** The members of an object as in its text: exact literals, repeated keys. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonValue, parseJson } from '../../lib/protocol/json.ts';
import {
  JsonObjectError,
  type MemberValue,
  MINUS_ZERO,
  parseJsonMembers,
} from '../../lib/protocol/json-members.ts';
import { objectText } from '../support/wire-messages.ts';

describe('parseJsonMembers', () => {
  it.each<[string, [string, MemberValue][]]>([
    ['{}', []],
    [' { \n } \t', []],
    ['{"":""}', [['', '']]],
    [
      ' {"a" : 1 , "b":\n2.0\t} ',
      [
        ['a', 1n],
        ['b', 2],
      ],
    ],
    [
      '{"a":9007199254740993,"b":-0,"c":-0.0}',
      [
        ['a', 9007199254740993n],
        ['b', MINUS_ZERO],
        ['c', -0],
      ],
    ],
    [
      '{"a":null,"b":true,"c":false,"d":"x"}',
      [
        ['a', null],
        ['b', true],
        ['c', false],
        ['d', 'x'],
      ],
    ],
    [
      '{"a\\"b":"}","c":"{\\\\"}',
      [
        ['a"b', '}'],
        ['c', '{\\'],
      ],
    ],
    [
      '{"a":"\\\\\\"","b":"\\\\"}',
      [
        ['a', '\\"'],
        ['b', '\\'],
      ],
    ],
    [
      '{"a":{"a":1,"b":[2]},"b":[{"b":"]"},"[{"],"c":3}',
      [
        ['a', {}],
        ['b', []],
        ['c', 3n],
      ],
    ],
    [
      '{"__proto__":1,"constructor":2}',
      [
        ['__proto__', 1n],
        ['constructor', 2n],
      ],
    ],
    ['{"\\u0061":1}', [['a', 1n]]],
    ['{"\\ud83c\\udf36":"\\ud83c\\udf36"}', [['🌶', '🌶']]],
  ])('of %s are the top ones alone', (text, members) => {
    expect([...parseJsonMembers(text)]).toStrictEqual(members);
  });

  it.each([
    ['{"type":1,"type":1}', 'type'],
    ['{"type":1,"t\\u0079pe":2}', 'type'],
    ['{"a":{"b":1},"c":[],"\\u0061":"x"}', 'a'],
    ['{"":1,"":2}', ''],
    ['{"\\/":1,"/":2}', '/'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('refuses a key that stands twice: %s', (text, key) => {
    expect(() => parseJsonMembers(text)).toThrow(
      new JsonObjectError(`the key "${key}" stands twice in the object`),
    );
  });

  it('minds no keys that stand twice further inside', () => {
    expect([...parseJsonMembers('{"a":{"b":1,"b":2}}')]).toStrictEqual([['a', {}]]);
  });

  it.each(['', ' ', '{', '{"a":1', '{"a":1,}', '{a:1}', '{"a":01}', '{} {}', '\ufeff{}', '{"a":"\n"}'])(
    'refuses what is not JSON: %j',
    (text) => {
      expect(() => parseJsonMembers(text)).toThrow(new JsonObjectError('the text is not JSON'));
    },
  );

  it.each(['null', '1', '"{}"', '[]', '[{"a":1}]', 'true'])('refuses what is not an object: %s', (text) => {
    expect(() => parseJsonMembers(text)).toThrow(new JsonObjectError('the JSON is not an object'));
  });

  it('finds the same top members as reading the whole', () => {
    const keys = fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 6 });
    const values = fc.array(fc.json({ stringUnit: 'binary' }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(keys, values, (names, literals) => {
        const text = objectText(names.map((name, i) => [name, literals[i] ?? 'null']));
        const whole = parseJson(text) as Readonly<Record<string, JsonValue>>;
        const members = names.map((name): [string, JsonValue] => [name, withoutContent(whole[name] ?? null)]);
        expect([...parseJsonMembers(text)]).toStrictEqual(members);
      }),
      { numRuns: 500 },
    );
  });

  it('walks a value nested 100,000 deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect([
      ...parseJsonMembers(
        `{"a":${deep},"b":${deep.replaceAll('[', '{"":').replaceAll(']', '}').replace('{"":}', '{}')},"c":1}`,
      ),
    ]).toStrictEqual([
      ['a', []],
      ['b', {}],
      ['c', 1n],
    ]);
  });

  it.each([
    ['backslashes', `"${'\\\\'.repeat(131_072)}"`],
    ['quotes', `"${'\\"'.repeat(131_072)}"`],
    ['brackets', `[${'[],'.repeat(87_000)}[]]`],
    ['strings', `[${'"",'.repeat(87_000)}""]`],
  ])(
    'walks 256 KB of %s in linear time',
    (_what, literal) => {
      expect([...parseJsonMembers(`{"a":${literal}}`).keys()]).toStrictEqual(['a']);
    },
    2_000,
  );

  it('takes 256 KB of keys', () => {
    const members = Array.from({ length: 25_000 }, (_, i): [string, string] => [`k${i}`, '1']);
    expect(parseJsonMembers(objectText(members)).size).toBe(25_000);
  });
});

function withoutContent(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return [];
  }
  return typeof value === 'object' && value !== null ? {} : value;
}
