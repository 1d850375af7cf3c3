/** The metrics that the dashboard draws: of the functions, with the stack's name, and of AWS, with what the stack created. */

import { type IMetric, MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { type OwnMetric, ownMetric } from './functions.ts';

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
export type DrawnMetric = Omit<OwnMetric, 'stackName' | 'period'>;

/** Makes metrics of one stack. */
export class StackMetrics {
  readonly #stackName: string;

  constructor(stackName: string) {
    this.#stackName = stackName;
  }

  own(metric: DrawnMetric): Metric {
    return ownMetric({ label: metric.name, ...metric, stackName: this.#stackName, period: PERIOD });
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
