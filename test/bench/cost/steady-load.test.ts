import { describe, expect, it } from 'vitest';
import { totalOf } from './cost-line.ts';
import { parseNumber, parseRate } from './quantities.ts';
import { BURST, ISOLATED } from './some-counts.ts';
import { billOf, printSteadyLoad } from './steady-load.ts';

const MEASURED = [
  { underWay: 1, counts: ISOLATED },
  { underWay: 4_000, counts: BURST },
];

describe('The bill of steady transfers', () => {
  it('takes the counts of the load that is nearest, by factors', () => {
    const nearestTo = (transfersPerSecond: number) =>
      billOf({ transfersPerSecond, accounts: 1_000, measured: MEASURED }).nearest.counts.name;
    expect([0.1, 60, 70, 100_000].map(nearestTo)).toStrictEqual(['isolated', 'isolated', 'burst', 'burst']);
  });

  it('is readable', () => {
    const load = { transfersPerSecond: 100, accounts: 1_000_000, measured: MEASURED };
    const { idle, least, most } = billOf(load);
    // What an idle stack costs changes with each alarm, and is tested elsewhere.
    const dollars = (amount: number) => `$${Math.round(amount).toLocaleString('en-US')}`;
    const lines = printSteadyLoad(load).split('\n');
    expect(lines.filter((line) => !/idle|CloudWatch/.test(line))).toStrictEqual([
      '100 transfers a second all the time are 262,800,000 a month.',
      `With 1,000,000 accounts you would pay about ${dollars(least)} a month:`,
      '',
      '        $1,570  the transfers, at $5.97 per million',
      '        $26.14  metrics, traces and keys, as soon as there are payments',
      '',
      'By service:',
      '        $1,245  DynamoDB',
      '        $14.93  Lambda',
      '          $257  SQS',
      '        $54.09  SNS',
      '        $13.47  X-Ray',
      '         $0.16  KMS',
      '',
      'A transfer is assumed to take a second on AWS, so that about 100 are under way. Its counts are those',
      `that were measured nearest to that: burst. If all transfers came alone it would be ${dollars(most)},`,
      `and in the largest batches ${dollars(least)}.`,
    ]);
    // 262.8 million transfers at $5.974, or $37.298 if each comes alone; and $26.14.
    expect([least, most].map((total) => Math.round(total - totalOf(idle)))).toStrictEqual([1_596, 9_829]);
  });
});

describe('A rate', () => {
  it('is a number in a second, or in another period', () => {
    const rates = ['50', '50/s', '0.5/min', '36/h', '2M/month'].map((text) => parseRate('--rate', text));
    expect(rates.map((rate) => rate.toPrecision(4))).toStrictEqual([
      '50.00',
      '50.00',
      '0.008333',
      '0.01000',
      '0.7610',
    ]);
  });

  it.each(['', '0', 'fast', '5/year', '5/s/s', '-1'])(
    'is refused when nobody could tell what it is: %j',
    (text) => {
      expect(() => parseRate('--rate', text)).toThrow('--rate is ');
    },
  );
});

describe('A number', () => {
  it('may be written with a letter, or with commas', () => {
    expect(['1000', '10k', '1.5M', '1,000,000'].map((text) => parseNumber('--accounts', text))).toStrictEqual(
      [1_000, 10_000, 1_500_000, 1_000_000],
    );
  });
});
