import { describe, expect, it } from 'vitest';
import { totalOf } from './cost-line.ts';
import { ISOLATED } from './some-counts.ts';
import { costOfSyntheticPayments } from './synthetic-payments.ts';

describe('The cost of synthetic payments in a month', () => {
  it('is mostly what is paid as soon as there are payments', () => {
    const lines = costOfSyntheticPayments(ISOLATED, 5);
    const bill = lines
      .filter(({ dollars }) => dollars > 0.1)
      .map(({ service, item, dollars }) => `${service}, ${item}: ${dollars.toFixed(2)}`);
    expect([bill, totalOf(lines).toFixed(2)]).toStrictEqual([
      [
        // 8,760 payments, 17,520 transfers of 14 write units.
        'DynamoDB, write units: 0.15',
        'CloudWatch, gigabytes of logs: 0.16',
        // 6 seconds with a gigabyte, 8,760 times.
        'Lambda, gigabyte-seconds of the payer: 0.70',
        'CloudWatch, metrics of the payer: 1.50',
        'CloudWatch, metrics: 13.50',
        // 17,520 transfers of 13 invocations.
        'X-Ray, traces, the first of each second: 1.08',
        'KMS, requests: 0.16',
      ],
      '17.73',
    ]);
  });
});
