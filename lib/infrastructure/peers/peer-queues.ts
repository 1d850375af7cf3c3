/** The queues of one peer, and who may do what with them. This stack is the only owner of their policies. */

import { ArnPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { routingKeyPrefix } from '../../peers/id-range.ts';
import type { Peer } from '../../peers/peer.ts';
import { peerQueueNames } from '../../peers/queue-names.ts';
import { TO_PEER } from '../batch-sizes.ts';
import { FUNCTION_TIMEOUTS } from '../functions.ts';
import {
  createQueue,
  MAX_INCOMING_BYTES,
  MAX_RECEIVE_COUNT_OF_INCOMING,
  visibilityTimeout,
} from '../messaging.ts';
import type { PeerImports } from './peer-exports.ts';

export interface PeerQueues {
  readonly incoming: Queue;
  readonly givenUp: Queue;
  readonly refused: Queue;
  readonly outgoing: Queue;
  /** Only for a peer that messages are sent to. */
  readonly undelivered: Queue | undefined;
}

const SENDING = ['sqs:SendMessage', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'];
const RECEIVING = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueUrl',
  'sqs:GetQueueAttributes',
];

export function createPeerQueues(scope: Construct, peer: Peer, stackName: string): PeerQueues {
  const names = peerQueueNames(stackName, peer);
  const givenUp = createQueue(scope, 'GivenUp', { queueName: names.givenUp });
  const queues = {
    givenUp,
    incoming: createQueue(scope, 'Incoming', {
      queueName: names.incoming,
      maxMessageSizeBytes: MAX_INCOMING_BYTES,
      visibilityTimeout: visibilityTimeout(FUNCTION_TIMEOUTS['process-messages'], 0),
      deadLetterQueue: { queue: givenUp, maxReceiveCount: MAX_RECEIVE_COUNT_OF_INCOMING },
    }),
    refused: createQueue(scope, 'Refused', { queueName: names.refused }),
    // However often a message is received while the peer is away, nothing but SQS's retention takes it.
    outgoing: createQueue(scope, 'Outgoing', {
      queueName: names.outgoing,
      visibilityTimeout:
        peer.reach.kind === 'stomp'
          ? visibilityTimeout(FUNCTION_TIMEOUTS['send-to-peer'], TO_PEER.windowSeconds)
          : Duration.minutes(1),
    }),
    undelivered:
      peer.reach.kind === 'stomp'
        ? createQueue(scope, 'Undelivered', { queueName: names.undelivered })
        : undefined,
  };
  if (peer.reach.kind === 'aws') {
    grantToPeer(peer, peer.reach.principals, queues);
  }
  return queues;
}

/** A peer that is not active yet gets nothing; one that is deactivated may still take what is there. */
function grantToPeer({ state }: Peer, principals: readonly string[], queues: PeerQueues): void {
  const grant = (queue: Queue, actions: string[]): void => {
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: principals.map((arn) => new ArnPrincipal(arn)),
        resources: [queue.queueArn],
        actions,
      }),
    );
  };
  if (state === 'active') {
    grant(queues.incoming, SENDING);
  }
  if (state !== 'pending') {
    grant(queues.outgoing, RECEIVING);
    grant(queues.refused, RECEIVING);
  }
}

/** Lets exactly those messages into the peer's outgoing queue that are about its IDs. */
export function subscribePeer(
  scope: Construct,
  { type, range }: Peer,
  parts: {
    readonly outgoing: Queue;
    readonly imports: PeerImports;
  },
): void {
  const { outgoing, imports } = parts;
  const ofRange = { routing_key: [{ prefix: routingKeyPrefix(range) }] };
  const [topicArn, coordinatorTypes] =
    type === 'creditors-agent'
      ? [imports.toCreditorsArn, ['direct', 'agent']]
      : [imports.toDebtorsArn, ['issuing']];
  const subscribe = (id: string, topic: string, filterPolicy: object): void => {
    new CfnSubscription(scope, id, {
      topicArn: topic,
      protocol: 'sqs',
      endpoint: outgoing.queueArn,
      rawMessageDelivery: true,
      filterPolicy,
    });
  };
  subscribe('Accounts', topicArn, ofRange);
  // IDs of creditors and of debtors may begin alike, hence the type.
  subscribe('Coordinators', imports.toCoordinatorsArn, { ...ofRange, coordinator_type: coordinatorTypes });
  outgoing.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('sns.amazonaws.com')],
      resources: [outgoing.queueArn],
      actions: ['sqs:SendMessage'],
      conditions: { ArnEquals: { 'aws:SourceArn': [topicArn, imports.toCoordinatorsArn] } },
    }),
  );
}
