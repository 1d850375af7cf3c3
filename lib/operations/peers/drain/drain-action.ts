/** `npm run peers -- drain`: its flags, the queues and tables it works on, and what it tells. The work is in `drain-peer.ts`. */

import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Peer } from '../../../peers/peer.ts';
import { printMessage } from '../../../protocol/codec.ts';
import { hasStatus, type Transfer } from '../../../rules/transfer.ts';
import { sendBatches, toQueue } from '../../../shell/batch-calls.ts';
import { REAL_SURROUNDINGS } from '../../../shell/surroundings.ts';
import type { TableReader } from '../../../storage/table-reader.ts';
import { type ExitCode, OperatorError, type OperatorOutput, readCount } from '../../operator-command.ts';
import { countMessages } from '../../queue-counts.ts';
import { openReading, type ReadingTools, readAccounts } from '../../read-tables.ts';
import type { StackOutputs } from '../../stack-outputs.ts';
import { type StackTools, withStack } from '../../stack-tools.ts';
import { findPeer, readNetwork } from '../node-editor.ts';
import { outputsOfPeer, type PeerAction, type PeerWork, requireDeactivated } from '../peer-action.ts';
import { type DrainPlan, type DrainResult, type DrainTools, drainPeer } from './drain-peer.ts';
import { type Answer, type HeldAccount, isHeldBy } from './due-answers.ts';

/** SQS counts right when nothing has moved for a minute; a local run always does. */
const QUIET_SECONDS = 60;
const LOCAL_QUIET_SECONDS = 2;
/** Of a peer's queue. A killed run gives what it had taken back after this time, in seconds. */
const HOLD_SECONDS = 60;
const WAIT_SECONDS = 1;

export const drainAction: PeerAction = async (work) => {
  const peer = findPeer(readNetwork(work.folder), work.subject);
  requireDeactivated(peer);
  return withStack(work.flags, async (stack) => {
    const outputs = outputsOfPeer(stack.outputs, peer.nodeId);
    refuseSender(peer, outputs);
    const plan = planOf(work, { peer, stack });
    const result = await drainPeer(plan, toolsOf(work, { peer, stack, outputs }));
    tell(result, work, peer);
    return exitCodeOf(result, work.isDryRun);
  });
};

/** The outputs list the mapping of the incoming queue first, and then the one that feeds send-to-peer. */
function refuseSender({ nodeId }: Peer, outputs: StackOutputs): void {
  if (outputs.get('EventSourceMappingIds').includes(',')) {
    throw new OperatorError(
      `Messages are still sent to peer ${nodeId}; deploy (or start the local run again) so that the stack knows that it is deactivated.`,
    );
  }
}

interface Parts {
  readonly peer: Peer;
  readonly stack: StackTools;
}

function planOf({ flags, isDryRun }: PeerWork, { peer, stack }: Parts): DrainPlan {
  const isLocal = stack.outputs.find('LambdaEndpoint') !== undefined;
  const quiet = flags.quiet ?? `${isLocal ? LOCAL_QUIET_SECONDS : QUIET_SECONDS}`;
  return {
    peer,
    settings: stack.settings,
    answersPerSecond: readCount('--rate', flags.rate, { min: 1, max: 10_000 }),
    quietSeconds: readCount('--quiet', quiet, { min: 1, max: 3_600 }),
    patienceSeconds: readCount('--patience', flags.patience, { min: 1, max: 86_400 }),
    isDryRun,
  };
}

function toolsOf(
  { flags, output }: PeerWork,
  { peer, stack, outputs }: Parts & { readonly outputs: StackOutputs },
): DrainTools {
  const sqs = stack.openQueues();
  const reading = openReading(stack, flags, output);
  const [incoming, outgoing] = [outputs.get('IncomingQueueUrl'), outputs.get('OutgoingQueueUrl')];
  return {
    ...REAL_SURROUNDINGS,
    readAccounts: (take) => readHeldAccounts(reading, peer, take),
    send: (answers) => sendAnswers(sqs, incoming, answers),
    countIncoming: () => countMessages(sqs, incoming),
    countOutgoing: () => countMessages(sqs, outgoing),
    discard: () => discardMessages(sqs, outgoing),
    onProgress: linesTo(output),
  };
}

async function readHeldAccounts(
  reading: ReadingTools,
  peer: Peer,
  take: (held: HeldAccount) => Promise<void>,
): Promise<number> {
  let unreadable = 0;
  await readAccounts(reading, async (page) => {
    for (const item of page) {
      if ('corrupt' in item) {
        unreadable += 1;
      } else if (isHeldBy(peer, item.value)) {
        const account = item.value;
        const prepared =
          account.pendingTransfersCount === 0 ? [] : await readPrepared(reading.reader, account);
        await take({ account, prepared });
      }
    }
  });
  return unreadable;
}

async function readPrepared(
  reader: TableReader,
  account: HeldAccount['account'],
): Promise<Transfer<'prepared'>[]> {
  const prepared: Transfer<'prepared'>[] = [];
  for await (const page of reader.queryPrepared(account)) {
    for (const item of page) {
      if ('value' in item && hasStatus(item.value, 'prepared')) {
        prepared.push(item.value);
      }
    }
  }
  return prepared;
}

/** @throws {OperatorError} when the queue does not take them all; the next run sends what is due then */
async function sendAnswers(sqs: SQSClient, queueUrl: string, answers: readonly Answer[]): Promise<void> {
  const [unsent] = await sendBatches(answers, {
    entryOf: (answer) => ({ MessageBody: printMessage(answer) }),
    send: toQueue(sqs, queueUrl),
  });
  if (unsent !== undefined) {
    throw new OperatorError(
      `The peer's incoming queue did not take a message (${unsent.reason}); run the same again to go on.`,
    );
  }
}

async function discardMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: HOLD_SECONDS,
    }),
  );
  if (Messages.length === 0) {
    return 0;
  }
  const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return Messages.length - Failed.length;
}

/** Each sentence once, as long as it is the same. */
function linesTo({ tell: write }: OperatorOutput): (sentence: string) => void {
  let last = '';
  return (sentence) => {
    if (sentence !== last) {
      last = sentence;
      write(`${sentence}\n`);
    }
  };
}

function tell(result: DrainResult, { isDryRun, output }: PeerWork, { nodeId }: Peer): void {
  const { dismissals, closures, discarded, forbidden, ineffective, unreadable, remaining } = result;
  output.print(
    isDryRun
      ? `Would dismiss ${dismissals} prepared transfers, schedule ${closures} accounts for deletion, and throw away ${discarded} messages for the peer.`
      : `Dismissed ${dismissals} prepared transfers, scheduled ${closures} accounts for deletion, and threw away ${discarded} messages for the peer.`,
  );
  output.print(`Accounts of the peer that are there: ${remaining.total}.`);
  for (const line of remaining.lines()) {
    output.print(`  ${line}`);
  }
  const troubles = [
    [forbidden, 'answers would be outside the peer’s range, so nobody may send them in its name'],
    [ineffective, 'answers had no effect; look into the peer’s refused queue'],
    [unreadable, 'items can not be read; npm run audit tells which'],
  ] as const;
  for (const [count, words] of troubles.filter(([number]) => number > 0)) {
    output.print(`${count} ${words}.`);
  }
  output.print(conclusion(result, isDryRun, nodeId));
}

function conclusion({ isDrained, remaining }: DrainResult, isDryRun: boolean, nodeId: string): string {
  if (isDryRun) {
    return 'Nothing was changed; omit --dry-run to drain.';
  }
  if (!isDrained) {
    return 'Not drained; run the same again to go on.';
  }
  return remaining.total === 0
    ? `Drained. Nothing of the peer is left: npm run peers -- remove ${nodeId}.`
    : 'Drained, as far as it can be today. Run the same again when these accounts may be gone.';
}

function exitCodeOf({ isDrained }: DrainResult, isDryRun: boolean): ExitCode {
  return isDryRun || isDrained ? 0 : 1;
}
