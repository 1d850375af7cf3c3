/** The alarms of the listener. Each description says what is wrong; docs/network.md says what to do. */

import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { NetworkTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type AlarmDefinition, createAlarm, tellOf } from '../alarms.ts';
import { METRICS_NAMESPACE } from '../functions.ts';
import type { StackOptions } from '../options.ts';

const FIVE_MINUTES = Duration.minutes(5);

export function createListenerAlarms(
  scope: Construct,
  { targets, options }: { readonly targets: NetworkTargetGroup; readonly options: StackOptions },
): void {
  const definitions: Record<string, AlarmDefinition> = {
    NoListener: {
      metric: targets.metrics.healthyHostCount({ period: FIVE_MINUTES, statistic: 'Minimum' }),
      threshold: 1,
      isAboutAbsence: true,
      description: 'No listener takes connections of peers.',
    },
    UnhealthyListener: {
      metric: targets.metrics.unHealthyHostCount({ period: FIVE_MINUTES, statistic: 'Maximum' }),
      threshold: 1,
      periods: 3,
      description: 'A listener has not been healthy for a quarter of an hour.',
    },
    NetworkUnreadable: {
      metric: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName: 'Network.unreadable',
        dimensionsMap: { service: 'stomp-listener', stack: options.stackName, peer: 'none' },
        statistic: 'Sum',
        period: FIVE_MINUTES,
      }),
      threshold: 1,
      periods: 3,
      description: "The listener can't read the node's folder, and goes on with what it read last.",
    },
  };
  for (const [id, definition] of Object.entries(definitions)) {
    tellOf(createAlarm(scope, `${id}Alarm`, definition), options.alarmTopicArn);
  }
}
