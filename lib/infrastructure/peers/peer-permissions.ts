/** What process-messages may do with the queues of peers: by the beginning of their names, whoever the peers are. */

import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { peerQueuePrefix } from '../../peers/queue-names.ts';
import { allow, CONSUMING, DELAYING } from '../permissions.ts';

export function onPeerQueues(scope: Construct, stackName: string): PolicyStatement[] {
  const queues = (ending: string): string[] => [
    Stack.of(scope).formatArn({ service: 'sqs', resource: `${peerQueuePrefix(stackName)}*-${ending}` }),
  ];
  return [allow(queues('in'), [...CONSUMING, DELAYING]), allow(queues('refused'), ['sqs:SendMessage'])];
}
