/** The alarms of one peer. Each description says what is wrong; docs/network.md says what to do. */

import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Peer } from '../../peers/peer.ts';
import { type AlarmDefinition, createAlarm, notEmpty, tellOf } from '../alarms.ts';
import type { StackOptions } from '../options.ts';
import type { PeerQueues } from './peer-queues.ts';

const FIVE_MINUTES = Duration.minutes(5);
const HALF_AN_HOUR_IN_SECONDS = 1_800;
/** Three days before SQS forgets it. */
const TOO_OLD_IN_SECONDS = 11 * 86_400;

export interface AlarmedPeer {
  readonly peer: Peer;
  readonly options: StackOptions;
  readonly queues: PeerQueues;
  readonly sender: LambdaFunction | undefined;
}

export function createPeerAlarms(scope: Construct, { peer, options, queues, sender }: AlarmedPeer): void {
  const who = `Peer ${peer.nodeId}:`;
  const definitions: Record<string, AlarmDefinition> = {
    Refused: notEmpty(queues.refused, `${who} messages from it were refused.`),
    GivenUp: notEmpty(queues.givenUp, `${who} valid messages from it failed too often.`),
    IncomingDelay: olderThan(
      queues.incoming,
      HALF_AN_HOUR_IN_SECONDS,
      `${who} messages from it have waited for more than half an hour.`,
    ),
    OutgoingDelay: olderThan(
      queues.outgoing,
      TOO_OLD_IN_SECONDS,
      `${who} messages for it have waited for eleven days, and are lost after fourteen.`,
    ),
  };
  if (queues.undelivered !== undefined) {
    definitions.Undelivered = notEmpty(queues.undelivered, `${who} it does not take some messages.`);
  }
  if (sender !== undefined) {
    definitions.SenderErrors = {
      metric: sender.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      description: `${who} invocations of send-to-peer failed.`,
    };
  }
  for (const [id, definition] of Object.entries(definitions)) {
    tellOf(createAlarm(scope, `${id}Alarm`, definition), options.alarmTopicArn);
  }
}

function olderThan(queue: Queue, seconds: number, description: string): AlarmDefinition {
  return {
    metric: queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'Maximum' }),
    threshold: seconds,
    description,
  };
}
