/**
 * Everything that makes the stack take in work: its event source mappings, those of its peers, and its schedules, and turning
 * each off and on. Which there are, the stacks' outputs tell.
 */

import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { mapConcurrently } from '../../shell/concurrency.ts';
import { OperatorError } from '../operator-command.ts';
import type { StackOutputs } from '../stack-outputs.ts';

export type SwitchKind = 'queue' | 'stream' | 'schedule';

export interface StackSwitch {
  readonly kind: SwitchKind;
  /** What AWS knows it by. */
  readonly id: string;
  /** For people. */
  readonly label: string;
  readonly isOn: boolean;
  /** The queue or table of a mapping, by its name. */
  readonly source?: string;
  /** The function of a mapping, by its name. */
  readonly functionName?: string;
  /** When the mapping was last changed, which for one that is off is when it was turned off, or later. */
  readonly changedAt?: Date;
}

export interface Switchboard {
  readonly read: () => Promise<readonly StackSwitch[]>;
  /** Resolves when it takes effect, which on AWS is seconds later. */
  readonly turn: (one: StackSwitch, isOn: boolean) => Promise<void>;
}

export interface SwitchClients {
  readonly lambda: LambdaClient;
  readonly eventBridge: EventBridgeClient;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Lambda takes few calls of this kind a second. */
const CALLS_AT_ONCE = 4;

/** @throws {OperatorError} when the outputs are those of a stack without switches */
export function openSwitchboard(outputs: StackOutputs, clients: SwitchClients): Switchboard {
  const stacks = [outputs, ...outputs.peers.values()];
  const mappingIds = stacks.flatMap((stack) => listOf(stack.get('EventSourceMappingIds')));
  const rules = listOf(outputs.get('ScheduleNames'));
  return {
    read: async () => [
      ...(await mapConcurrently(rules, CALLS_AT_ONCE, (rule) => readSchedule(clients, rule))),
      ...(await mapConcurrently(mappingIds, CALLS_AT_ONCE, async (id) =>
        asSwitch(id, await settledMapping(clients, id)),
      )),
    ],
    turn: async ({ kind, id }, isOn) => {
      if (kind === 'schedule') {
        const Name = id;
        await clients.eventBridge.send(
          isOn ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }),
        );
        return;
      }
      await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: isOn }));
      const { State } = await settledMapping(clients, id);
      if (State !== (isOn ? 'Enabled' : 'Disabled')) {
        throw new OperatorError(
          `The mapping ${id} is ${State}: somebody else has turned it meanwhile. Run the same again.`,
        );
      }
    },
  };
}

async function readSchedule({ eventBridge }: SwitchClients, Name: string): Promise<StackSwitch> {
  const { State } = await eventBridge.send(new DescribeRuleCommand({ Name }));
  return { kind: 'schedule', id: Name, label: `schedule ${Name}`, isOn: State === 'ENABLED' };
}

const FINAL_STATES = ['Enabled', 'Disabled'];
const LOOK_AGAIN_MS = 1_000;
/** Lambda says seconds; some minutes were seen after a stack was deployed. */
const MAX_LOOKS = 300;

/** A mapping that is being changed can't be changed; the last look counts. */
async function settledMapping(
  { lambda, pause }: SwitchClients,
  UUID: string,
): Promise<EventSourceMappingConfiguration> {
  for (let look = 1; ; look++) {
    const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    if (FINAL_STATES.includes(mapping.State ?? '')) {
      return mapping;
    }
    if (look === MAX_LOOKS) {
      throw new OperatorError(
        `The mapping ${UUID} has been ${mapping.State} for minutes (${mapping.StateTransitionReason}); run the same again.`,
      );
    }
    await pause(LOOK_AGAIN_MS);
  }
}

function asSwitch(
  id: string,
  { EventSourceArn = '', FunctionArn = '', State, LastModified }: EventSourceMappingConfiguration,
): StackSwitch {
  const isStream = EventSourceArn.includes(':dynamodb:');
  // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL, or arn:aws:sqs:REGION:ACCOUNT:NAME
  const source = (isStream ? EventSourceArn.split('/')[1] : EventSourceArn.split(':').at(-1)) ?? '';
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME
  const functionName = FunctionArn.split(':')[6] ?? '';
  return {
    kind: isStream ? 'stream' : 'queue',
    id,
    label: `${isStream ? 'stream of' : 'queue'} ${source} → ${functionName}`,
    isOn: State === 'Enabled',
    source,
    functionName,
    ...(LastModified !== undefined && { changedAt: LastModified }),
  };
}

function listOf(text: string): string[] {
  return text.split(',').filter((item) => item !== '');
}
