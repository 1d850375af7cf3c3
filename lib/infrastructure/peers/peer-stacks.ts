/** The stacks of all peers of a network, and the limits within which there may be so many. */

import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import type { Network, Peer } from '../../peers/peer.ts';
import { MAX_QUEUE_NAME_LENGTH, peerQueueNames } from '../../peers/queue-names.ts';
import type { AccountingStack } from '../accounting-stack.ts';
import { CHORES, TO_PEER } from '../batch-sizes.ts';
import { InvalidOptionError, type StackOptions } from '../options.ts';
import { PeerStack, peerStackName } from './peer-stack.ts';
import { createSenderFolder } from './sender-folders.ts';

/** SNS takes 200 filtered subscriptions of a topic; some are left for the operator's own. */
export const MAX_PEERS = 180;

export interface PeerStacksProps {
  readonly options: StackOptions;
  readonly settings: Readonly<Record<string, string>>;
  /** The folder of the bundle of send-to-peer. */
  readonly senderBundle: string;
}

/**
 * Declares a stack for each peer.
 * @throws {InvalidOptionError} when there are too many for one authority stack, or names become too long
 */
export function createPeerStacks(
  app: App,
  main: AccountingStack,
  { network, options, settings, senderBundle }: PeerStacksProps & { readonly network: Network },
): void {
  checkLimits(network.peers, options);
  for (const peer of network.peers) {
    const senderFolder = createSenderFolder(peer, {
      bundle: senderBundle,
      outputFolder: join(app.outdir, 'senders'),
    });
    const name = peerStackName(options.stackName, peer.nodeId);
    new PeerStack(app, name, { peer, options, settings, senderFolder }).addDependency(main);
  }
}

function checkLimits(peers: readonly Peer[], options: StackOptions): void {
  if (peers.length > MAX_PEERS) {
    throw new InvalidOptionError(
      `There are ${peers.length} peers; one authority stack can have ${MAX_PEERS}, since SNS filters a topic for 200 subscribers.`,
    );
  }
  const needed = concurrencyOf(peers, options);
  if (needed > options.concurrencyQuota) {
    throw new InvalidOptionError(
      `All mappings together may run ${needed} invocations at once; concurrencyQuota (APP_CONCURRENCY_QUOTA) is ${options.concurrencyQuota}.`,
    );
  }
  for (const peer of peers) {
    const tooLong = Object.values(peerQueueNames(options.stackName, peer)).find(
      ({ length }) => length > MAX_QUEUE_NAME_LENGTH,
    );
    if (tooLong !== undefined) {
      throw new InvalidOptionError(
        `stackName (APP_STACK_NAME) is too long: the name of the queue ${tooLong} has more than ${MAX_QUEUE_NAME_LENGTH} characters.`,
      );
    }
  }
}

/** How many invocations may run at once for all queues together. */
function concurrencyOf(peers: readonly Peer[], options: StackOptions): number {
  const senders = peers.filter(({ reach }) => reach.kind === 'stomp').length;
  return (
    options.incomingConcurrency +
    CHORES.maxConcurrency +
    peers.length * options.peerConcurrency +
    senders * TO_PEER.maxConcurrency
  );
}
