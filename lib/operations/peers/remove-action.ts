/** `npm run peers -- remove`: which queues and which stack are the peer's. What is checked is in `remove-peer.ts`. */

import {
  CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Peer } from '../../peers/peer.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import { readCount } from '../operator-command.ts';
import { countMessages, type QueueCounts } from '../queue-counts.ts';
import { openReading, readAccounts } from '../read-tables.ts';
import type { StackOutputs } from '../stack-outputs.ts';
import { type StackTools, withStack } from '../stack-tools.ts';
import { isHeldBy } from './drain/due-answers.ts';
import { findPeer, readNetwork, setAside } from './node-editor.ts';
import { outputsOfPeer, type PeerAction, type PeerWork, requireDeactivated } from './peer-action.ts';
import { refuseDestruction, removePeer } from './remove-peer.ts';

const QUIET_SECONDS = '60';
const LOCAL_QUIET_SECONDS = '1';
/** Deleting a stack takes minutes at most: it holds queues, alarms and one function. */
const MAX_WAIT_SECONDS = 1_800;

export const removeAction: PeerAction = async (work) => {
  const peer = findPeer(readNetwork(work.folder), work.subject);
  requireDeactivated(peer);
  const { flags, output, isDryRun } = work;
  return withStack(flags, async (stack) => {
    const outputs = outputsOfPeer(stack.outputs, peer.nodeId);
    const isLocal = stack.outputs.find('LambdaEndpoint') !== undefined;
    const quiet = flags.quiet ?? (isLocal ? LOCAL_QUIET_SECONDS : QUIET_SECONDS);
    const sqs = stack.openQueues();
    return removePeer(
      {
        quietSeconds: readCount('--quiet', quiet, { min: 1, max: 3_600 }),
        mayLeaveAccounts: flags['leave-accounts'],
        isDryRun,
      },
      {
        ...REAL_SURROUNDINGS,
        now: Date.now,
        countMessages: () => countAll(sqs, outputs),
        countAccounts: () => countAccounts(work, peer, stack),
        destroyStack: async () => {
          if (!isLocal) {
            await destroyStack(outputs.stackName ?? '', stack.outputs.region);
          }
        },
        forget: () => forget(work, peer, isLocal),
        print: output.print,
      },
    );
  });
};

async function countAll(sqs: SQSClient, outputs: StackOutputs): Promise<ReadonlyMap<string, QueueCounts>> {
  const urls = outputs.matching(/QueueUrl$/);
  const counts = await Promise.all(urls.map((url) => countMessages(sqs, url)));
  return new Map(urls.map((url, index) => [url.split('/').at(-1) ?? '', counts[index] as QueueCounts]));
}

async function countAccounts({ flags, output }: PeerWork, peer: Peer, stack: StackTools): Promise<number> {
  let count = 0;
  await readAccounts(openReading(stack, flags, output), (page) => {
    count += page.filter((item) => 'value' in item && isHeldBy(peer, item.value)).length;
  });
  return count;
}

/** @throws {OperatorError} when it is not deleted */
async function destroyStack(StackName: string, region: string | undefined): Promise<void> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  try {
    await client.send(
      new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
    );
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete({ client, maxWaitTime: MAX_WAIT_SECONDS }, { StackName });
  } catch (error) {
    refuseDestruction(StackName, error);
  } finally {
    client.destroy();
  }
}

function forget({ folder, output }: PeerWork, peer: Peer, isLocal: boolean): void {
  const { nodeId, reach } = peer;
  if (reach.kind === 'stomp') {
    const place = setAside(folder, nodeId);
    output.print(`Peer ${nodeId} is removed; its files are in ${place} now. Copy the folder to the bucket.`);
  } else {
    output.print(`Peer ${nodeId} is removed; delete its lines in aws-peers.toml before you deploy again.`);
  }
  if (isLocal) {
    output.print('Its queues are gone when the local run is started again.');
  }
}
