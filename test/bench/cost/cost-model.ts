/**
 * From counts to dollars: the cost of a million transfers of one kind, and of a stack in a month. Pure, and independent
 * of where the counts come from. docs/cost.md explains the assumptions.
 */

import { type CostLine, costLine, scaled } from './cost-line.ts';

/** Average counts for one transfer, from sending PrepareTransfer to the AccountUpdates that follow. */
export interface CaseCounts {
  readonly name: string;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly streamRecords: number;
  /** All calls on the authority's queues: the clients' sends, Lambda's receives and deletes, and chores. */
  readonly queueRequests: number;
  /** Calls of Publish or PublishBatch, each 64 KB of a call as one. */
  readonly publishRequests: number;
  /** Only those to HTTP endpoints cost the authority anything. */
  readonly httpDeliveries: number;
  readonly invocations: number;
  /** Memory times billed duration, including the waits for DynamoDB and SNS. */
  readonly gigabyteSeconds: number;
  readonly logBytes: number;
}

export interface StackSize {
  readonly accounts: number;
}

export const MILLION = 1_000_000;
const GIGABYTE = 2 ** 30;
const BYTES_IN_READ_UNIT = 4_096;
/** A scan is eventually consistent. */
const SCAN_DISCOUNT = 0.5;

const HOURS_IN_MONTH = 730;
const DAYS_IN_MONTH = HOURS_IN_MONTH / 24;
export const SECONDS_IN_MONTH = HOURS_IN_MONTH * 3_600;

/** With DynamoDB's own 100 bytes an item. */
const TRANSFER_BYTES = 600;
const ACCOUNT_BYTES = 400;
/** How long finished transfers stay, with the default maximum delay of messages; a sweep reads them every day. */
export const TRANSFER_RETENTION_DAYS = 37;
const ACCOUNT_SWEEPS_IN_MONTH = HOURS_IN_MONTH / 8;
const TRANSFER_SWEEPS_IN_MONTH = DAYS_IN_MONTH;
const HEARTBEATS_IN_MONTH = DAYS_IN_MONTH / 7;
/** Of a sweep's function with one gigabyte: a page of 1,000 accounts in a tenth of a second. */
const SWEEP_GIGABYTE_SECONDS_PER_ACCOUNT = 0.0001;
const MESSAGES_IN_PUBLISH = 10;

/** X-Ray's default rule samples the first invocation of each second, and this share of the others. */
const TRACED_SHARE = 0.05;

const POLLED_QUEUES = 5;
/** Lambda's pollers of a queue without messages, each waiting for 20 seconds. */
const POLLERS_PER_QUEUE = 5;
const POLL_SECONDS = 20;
const ALARMS = 34;
/** Names that a sweep's function reports, and those of the four other functions. */
const METRICS_OF_SWEEP = 10;
const METRICS_OF_PAYMENTS = 45;
/** Its two calls when it looks for notices in vain, every hour. */
const METRICS_OF_PUBLISHING_AGAIN = 2;
/** SNS keeps a data key of an encrypted topic for five minutes, and asks twice for one (SNS guide, key management). */
const TOPICS = 3;
const KEY_REQUESTS_OF_TOPIC_IN_MONTH = (2 * SECONDS_IN_MONTH) / 300;

/** In dollars per million transfers, without the fixed cost of a month. */
export function costOfCase(counts: CaseCounts): CostLine[] {
  const sweptUnits = ((TRANSFER_BYTES * SCAN_DISCOUNT) / BYTES_IN_READ_UNIT) * TRANSFER_RETENTION_DAYS;
  const gigabyteMonths = (TRANSFER_BYTES / GIGABYTE) * (TRANSFER_RETENTION_DAYS / DAYS_IN_MONTH);
  const perTransfer = [
    costLine('DynamoDB', 'write units', 'writeUnit', counts.writeUnits),
    costLine('DynamoDB', 'read units', 'readUnit', counts.readUnits),
    costLine(
      'DynamoDB',
      `read units of daily sweeps, for ${TRANSFER_RETENTION_DAYS} days`,
      'readUnit',
      sweptUnits,
    ),
    costLine(
      'DynamoDB',
      `gigabyte-months of transfers, for ${TRANSFER_RETENTION_DAYS} days`,
      'tableGigabyteMonth',
      gigabyteMonths,
    ),
    costLine('DynamoDB', 'gigabyte-months of their backup', 'backupGigabyteMonth', gigabyteMonths),
    costLine('DynamoDB', 'stream records, read by Lambda', 'streamRecordReadByLambda', counts.streamRecords),
    costLine('Lambda', 'invocations', 'invocation', counts.invocations),
    costLine('Lambda', 'gigabyte-seconds', 'gigabyteSecond', counts.gigabyteSeconds),
    costLine('SQS', 'requests', 'queueRequest', counts.queueRequests),
    costLine('SNS', 'publish requests', 'publishRequest', counts.publishRequests),
    costLine('SNS', 'deliveries by HTTP', 'deliveryToHttp', counts.httpDeliveries),
    costLine('CloudWatch', 'gigabytes of logs', 'logGigabyte', counts.logBytes / GIGABYTE),
    costLine('X-Ray', 'traces, one in twenty', 'trace', counts.invocations * TRACED_SHARE),
  ];
  return perTransfer.map((line) => scaled(line, MILLION));
}

/** In dollars per month for a stack without payments: resources wait, and accounts have their heartbeats. */
export function costOfIdleStack({ accounts }: StackSize): CostLine[] {
  const pollers = POLLED_QUEUES * POLLERS_PER_QUEUE;
  const sweptUnits = (accounts * ACCOUNT_BYTES * SCAN_DISCOUNT) / BYTES_IN_READ_UNIT;
  const heartbeats = accounts * HEARTBEATS_IN_MONTH;
  const gigabytes = (accounts * ACCOUNT_BYTES) / GIGABYTE;
  const sweeps = ACCOUNT_SWEEPS_IN_MONTH + TRANSFER_SWEEPS_IN_MONTH;
  return [
    costLine('DynamoDB', 'gigabytes of accounts', 'tableGigabyteMonth', gigabytes),
    costLine('DynamoDB', 'gigabytes of their backup', 'backupGigabyteMonth', gigabytes),
    costLine('DynamoDB', 'read units of sweeps', 'readUnit', sweptUnits * ACCOUNT_SWEEPS_IN_MONTH),
    costLine('DynamoDB', 'write units of heartbeats', 'writeUnit', heartbeats),
    costLine(
      'Lambda',
      'gigabyte-seconds of sweeps',
      'gigabyteSecond',
      accounts * SWEEP_GIGABYTE_SECONDS_PER_ACCOUNT * ACCOUNT_SWEEPS_IN_MONTH,
    ),
    costLine('SQS', 'empty receives by Lambda', 'queueRequest', (pollers * SECONDS_IN_MONTH) / POLL_SECONDS),
    costLine('SNS', 'publish requests of heartbeats', 'publishRequest', heartbeats / MESSAGES_IN_PUBLISH),
    costLine('CloudWatch', 'alarms', 'alarmMonth', ALARMS),
    // Metrics are billed by the hour, and a sweep of such a table ends within one.
    costLine(
      'CloudWatch',
      'metrics, in hours with sweeps',
      'metricMonth',
      (METRICS_OF_SWEEP * sweeps) / HOURS_IN_MONTH,
    ),
    costLine('CloudWatch', 'metrics of publishing again', 'metricMonth', METRICS_OF_PUBLISHING_AGAIN),
    costLine('EventBridge', 'scheduled events', 'scheduledEvent', sweeps + HOURS_IN_MONTH),
  ];
}

/** In dollars per month, whatever the number of transfers, once payments come in every hour and all in different seconds. */
export function costOfHavingPayments(invocations: number): CostLine[] {
  return [
    costLine('CloudWatch', 'metrics', 'metricMonth', METRICS_OF_PAYMENTS),
    costLine('X-Ray', 'traces, the first of each second', 'trace', invocations * (1 - TRACED_SHARE)),
    costLine('KMS', 'requests', 'keyRequest', TOPICS * KEY_REQUESTS_OF_TOPIC_IN_MONTH),
  ];
}
