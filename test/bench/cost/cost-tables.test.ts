import { describe, expect, it } from 'vitest';
import { printCases, printLines } from './cost-tables.ts';
import { BURST, ISOLATED } from './some-counts.ts';

describe('A table of costs', () => {
  it('has a row for each case and a column for each service that costs anything', () => {
    expect(printCases([ISOLATED, BURST]).split('\n')).toStrictEqual([
      '| dollars per million transfers | DynamoDB | Lambda |  SQS |  SNS | CloudWatch | X-Ray | total |',
      '| ----------------------------- | -------: | -----: | ---: | ---: | ---------: | ----: | ----: |',
      '| isolated                      |    10.14 |   7.03 | 4.80 | 3.00 |       9.08 |  3.25 | 37.30 |',
      '| burst                         |     4.73 |   0.06 | 0.97 | 0.21 |       0.01 | <0.01 |  5.97 |',
    ]);
  });

  it('lists the lines that cost anything, with their sum', () => {
    const table = printLines('a month', [
      { service: 'DynamoDB', item: 'write units', quantity: 14_000_000, dollars: 8.75 },
      { service: 'DynamoDB', item: 'stream records', quantity: 8_000_000, dollars: 0 },
      { service: 'CloudWatch', item: 'metrics', quantity: 1.6667, dollars: 1_234.5 },
    ]);
    expect(table.split('\n')).toStrictEqual([
      '| a month    | item        |   quantity |  dollars |',
      '| ---------- | ----------- | ---------: | -------: |',
      '| DynamoDB   | write units | 14,000,000 |     8.75 |',
      '| CloudWatch | metrics     |       1.67 | 1,234.50 |',
      '| total      |             |            | 1,243.25 |',
    ]);
  });
});
