/** Reports the shell's work through Powertools: metrics in CloudWatch's embedded format, and a structured log. */

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../../lib/shell/telemetry.ts';
import { required } from './environment.ts';

// Powertools would follow Lambda's own level, which stays at INFO for the sake of metrics.
process.env.AWS_LAMBDA_LOG_LEVEL = process.env.POWERTOOLS_LOG_LEVEL;

export const logger = new Logger();
export const metrics = new Metrics({ defaultDimensions: { stack: required('STACK_NAME') } });

/** CloudWatch sums what is added under one name, so an invocation adds up itself and reports each name once. */
const sums = new Map<string, { unit: (typeof MetricUnit)[keyof typeof MetricUnit]; value: number }>();

export const telemetry: Telemetry = {
  count: (name, amount = 1) => add(name, MetricUnit.Count, amount),
  time: (phase, milliseconds) => add(`${phase}Time`, MetricUnit.Milliseconds, milliseconds),
  info: (message, details) => logger.info(message, details as Record<string, never>),
  warn: (message, details) => logger.warn(message, details as Record<string, never>),
};

/** Hands over what the invocation has added up. */
export function publishTelemetry(): void {
  for (const [name, { unit, value }] of sums) {
    metrics.addMetric(name, unit, value);
  }
  sums.clear();
  metrics.publishStoredMetrics();
}

function add(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], amount: number): void {
  const sum = sums.get(name);
  if (sum === undefined) {
    sums.set(name, { unit, value: amount });
  } else {
    sum.value += amount;
  }
}
