/** Whether the functions that streams feed have had nothing to do for a while, as CloudWatch counts their invocations. */

import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

export interface StreamActivity {
  readonly invocationCount: number;
  readonly errorCount: number;
  readonly throttleCount: number;
}

const METRICS = ['Invocations', 'Errors', 'Throttles'] as const;
/** As fine as Lambda's metrics are. */
const PERIOD_SECONDS = 60;

/**
 * What the functions did in the `seconds` before `now`. Lambda's metrics come a minute or two late, so a range of five
 * minutes without an invocation is needed to be sure of the first three. A record that waits is tried again within
 * seconds: a stream that is behind shows as invocations, errors, or throttles.
 */
export async function streamActivity(
  client: CloudWatchClient,
  functionNames: readonly string[],
  { now, seconds }: { readonly now: Date; readonly seconds: number },
): Promise<StreamActivity> {
  const names = [...new Set(functionNames)];
  const MetricDataQueries = names.flatMap((Value, index) =>
    METRICS.map((MetricName) => ({
      Id: `${MetricName.toLowerCase()}${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'FunctionName', Value }],
        },
        Period: PERIOD_SECONDS,
        Stat: 'Sum',
      },
    })),
  );
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - seconds * 1000),
      EndTime: now,
      MetricDataQueries,
    }),
  );
  const total = (prefix: string): number =>
    MetricDataResults.filter(({ Id = '' }) => Id.startsWith(prefix))
      .flatMap(({ Values = [] }) => Values)
      .reduce((sum, value) => sum + value, 0);
  return {
    invocationCount: total('invocations'),
    errorCount: total('errors'),
    throttleCount: total('throttles'),
  };
}
