/** The stack's dashboard in CloudWatch: what comes in and goes out, what is late, what was refused, and what it costs. */

import { Dashboard, GraphWidget, type IMetric, MathExpression, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { dollarsAnHour, unitsOf } from './dashboard-costs.ts';
import { INCOMING_TYPES, OUTCOMES, OUTGOING_TYPES, PERIOD, StackMetrics } from './dashboard-metrics.ts';
import type { FunctionName, LedgerFunctionName } from './functions.ts';
import type { Queues } from './messaging.ts';

export interface DashboardParts {
  readonly stackName: string;
  readonly queues: Queues;
  readonly functions: Readonly<Record<LedgerFunctionName, LambdaFunction>>;
}

interface Graph {
  readonly title: string;
  readonly left: readonly IMetric[];
  readonly right?: readonly IMetric[];
}

/** Half of the dashboard's width. */
const WIDTH = 12;

/** Creates the dashboard. Its name has the region, because all dashboards of an account share their names. */
export function createDashboard(stack: Stack, parts: DashboardParts): void {
  const metrics = new StackMetrics(parts.stackName);
  const graphs = [
    ...flowGraphs(metrics),
    ...latencyGraphs(metrics, parts),
    ...troubleGraphs(metrics, parts),
    ...costGraphs(metrics, parts),
  ];
  const dashboard = new Dashboard(stack, 'Dashboard', {
    dashboardName: `${parts.stackName}-${stack.region}`,
    defaultInterval: Duration.hours(3),
  });
  dashboard.addWidgets(
    new TextWidget({
      markdown: `**${parts.stackName}**: what the graphs mean, and what to do about alarms, is in docs/operations.md.`,
      width: 2 * WIDTH,
      height: 1,
    }),
  );
  const widgets = graphs.map(
    ({ title, left, right = [] }) =>
      new GraphWidget({ title, left: [...left], right: [...right], width: WIDTH, leftYAxis: { min: 0 } }),
  );
  for (let index = 0; index < widgets.length; index += 2) {
    dashboard.addWidgets(...widgets.slice(index, index + 2));
  }
}

function flowGraphs(metrics: StackMetrics): Graph[] {
  const incoming = INCOMING_TYPES.flatMap((type) =>
    OUTCOMES.map((outcome) =>
      metrics.own({
        name: `Messages.${type}.${outcome}`,
        service: 'process-messages',
        label: `${type} ${outcome}`,
      }),
    ),
  );
  const outgoing = OUTGOING_TYPES.map((type) =>
    metrics.own({ name: `Events.${type}`, service: 'publish-events', label: type }),
  );
  return [
    { title: 'Messages that came in', left: incoming },
    {
      title: 'Messages that went out, and credits',
      left: outgoing,
      right: [metrics.own({ name: 'Credits.applied', service: 'credit-recipients', label: 'credits' })],
    },
  ];
}

function latencyGraphs(metrics: StackMetrics, { queues, functions }: DashboardParts): Graph[] {
  const phases = (service: FunctionName, names: readonly string[]) =>
    names.map((name) => metrics.own({ name, service, label: `${service} ${name}`, statistic: 'Average' }));
  const duration = (name: LedgerFunctionName) => metrics.ofFunction(functions[name], 'Duration', 'p99');
  const age = (name: LedgerFunctionName) => metrics.ofFunction(functions[name], 'IteratorAge', 'Maximum');
  const waiting = (queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
      label: `${queue.node.id} waiting`,
    });
  return [
    {
      title: 'Time by phase, for each invocation (ms)',
      left: [
        ...phases('process-messages', ['ParseTime', 'LoadTime', 'DecideTime', 'CommitTime']),
        ...phases('credit-recipients', ['LoadTime', 'DecideTime', 'CommitTime']),
        ...phases('publish-events', ['PublishTime']),
      ],
      right: [duration('process-messages'), duration('credit-recipients'), duration('publish-events')],
    },
    {
      title: 'Synthetic payments: time from the first message to the last answer (ms), and how many',
      left: [
        metrics.own({
          name: 'SyntheticPaymentTime',
          service: 'synthetic-payment',
          statistic: 'p50',
          label: 'p50',
        }),
        metrics.own({
          name: 'SyntheticPaymentTime',
          service: 'synthetic-payment',
          statistic: 'p99',
          label: 'p99',
        }),
      ],
      right: [
        metrics.own({ name: 'SyntheticPayment.completed', service: 'synthetic-payment', label: 'completed' }),
        metrics.own({ name: 'SyntheticPayment.failed', service: 'synthetic-payment', label: 'failed' }),
      ],
    },
    {
      title: 'Waiting in queues, and the age of the oldest incoming message (s)',
      left: [queues.incoming, queues.chores, queues.accountsSweep, queues.transfersSweep].map(waiting),
      right: [
        queues.incoming.metricApproximateAgeOfOldestMessage({
          period: PERIOD,
          label: 'oldest incoming message',
        }),
      ],
    },
    {
      title:
        'Age of the oldest change that is not published, and not credited (ms); credits that a sweep made, and the oldest that it could not make (s)',
      left: [age('publish-events'), age('credit-recipients')],
      right: [
        metrics.own({ name: 'Sweep.transfers.credit', service: 'sweep-transfers', label: 'by the sweep' }),
        metrics.own({
          name: 'Sweep.transfers.oldest-uncredited',
          service: 'sweep-transfers',
          label: 'oldest uncredited transfer',
          statistic: 'Maximum',
        }),
      ],
    },
  ];
}

function troubleGraphs(metrics: StackMetrics, { queues, functions }: DashboardParts): Graph[] {
  const kept = (queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
      label: queue.node.id,
    });
  const targets = Object.values(functions);
  return [
    {
      title: 'Refused and dead messages',
      left: [
        queues.deadLetter,
        queues.givenUp,
        queues.choresDeadLetter,
        queues.sweepsDeadLetter,
        queues.failedStarts,
        queues.streamFailures,
      ].map(kept),
      right: [metrics.own({ name: 'Messages.malformed', service: 'process-messages', label: 'malformed' })],
    },
    {
      title: 'Lost races for each commit, and messages that went back',
      left: (['process-messages', 'credit-recipients'] as const).map((service, index) =>
        conflictsToCommits(metrics, service, index),
      ),
      right: [metrics.own({ name: 'Messages.returned', service: 'process-messages', label: 'returned' })],
    },
    {
      title: 'Errors and throttles of functions',
      left: targets.map((target) => metrics.ofFunction(target, 'Errors', 'Sum')),
      right: targets.map((target) => metrics.ofFunction(target, 'Throttles', 'Sum')),
    },
    {
      title: 'Sweeps: items read, due and failed',
      left: (['accounts', 'transfers'] as const).flatMap((table) =>
        ['items', 'due', 'failed'].map((what) =>
          metrics.own({
            name: `Sweep.${table}.${what}`,
            service: `sweep-${table}`,
            label: `${table} ${what}`,
          }),
        ),
      ),
      right: (['accounts', 'transfers'] as const).map((table) =>
        metrics.own({ name: `Sweep.${table}.started`, service: `sweep-${table}`, label: `${table} started` }),
      ),
    },
  ];
}

function conflictsToCommits(metrics: StackMetrics, service: FunctionName, index: number): IMetric {
  const [conflicts, commits] = [`conflicts${index}`, `commits${index}`];
  return new MathExpression({
    label: `${service}: conflicts ÷ commits`,
    expression: `FILL(${conflicts}, 0) / ${commits}`,
    usingMetrics: {
      [conflicts]: metrics.own({ name: 'Conflicts', service }),
      [commits]: metrics.own({ name: 'Commits', service }),
    },
    period: PERIOD,
  });
}

function costGraphs(metrics: StackMetrics, { functions }: DashboardParts): Graph[] {
  const { writes, reads } = unitsOf(metrics, functions);
  return [
    { title: 'Units of the tables', left: [writes, reads] },
    { title: 'Estimated cost', left: [dollarsAnHour(metrics, functions)] },
  ];
}
