/** What synthetic payments cost in a month. Alone in a stack they make it pay what is paid as soon as there are payments. */

import { type CostLine, costLine, scaled } from './cost-line.ts';
import {
  type CaseCounts,
  costOfCase,
  costOfHavingPayments,
  MILLION,
  SECONDS_IN_MONTH,
} from './cost-model.ts';

/** The stack's default. */
export const SYNTHETIC_PAYMENT_MINUTES = 5;
/** There and back. */
const TRANSFERS_IN_PAYMENT = 2;
/** Names that the function reports. */
const METRICS = 5;
/** Six receives, with or without an answer, and four deletions. Sending is counted with the transfers. */
const QUEUE_REQUESTS = 10;
/** Mostly of waiting, as if each step of a transfer took seconds. */
const GIGABYTE_SECONDS = 6;

/** In dollars per month. @param counts of a transfer that shares nothing with another one */
export function costOfSyntheticPayments(counts: CaseCounts, periodMinutes: number): CostLine[] {
  const payments = SECONDS_IN_MONTH / 60 / periodMinutes;
  const transfers = payments * TRANSFERS_IN_PAYMENT;
  return [
    ...costOfCase(counts).map((line) => scaled(line, transfers / MILLION)),
    costLine('Lambda', 'invocations of the payer', 'invocation', payments),
    costLine('Lambda', 'gigabyte-seconds of the payer', 'gigabyteSecond', payments * GIGABYTE_SECONDS),
    costLine('SQS', 'requests of the payer', 'queueRequest', payments * QUEUE_REQUESTS),
    costLine('CloudWatch', 'metrics of the payer', 'metricMonth', METRICS),
    costLine('CloudWatch', 'alarm', 'alarmMonth', 1),
    ...costOfHavingPayments(transfers * counts.invocations),
  ];
}
