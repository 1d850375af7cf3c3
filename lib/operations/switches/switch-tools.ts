/** What `pause`, `resume` and `drain` have in common: their flags, the clients that they need, and how switches are told. */

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import {
  type Command,
  type ExitCode,
  type FlagsOf,
  type OperatorOutput,
  operatorCommand,
} from '../operator-command.ts';
import { STACK_FLAGS, StackTools } from '../stack-tools.ts';
import { openSwitchboard, type StackSwitch, type Switchboard } from './switchboard.ts';
import { inOrder, turnAll } from './turn.ts';

export const SWITCH_FLAGS = {
  ...STACK_FLAGS,
  'dry-run': { type: 'boolean', default: false },
} as const;

export interface SwitchTools {
  readonly stack: StackTools;
  readonly board: Switchboard;
}

/** Runs the work with the stack's switches at hand, and lets go of them afterwards. */
export async function withSwitches(
  flags: FlagsOf<typeof STACK_FLAGS>,
  work: (tools: SwitchTools) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stack = new StackTools(flags);
  const lambda = new LambdaClient(stack.lambdaPlace);
  const eventBridge = new EventBridgeClient(stack.lambdaPlace);
  try {
    const { pause } = REAL_SURROUNDINGS;
    return await work({ stack, board: openSwitchboard(stack.outputs, { lambda, eventBridge, pause }) });
  } finally {
    lambda.destroy();
    eventBridge.destroy();
    stack.close();
  }
}

/** A command whose only flags are those above. */
export function switchCommand(
  help: string,
  work: (tools: SwitchTools, isDryRun: boolean, output: OperatorOutput) => Promise<ExitCode>,
): Command {
  return operatorCommand({
    help,
    flags: SWITCH_FLAGS,
    run: (flags, output) => withSwitches(flags, (tools) => work(tools, flags['dry-run'], output)),
  });
}

/** Turns the switches, or only tells which it would; each is told. */
export async function turnAndTell(
  board: Switchboard,
  order: {
    readonly switches: readonly StackSwitch[];
    readonly isOn: boolean;
    readonly isDryRun: boolean;
  },
  output: OperatorOutput,
): Promise<void> {
  const { switches, isOn, isDryRun } = order;
  const verb = isOn ? 'resumed' : 'paused';
  for (const { label } of inOrder(
    switches.filter((one) => one.isOn === isOn),
    isOn,
  )) {
    output.print(`  ${label}: was ${verb} already`);
  }
  const onTurned = ({ label }: StackSwitch) => output.print(`  ${label}: ${verb}`);
  if (!isDryRun) {
    await turnAll(board, { switches, isOn }, onTurned);
    return;
  }
  for (const { label } of inOrder(
    switches.filter((one) => one.isOn !== isOn),
    isOn,
  )) {
    output.print(`  ${label}: would be ${verb}`);
  }
}

/** To the minute, as people read it. */
export function printMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16)}Z`;
}
