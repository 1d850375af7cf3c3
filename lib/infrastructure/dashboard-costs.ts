/** The dashboard's estimate of what a stack costs an hour, from what its functions and queues report. */

import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { PERIOD, type StackMetrics } from './dashboard-metrics.ts';
import { type FunctionName, type LedgerFunctionName, MEMORY_MEGABYTES } from './functions.ts';

/**
 * Dollars for a million units of each, in us-east-1 and without free tiers. A test holds them to the price list that docs/cost.md
 * uses.
 */
export const MILLION_PRICES = {
  writeUnit: 0.625,
  readUnit: 0.125,
  invocation: 0.2,
  gigabyteSecond: 13.3334,
  queueRequest: 0.4,
  publishRequest: 0.5,
} as const;

type Functions = Readonly<Record<LedgerFunctionName, LambdaFunction>>;

/** Sums over all functions, by what they count. */
export function unitsOf(metrics: StackMetrics, functions: Functions): Record<'writes' | 'reads', IMetric> {
  return {
    writes: reportedByAll(metrics, functions, { id: 'w', name: 'WriteUnits' }),
    reads: reportedByAll(metrics, functions, { id: 'r', name: 'ReadUnits' }),
  };
}

/** Tables, functions and calls: without storage, backups, logs, metrics, traces, and Lambda's polling of queues. */
export function dollarsAnHour(metrics: StackMetrics, functions: Functions): MathExpression {
  const ofLambda = (id: string, name: string) =>
    metrics.sum(
      { id, label: name },
      Object.values(functions).map((target) => metrics.ofFunction(target, name, 'Sum')),
    );
  const { writeUnit, readUnit, invocation, gigabyteSecond, queueRequest, publishRequest } = MILLION_PRICES;
  const dollarsOfAPeriod = [
    `writes * ${writeUnit}`,
    `reads * ${readUnit}`,
    `invocations * ${invocation}`,
    `milliseconds / 1000 * ${(gigabyteSecond * MEMORY_MEGABYTES) / 1024}`,
    `queuecalls * ${queueRequest}`,
    `topiccalls * ${publishRequest}`,
  ].join(' + ');
  return new MathExpression({
    label: 'dollars an hour (tables, functions, calls)',
    expression: `(${dollarsOfAPeriod}) / 1000000 * 3600 / ${PERIOD.toSeconds()}`,
    usingMetrics: {
      ...unitsOf(metrics, functions),
      invocations: ofLambda('i', 'Invocations'),
      milliseconds: ofLambda('d', 'Duration'),
      queuecalls: reportedByAll(metrics, functions, { id: 'q', name: 'Calls.SendMessageBatch' }),
      topiccalls: reportedByAll(metrics, functions, { id: 't', name: 'Calls.PublishBatch' }),
    },
    period: PERIOD,
  });
}

function reportedByAll(
  metrics: StackMetrics,
  functions: Functions,
  { id, name }: { readonly id: string; readonly name: string },
): MathExpression {
  const services = Object.keys(functions) as FunctionName[];
  return metrics.sum(
    { id, label: name },
    services.map((service) => metrics.own({ name, service })),
  );
}
