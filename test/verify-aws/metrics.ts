/** Sums of CloudWatch's metrics by the minute, waited for until they are there. */

import {
  type CloudWatchClient,
  type Dimension,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';

export interface MinuteMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface TimeSpan {
  readonly from: Date;
  readonly to: Date;
}

const MINUTE_MS = 60_000;

/** @returns the sums of the minutes that have one, in order; empty when CloudWatch has none */
export async function sumsByMinute(
  client: CloudWatchClient,
  { namespace, name, dimensions }: MinuteMetric,
  { from, to }: TimeSpan,
): Promise<number[]> {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]): Dimension => ({ Name, Value })),
      StartTime: from,
      EndTime: to,
      Period: MINUTE_MS / 1000,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).map(({ Sum = 0 }) => Sum);
}

export function total(sums: readonly number[]): number {
  return sums.reduce((sum, value) => sum + value, 0);
}

/** The minute that the instant is in, from its beginning. */
export function minuteOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
