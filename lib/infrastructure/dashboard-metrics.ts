/** The metrics that the dashboard draws: of the functions, with the stack's name, and of AWS, with what the stack created. */

import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { type FunctionName, METRICS_NAMESPACE } from './functions.ts';

/** Of every point in the dashboard. */
export const PERIOD = Duration.minutes(5);

/** Types of messages that come in; a test holds them to the protocol. */
export const INCOMING_TYPES = ['ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer'] as const;

/** Types of messages that go out; a test holds them to the protocol. */
export const OUTGOING_TYPES = [
  'RejectedConfig',
  'AccountUpdate',
  'AccountPurge',
  'AccountTransfer',
  'RejectedTransfer',
  'PreparedTransfer',
  'FinalizedTransfer',
] as const;

/** What may become of a message; a test holds them to the rules. */
export const OUTCOMES = ['applied', 'rejected', 'ignored', 'refused'] as const;

/** A metric that a function reports itself, drawn under `label`. */
export interface OwnMetric {
  readonly name: string;
  readonly service: FunctionName;
  readonly label?: string;
  readonly statistic?: string;
}

/** Makes metrics of one stack. */
export class StackMetrics {
  readonly #stackName: string;

  constructor(stackName: string) {
    this.#stackName = stackName;
  }

  own({ name, service, label = name, statistic = 'Sum' }: OwnMetric): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: name,
      dimensionsMap: { service, stack: this.#stackName },
      statistic,
      period: PERIOD,
      label,
    });
  }

  /** The sum of the metrics; those that nobody has reported count as 0. `id` is in lower case, and unique in its widget. */
  sum(
    { id, label }: { readonly id: string; readonly label: string },
    metrics: readonly IMetric[],
  ): MathExpression {
    const used = metrics.map((metric, index) => [`${id}${index}`, metric] as const);
    return new MathExpression({
      label,
      expression: used.map(([name]) => `FILL(${name}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(used),
      period: PERIOD,
    });
  }

  /** A metric of Lambda's. */
  ofFunction(target: LambdaFunction, name: string, statistic: string): Metric {
    return target.metric(name, { statistic, period: PERIOD, label: `${target.node.id} ${statistic}` });
  }
}
