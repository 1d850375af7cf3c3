/** The stack of one peer: its queues, what feeds them and what they feed. Nothing in it depends on any other peer. */

import { CfnEventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Peer } from '../../peers/peer.ts';
import { INCOMING_BATCH, TO_PEER } from '../batch-sizes.ts';
import { feedFromQueue } from '../event-sources.ts';
import { createFunction } from '../functions.ts';
import { LIVE } from '../live-alias.ts';
import type { StackOptions } from '../options.ts';
import { allow, consume, delay, sendTo } from '../permissions.ts';
import { createPeerAlarms } from './peer-alarms.ts';
import { peerImports } from './peer-exports.ts';
import { createPeerQueues, type PeerQueues, subscribePeer } from './peer-queues.ts';
import { stompIdentitySecretName } from './stomp-identity.ts';

export interface PeerStackProps extends StackProps {
  readonly peer: Peer;
  /** Of the accounting stack. */
  readonly options: StackOptions;
  readonly settings: Readonly<Record<string, string>>;
  /** The folder of the bundle of send-to-peer with this peer's address; needed for a peer that is reached by STOMP. */
  readonly senderFolder: string | undefined;
}

/** Fewer than other functions need: it mostly waits. */
const SENDER_MEMORY_MEGABYTES = 512;

/** The ID of a peer's stack in the app, and its name. */
export function peerStackName(stackName: string, nodeId: string): string {
  return `${stackName}-peer-${nodeId}`;
}

export class PeerStack extends Stack {
  constructor(scope: Construct, id: string, props: PeerStackProps) {
    const { peer, options } = props;
    super(scope, id, {
      description: `A peer of a Swaptacular accounting authority: the ${peer.type} ${peer.nodeId}`,
      terminationProtection: !options.isDisposable,
      ...props,
    });
    const imports = peerImports(options.stackName);
    const queues = createPeerQueues(this, peer, options.stackName);
    subscribePeer(this, peer, { outgoing: queues.outgoing, imports });
    const mapping = new CfnEventSourceMapping(this, 'IncomingMapping', {
      functionName:
        options.trafficShift === 'off'
          ? imports.processMessagesName
          : `${imports.processMessagesName}:${LIVE}`,
      eventSourceArn: queues.incoming.queueArn,
      batchSize: INCOMING_BATCH,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: options.peerConcurrency },
    });
    const sender = createSender(this, props, queues);
    createPeerAlarms(this, { peer, options, queues, sender });
    this.#createOutputs(queues, mapping);
  }

  #createOutputs(
    { incoming, outgoing, refused, undelivered, givenUp }: PeerQueues,
    mapping: CfnEventSourceMapping,
  ) {
    const mappings = this.node.findAll().filter((part) => part instanceof CfnEventSourceMapping);
    const others = mappings.filter((each) => each !== mapping);
    const outputs = {
      IncomingQueueUrl: incoming.queueUrl,
      OutgoingQueueUrl: outgoing.queueUrl,
      RefusedQueueUrl: refused.queueUrl,
      GivenUpQueueUrl: givenUp.queueUrl,
      ...(undelivered && { UndeliveredQueueUrl: undelivered.queueUrl }),
      EventSourceMappingIds: Fn.join(
        ',',
        [mapping, ...others].map(({ ref }) => ref),
      ),
    };
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value });
    }
  }
}

/** To a deactivated peer nothing is sent: what waits for it is for the drainer, which must find nothing in flight. */
function createSender(
  stack: Stack,
  { peer, options, settings, senderFolder }: PeerStackProps,
  { outgoing, undelivered }: PeerQueues,
): LambdaFunction | undefined {
  const isSentTo = peer.reach.kind === 'stomp' && peer.state !== 'deactivated';
  if (!isSentTo || undelivered === undefined || senderFolder === undefined) {
    return undefined;
  }
  const secretName = stompIdentitySecretName(options.stackName);
  const secretArn = stack.formatArn({
    service: 'secretsmanager',
    resource: `secret:${secretName}-??????`,
  });
  const sender = createFunction(stack, 'send-to-peer', {
    ...options,
    codeFolder: senderFolder,
    environment: {
      // Each peer has metrics of its own.
      POWERTOOLS_SERVICE_NAME: `send-to-peer-${peer.nodeId}`,
      ...settings,
      SOURCE_QUEUE_URL: outgoing.queueUrl,
      UNDELIVERED_QUEUE_URL: undelivered.queueUrl,
      STOMP_IDENTITY_SECRET: secretName,
    },
    permissions: [
      consume(outgoing),
      delay(outgoing),
      sendTo(undelivered),
      allow([secretArn], ['secretsmanager:GetSecretValue']),
    ],
    reservedConcurrency: undefined,
    memoryMegabytes: SENDER_MEMORY_MEGABYTES,
  });
  feedFromQueue(sender, outgoing, TO_PEER);
  return sender;
}
