/** `swpt currency`, which changes one property of a RootConfigData and keeps all others. */

import { beforeEach, describe, expect, it } from 'vitest';
import { changeConfig } from '../../../lib/client/command/root-config.ts';
import { CommandLines } from './support/command-lines.ts';

let swpt: CommandLines;

beforeEach(async () => {
  swpt = new CommandLines();
  await swpt.run('open 1/0 --negligible 1000000');
});

describe('swpt currency', () => {
  it('shows what a debtor says of the currency', async () => {
    expect((await swpt.run('currency 1')).printed).toStrictEqual([
      'limit: none',
      'rate: 0 % a year',
      'info: none',
    ]);
    expect((await swpt.run('currency 1 --json')).printed).toStrictEqual([
      '{"kind":"currency","debtorId":"1","rate":0,"limit":"9223372036854775807"}',
    ]);
  });

  it('shows the difference, and waits until the authority has accepted it', async () => {
    expect(await swpt.run('currency 1 rate -2.5')).toStrictEqual({
      exitCode: 0,
      printed: ['rate: 0 % a year → -2.5 % a year'],
      told: ['The authority has accepted it.'],
    });
    expect((await swpt.run('currency 1 limit 9007199254740993')).printed).toStrictEqual([
      'limit: none → 9007199254740993',
    ]);
    expect(
      (await swpt.run('currency 1 info https://example.com/coin --content-type text/html')).printed,
    ).toStrictEqual(['info: none → https://example.com/coin, text/html']);
    expect((await swpt.run('currency 1 limit 0')).printed).toStrictEqual(['limit: 9007199254740993 → 0']);
    expect((await swpt.run('currency 1 limit none')).printed).toStrictEqual(['limit: 0 → none']);
    expect((await swpt.run('currency 1')).printed).toStrictEqual([
      'limit: none',
      'rate: -2.5 % a year',
      'info: https://example.com/coin, text/html',
    ]);
  });

  it('sends nothing where nothing changes', async () => {
    await swpt.run('currency 1 rate 2.5');
    expect(await swpt.run('currency 1 rate 2.5')).toStrictEqual({
      exitCode: 0,
      printed: ['rate: 2.5 % a year already'],
      told: [],
    });
  });

  it.each([
    ['currency 1 rate 101', 'The rate is "101"; write a number from -50 to 100.'],
    ['currency 1 price 5', 'A currency has no "price"; write limit, rate or info.'],
    [
      'currency 7',
      'There is no currency of debtor 7 yet; open its root account: swpt open 7/0 --negligible N.',
    ],
    ['currency one', '"one" is not a debtor ID; write an integer of 64 bits, as in 4294967297.'],
    [
      'currency 1 info x --sha256 12',
      'The authority would not accept {"type":"RootConfigData","info":{"type":"DebtorInfo","iri":"x","sha256":"12"}}; see swpt currency --help for the limits.',
    ],
  ])('refuses %s before anything is sent', async (line, sentence) => {
    expect(await swpt.run(line)).toStrictEqual({ exitCode: 2, printed: [], told: [sentence] });
  });
});

describe('a change of a RootConfigData', () => {
  it('keeps what this program does not know, each digit of it', () => {
    const text = '{"type":"RootConfigData-v2","rate":1.5,"serial":12345678901234567890,"tags":["a",null]}';
    expect(changeConfig(text, { limit: 5n })).toBe(
      '{"type":"RootConfigData-v2","rate":1.5,"serial":12345678901234567890,"tags":["a",null],"limit":5}',
    );
  });

  it('does not overwrite what is no RootConfigData', () => {
    expect(() => changeConfig('nonsense', { limit: 5n })).toThrow('is no RootConfigData: "nonsense"');
  });
});
