/** `npm run drain`: nothing new is taken in, and what was taken in is finished. The waiting itself is in `drain.ts`. */

import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import {
  type ExitCode,
  type FlagsOf,
  type OperatorOutput,
  operatorCommand,
  readCount,
} from '../operator-command.ts';
import { countMessages } from '../queue-counts.ts';
import type { StackOutputs } from '../stack-outputs.ts';
import { STACK_HELP, type StackTools } from '../stack-tools.ts';
import {
  type DoorQueues,
  type DrainPlan,
  type DrainState,
  switchesToDrain,
  waitUntilDrained,
} from './drain.ts';
import { streamActivity } from './stream-activity.ts';
import { SWITCH_FLAGS, type SwitchTools, turnAndTell, withSwitches } from './switch-tools.ts';
import type { StackSwitch } from './switchboard.ts';

const HELP = `Brings the stack to rest: takes in no new messages, starts nothing on schedule, and waits until what was taken in is
finished: the queues of chores and sweeps are empty, and the functions that streams feed have nothing left to do.

  npm run drain -- [--dry-run]

New messages wait in the incoming queues, the stack's own and those of its peers, for 14 days. What waits for peers is still
sent to them, and not waited for. npm run resume lets everything go on.

  --dry-run                only tell what would be paused
  --quiet SECONDS          how long the streams' functions must have had nothing to do (default 300, since Lambda's
                           metrics are late; 5 on a local run)
  --patience SECONDS       how long to wait (default 3600; a chore may be delayed by 900)
${STACK_HELP}
  --help                   show this

Running it again waits again. Interrupted, it leaves paused what it has paused.
Exit code: 0 when the stack is at rest, 1 when patience was at an end, 2 when it could not be done.
`;

const FLAGS = {
  ...SWITCH_FLAGS,
  quiet: { type: 'string' },
  patience: { type: 'string', default: '3600' },
} as const;

type Flags = FlagsOf<typeof FLAGS>;

const QUIET_SECONDS = 300;
const LOCAL_QUIET_SECONDS = 5;
const MAX_QUIET_SECONDS = 3_600;
const MAX_PATIENCE_SECONDS = 86_400;

const INNER_QUEUES = [
  'ChoresQueueUrl',
  'AccountsSweepQueueUrl',
  'TransfersSweepQueueUrl',
  'PublishAgainTasksQueueUrl',
];

export const runDrainCommand = operatorCommand({
  help: HELP,
  flags: FLAGS,
  run: (flags, output) => withSwitches(flags, (tools) => drain(tools, flags, output)),
});

async function drain({ stack, board }: SwitchTools, flags: Flags, output: OperatorOutput): Promise<ExitCode> {
  const plan = planOf(stack, flags);
  const all = await board.read();
  const switches = switchesToDrain(all, doorQueues(stack));
  const isDryRun = flags['dry-run'];
  await turnAndTell(board, { switches, isOn: false, isDryRun }, output);
  if (isDryRun) {
    output.print('Nothing was changed; omit --dry-run to drain.');
    return 0;
  }
  const state = await wait(stack, { plan, switches: all }, output);
  output.print(
    state.isDrained
      ? `At rest. Messages that wait in ${plan.incomingQueueUrls.length === 1 ? 'the incoming queue' : 'the incoming queues'}: ${state.incomingWaiting}. npm run resume lets everything go on.`
      : `Not at rest after ${plan.patienceSeconds} seconds: ${printState(state)}. Look at the functions' errors; run the same again to go on waiting, or npm run resume.`,
  );
  return state.isDrained ? 0 : 1;
}

/** @throws {OperatorError} for a flag or an output that is not as it must be */
function planOf({ outputs }: StackTools, { quiet, patience }: Flags): DrainPlan {
  const isLocal = outputs.find('LambdaEndpoint') !== undefined;
  const defaultQuiet = isLocal ? LOCAL_QUIET_SECONDS : QUIET_SECONDS;
  return {
    incomingQueueUrls: [outputs, ...outputs.peers.values()].map((each) => each.get('IncomingQueueUrl')),
    innerQueueUrls: INNER_QUEUES.map((name) => outputs.get(name)),
    quietSeconds: readCount('--quiet', quiet ?? `${defaultQuiet}`, { min: 1, max: MAX_QUIET_SECONDS }),
    patienceSeconds: readCount('--patience', patience, { min: 1, max: MAX_PATIENCE_SECONDS }),
  };
}

function doorQueues({ outputs }: StackTools): DoorQueues {
  const nameIn = (each: StackOutputs, output: string): string => each.get(output).split('/').at(-1) ?? '';
  const peers = [...outputs.peers.values()];
  return {
    incoming: [nameIn(outputs, 'IncomingQueueUrl'), ...peers.map((peer) => nameIn(peer, 'IncomingQueueUrl'))],
    outgoing: peers.map((peer) => nameIn(peer, 'OutgoingQueueUrl')),
  };
}

async function wait(
  stack: StackTools,
  { plan, switches }: { readonly plan: DrainPlan; readonly switches: readonly StackSwitch[] },
  output: OperatorOutput,
): Promise<DrainState> {
  const sqs = stack.openQueues();
  const cloudWatch = new CloudWatchClient(stack.lambdaPlace);
  const functionNames = switches
    .filter(({ kind }) => kind === 'stream')
    .map(({ functionName }) => functionName ?? '');
  let told = '';
  try {
    return await waitUntilDrained(plan, {
      ...REAL_SURROUNDINGS,
      now: Date.now,
      countMessages: (url) => countMessages(sqs, url),
      streamActivity: () =>
        streamActivity(cloudWatch, functionNames, { now: new Date(), seconds: plan.quietSeconds }),
      onLook: (state) => {
        const line = printState(state);
        if (line !== told) {
          output.tell(`${line}\n`);
          told = line;
        }
      },
    });
  } finally {
    cloudWatch.destroy();
  }
}

function printState({ incomingTaken, innerMessages, streams }: DrainState): string {
  const { invocationCount, errorCount, throttleCount } = streams;
  const trouble =
    errorCount + throttleCount === 0 ? '' : ` (errors: ${errorCount}, throttles: ${throttleCount})`;
  return `under way: ${incomingTaken} incoming messages, ${innerMessages} chores and sweep tasks; recent stream batches: ${invocationCount}${trouble}`;
}
