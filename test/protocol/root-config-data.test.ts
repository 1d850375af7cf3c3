/** RootConfigData 1.0: what a root account's `config_data` may contain, at every limit. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRootConfigData } from '../../lib/protocol/root-config-data.ts';
import { objectText } from '../support/wire-messages.ts';

const SHA256 = '0123456789ABCDEF'.repeat(4);

function withMembers(members: Readonly<Record<string, string>>): string {
  return objectText(Object.entries({ type: '"RootConfigData"', ...members }));
}

function withInfo(members: Readonly<Record<string, string>>): string {
  return withMembers({
    info: objectText(Object.entries({ type: '"DebtorInfo"', iri: '"x:y"', ...members })),
  });
}

describe('RootConfigData', () => {
  it('has defaults for everything but its type', () => {
    expect(parseRootConfigData('{"type":"RootConfigData"}')).toStrictEqual({
      rate: 0,
      limit: 9223372036854775807n,
    });
  });

  it('has a rate, a limit and an info', () => {
    const text = `{"type":"RootConfigData-v1","rate":-2.5,"limit":9007199254740993,"info":{"type":"DebtorInfo-v2","iri":"https://example.com/","contentType":"text/html","sha256":"${SHA256}"}}`;
    expect(parseRootConfigData(text)).toStrictEqual({
      rate: -2.5,
      limit: 9007199254740993n,
      info: { iri: 'https://example.com/', contentType: 'text/html', sha256: SHA256 },
    });
  });

  it.each(['RootConfigData', 'RootConfigData-v1', 'RootConfigData-v10', 'RootConfigData-v999999'])(
    'may be of type %s',
    (type) => {
      expect(parseRootConfigData(withMembers({ type: JSON.stringify(type) }))).toStrictEqual({
        rate: 0,
        limit: 9223372036854775807n,
      });
    },
  );

  it.each([
    '"RootConfigData-v0"',
    '"RootConfigData-v01"',
    '"RootConfigData-v1000000"',
    '"RootConfigData-v"',
    '"RootConfigData-v-1"',
    '"RootConfigData-v1.0"',
    '"RootConfigData-V1"',
    '"RootConfigDatav1"',
    '"RootConfigData-v1\\n"',
    '"RootConfigData "',
    '"rootconfigdata"',
    '"DebtorInfo"',
    '""',
    'null',
    '1',
    '["RootConfigData"]',
  ])('may not be of type %s', (type) => {
    expect(parseRootConfigData(withMembers({ type }))).toBeUndefined();
  });

  it.each([
    ['-50', -50],
    ['-50.0', -50],
    ['100', 100],
    ['1e2', 100],
    ['0', 0],
    ['-0', 0],
    ['-0.0', 0],
    ['-1e-400', 0],
    ['4.35', 4.35],
    ['5e-324', 5e-324],
  ])('may have the rate %s', (rate, value) => {
    expect(parseRootConfigData(withMembers({ rate }))).toStrictEqual({
      rate: value,
      limit: 9223372036854775807n,
    });
  });

  it.each([
    '-50.00000000000001',
    '-51',
    '100.00000000000001',
    '101',
    '1e999',
    '-1e999',
    '9'.repeat(400),
    '9007199254740993',
    '"1"',
    'null',
    'true',
    '[1]',
    '{}',
  ])('may not have the rate %s', (rate) => {
    expect(parseRootConfigData(withMembers({ rate }))).toBeUndefined();
  });

  it.each([
    ['0', 0n],
    ['-0', 0n],
    ['1', 1n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['1000.0', 1000n],
    ['1e3', 1000n],
    ['1E+3', 1000n],
    ['10e-1', 1n],
    ['1.5e1', 15n],
    ['0.0', 0n],
    ['-0.0', 0n],
    ['0e999999999999', 0n],
    ['0e-999999999999', 0n],
    ['9007199254740993.000', 9007199254740993n],
    ['9.223372036854775807e18', 9223372036854775807n],
    ['92233720368547758070e-1', 9223372036854775807n],
    [`1${'0'.repeat(300)}e-300`, 1n],
  ])('may have the limit %s', (limit, value) => {
    expect(parseRootConfigData(withMembers({ limit }))).toStrictEqual({ rate: 0, limit: value });
  });

  it.each([
    '-1',
    '9223372036854775808',
    '9'.repeat(400),
    '9223372036854775807.5',
    '9223372036854775808.0',
    '9.223372036854775808e18',
    '1.5',
    '15e-1',
    '1e-3',
    '5e-324',
    '-1.0',
    '1e19',
    '1e999',
    '1e999999999999',
    '"1"',
    'null',
    'false',
    '[]',
  ])('may not have the limit %s', (limit) => {
    expect(parseRootConfigData(withMembers({ limit }))).toBeUndefined();
  });

  it.each([
    '',
    ' ',
    '{',
    'null',
    '1',
    '"RootConfigData"',
    '[{"type":"RootConfigData"}]',
    '{}',
    '{"__proto__":{"type":"RootConfigData"}}',
    '{"type":"RootConfigData"}}',
    '\ufeff{"type":"RootConfigData"}',
    '['.repeat(2000),
    '['.repeat(100_000) + ']'.repeat(100_000),
  ])('is not %j', (text) => {
    expect(parseRootConfigData(text)).toBeUndefined();
  });

  it('ignores what it does not know, however odd', () => {
    const extra = {
      x: '1e999',
      far: '1e999999999999',
      y: '{"a":[null]}',
      __proto__x: '"\\ud800"',
      Rate: '5',
      deep: '[['.repeat(450) + ']]'.repeat(450),
    };
    expect(parseRootConfigData(withMembers(extra))).toStrictEqual({ rate: 0, limit: 9223372036854775807n });
    expect(parseRootConfigData(withInfo(extra))).toStrictEqual({
      rate: 0,
      limit: 9223372036854775807n,
      info: { iri: 'x:y', contentType: '', sha256: '' },
    });
  });

  it('is not taken for unreadable because of a defect of the caller', () => {
    expect(() => parseRootConfigData(Symbol('no text') as never)).toThrow(TypeError);
  });

  it('never breaks on any JSON', () => {
    const member = fc.json({ stringUnit: 'binary' });
    fc.assert(
      fc.property(member, member, member, (rate, limit, info) => {
        const config = parseRootConfigData(withMembers({ rate, limit, info }));
        expect(config === undefined || typeof config.limit === 'bigint').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('DebtorInfo', () => {
  it.each<[string, Readonly<Record<string, string>>, { iri: string; contentType: string; sha256: string }]>([
    ['an IRI alone', {}, { iri: 'x:y', contentType: '', sha256: '' }],
    ['a version', { type: '"DebtorInfo-v999999"' }, { iri: 'x:y', contentType: '', sha256: '' }],
    ['an IRI of 1 character', { iri: '"x"' }, { iri: 'x', contentType: '', sha256: '' }],
    [
      'an IRI of 200 characters, which are 400 UTF-16 units',
      { iri: `"${'🌶'.repeat(200)}"` },
      { iri: '🌶'.repeat(200), contentType: '', sha256: '' },
    ],
    ['an empty content type', { contentType: '""' }, { iri: 'x:y', contentType: '', sha256: '' }],
    [
      'a content type of 100 symbols',
      { contentType: `"${'a'.repeat(100)}"` },
      { iri: 'x:y', contentType: 'a'.repeat(100), sha256: '' },
    ],
    ['a hash', { sha256: `"${SHA256}"` }, { iri: 'x:y', contentType: '', sha256: SHA256 }],
  ])('may have %s', (_what, members, info) => {
    expect(parseRootConfigData(withInfo(members))).toStrictEqual({
      rate: 0,
      limit: 9223372036854775807n,
      info,
    });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['another type', { type: '"RootConfigData"' }],
    ['version 0', { type: '"DebtorInfo-v0"' }],
    ['version 1000000', { type: '"DebtorInfo-v1000000"' }],
    ['a type that is null', { type: 'null' }],
    ['an empty IRI', { iri: '""' }],
    ['an IRI of 201 characters', { iri: `"${'a'.repeat(201)}"` }],
    ['an IRI of 201 characters beyond the BMP', { iri: `"${'🌶'.repeat(201)}"` }],
    ['a lone surrogate in the IRI', { iri: '"x:\\ud800"' }],
    ['an IRI that is null', { iri: 'null' }],
    ['a content type of 101 symbols', { contentType: `"${'a'.repeat(101)}"` }],
    ['a content type beyond ASCII', { contentType: '"é"' }],
    ['a content type that is null', { contentType: 'null' }],
    ['an empty hash', { sha256: '""' }],
    ['a hash in lower case', { sha256: `"${SHA256.toLowerCase()}"` }],
    ['a hash of 63 digits', { sha256: `"${SHA256.slice(1)}"` }],
    ['a hash of 65 digits', { sha256: `"${SHA256}0"` }],
    ['a hash that is null', { sha256: 'null' }],
  ])('may not have %s', (_what, members) => {
    expect(parseRootConfigData(withInfo(members))).toBeUndefined();
  });

  it.each(['null', '{}', '[]', '"x:y"', '{"iri":"x:y"}', '{"type":"DebtorInfo"}'])('is not %s', (info) => {
    expect(parseRootConfigData(withMembers({ info }))).toBeUndefined();
  });
});
