import { describe, expect, it } from 'vitest';
import { expiryOf } from '../../../lib/rules/transfer.ts';
import { parseSettings } from '../../../lib/shell/settings.ts';
import { propertiesOf, synthesize } from '../../infrastructure/template.ts';
import type { CostLine } from './cost-line.ts';
import {
  type CaseCounts,
  costOfCase,
  costOfHavingPayments,
  costOfIdleStack,
  TRANSFER_RETENTION_DAYS,
} from './cost-model.ts';

/** A transfer that takes one of everything. */
const ONE_OF_EACH: CaseCounts = {
  name: 'one-of-each',
  writeUnits: 1,
  readUnits: 1,
  streamRecords: 1,
  queueRequests: 1,
  publishRequests: 1,
  httpDeliveries: 1,
  invocations: 1,
  gigabyteSeconds: 1,
  logBytes: 1_073.741824,
};

function bill(lines: readonly CostLine[]): string[] {
  return lines.map(({ service, item, dollars }) => `${service}, ${item}: ${dollars.toFixed(4)}`);
}

describe('The cost of a million transfers', () => {
  it('is what each service asks for a million of each unit, and for keeping and sweeping the transfers', () => {
    expect(bill(costOfCase(ONE_OF_EACH))).toStrictEqual([
      'DynamoDB, write units: 0.6250',
      'DynamoDB, read units: 0.1250',
      // 600 bytes are 0.0732 units of a scan; 37 times that is 2.71 units.
      'DynamoDB, read units of daily sweeps, for 37 days: 0.3387',
      // 600 MB are 0.5588 GB, for 37 days, and a month has 30.417.
      'DynamoDB, gigabyte-months of transfers, for 37 days: 0.1699',
      'DynamoDB, gigabyte-months of their backup: 0.1359',
      'DynamoDB, stream records, read by Lambda: 0.0000',
      'Lambda, invocations: 0.2000',
      'Lambda, gigabyte-seconds: 13.3334',
      'SQS, requests: 0.4000',
      'SNS, publish requests: 0.5000',
      'SNS, deliveries by HTTP: 0.6000',
      'CloudWatch, gigabytes of logs: 0.5000',
      'X-Ray, traces, one in twenty: 0.2500',
    ]);
  });

  it('grows with the counts', () => {
    const dear = costOfCase({ ...ONE_OF_EACH, writeUnits: 14, readUnits: 6, queueRequests: 12 });
    const [writes, reads] = dear;
    expect(writes).toStrictEqual({
      service: 'DynamoDB',
      item: 'write units',
      quantity: 14_000_000,
      dollars: 8.75,
    });
    expect(reads?.dollars).toBe(0.75);
    expect(dear.find(({ service }) => service === 'SQS')?.dollars.toFixed(4)).toBe('4.8000');
  });
});

describe('The cost of an idle stack in a month', () => {
  it('is polling, alarms and the metrics of sweeps where there are no accounts', () => {
    expect(bill(costOfIdleStack({ accounts: 0 })).filter((line) => !line.endsWith(': 0.0000'))).toStrictEqual(
      [
        // 5 queues, 5 pollers, a call each 20 seconds of 730 hours: 3,285,000.
        'SQS, empty receives by Lambda: 1.3140',
        'CloudWatch, alarms: 3.4000',
        // 10 metrics in 121.67 of 730 hours.
        'CloudWatch, metrics, in hours with sweeps: 0.5000',
        'CloudWatch, metrics of publishing again: 0.6000',
      ],
    );
  });

  it('is mostly heartbeats where there are many', () => {
    const lines = costOfIdleStack({ accounts: 1_000_000 });
    expect(bill(lines).filter((line) => /^(DynamoDB|Lambda|SNS)/.test(line))).toStrictEqual([
      // 400 MB are 0.3725 GB.
      'DynamoDB, gigabytes of accounts: 0.0931',
      'DynamoDB, gigabytes of their backup: 0.0745',
      // 48,828 units a sweep, 91.25 sweeps.
      'DynamoDB, read units of sweeps: 0.5569',
      // 4.345 a month for each account.
      'DynamoDB, write units of heartbeats: 2.7158',
      // 100 GB-seconds a sweep.
      'Lambda, gigabyte-seconds of sweeps: 0.1217',
      'SNS, publish requests of heartbeats: 0.2173',
    ]);
  });

  it('counts the alarms and the polled queues that the stack has', () => {
    const template = synthesize();
    const alarms = Object.keys(propertiesOf(template, 'AWS::CloudWatch::Alarm'));
    const queues = Object.keys(propertiesOf(template, 'AWS::SQS::Queue')).map((name) => `${name}.Arn`);
    const polled = Object.values(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).filter(
      ({ EventSourceArn }) => queues.includes(EventSourceArn),
    );
    const quantityOf = (item: string) =>
      costOfIdleStack({ accounts: 0 }).find((line) => line.item === item)?.quantity;
    expect(quantityOf('alarms')).toBe(alarms.length);
    expect(quantityOf('empty receives by Lambda')).toBe(polled.length * 657_000);
  });
});

describe('How long transfers are kept', () => {
  it('is what the default settings say', () => {
    expect(expiryOf(0n, parseSettings({}))).toBe(BigInt(TRANSFER_RETENTION_DAYS) * 86_400_000_000n);
  });
});

describe('What is paid as soon as there are payments', () => {
  it('is metrics, traces of the first invocation of each second, and keys of encrypted topics', () => {
    expect(bill(costOfHavingPayments(2_628_000))).toStrictEqual([
      'CloudWatch, metrics: 13.5000',
      // 95 % of the month's 2,628,000 seconds.
      'X-Ray, traces, the first of each second: 12.4830',
      // 3 topics, 8,760 times five minutes, two requests each time.
      'KMS, requests: 0.1577',
    ]);
  });
});
