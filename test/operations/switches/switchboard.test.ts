import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { StackOutputs } from '../../../lib/operations/stack-outputs.ts';
import { openSwitchboard } from '../../../lib/operations/switches/switchboard.ts';

const LAMBDA = 'arn:aws:lambda:eu-central-1:123456789012:function';
const STREAM = 'arn:aws:dynamodb:eu-central-1:123456789012:table/Transfers/stream/2027-01-15T08:00:00.000';

/** Lambda with one mapping that it knows by `mapping`. */
function lambdaWith(FunctionArn: string) {
  const updates: unknown[] = [];
  let State = 'Enabled';
  const send = async ({
    input,
  }: {
    readonly input: { readonly UUID?: string; readonly Enabled?: boolean };
  }) => {
    if (input.Enabled !== undefined) {
      updates.push(input);
      State = input.Enabled ? 'Enabled' : 'Disabled';
    }
    return { EventSourceArn: STREAM, FunctionArn, State };
  };
  return { client: { send } as unknown as LambdaClient, updates };
}

function boardOf(lambda: LambdaClient) {
  const outputs = new StackOutputs('outputs.json', { EventSourceMappingIds: 'mapping', ScheduleNames: '' });
  const eventBridge = new EventBridgeClient({ region: 'eu-central-1' });
  return openSwitchboard(outputs, { lambda, eventBridge, pause: async () => {} });
}

describe('A mapping', () => {
  it.each([
    ['a function', `${LAMBDA}:Ledger-CreditRecipients`],
    ['an alias of it', `${LAMBDA}:Ledger-CreditRecipients:live`],
  ])('that invokes %s is told by the name under which Lambda counts its invocations', async (_, arn) => {
    const [mapping] = await boardOf(lambdaWith(arn).client).read();
    expect(mapping).toStrictEqual({
      kind: 'stream',
      id: 'mapping',
      label: 'stream of Transfers → Ledger-CreditRecipients',
      isOn: true,
      source: 'Transfers',
      functionName: 'Ledger-CreditRecipients',
    });
  });

  it('is turned without a word about what it invokes, so that it keeps its alias', async () => {
    const lambda = lambdaWith(`${LAMBDA}:Ledger-CreditRecipients:live`);
    const board = boardOf(lambda.client);
    const [mapping] = await board.read();
    await board.turn(mapping as NonNullable<typeof mapping>, false);
    expect(lambda.updates).toStrictEqual([{ UUID: 'mapping', Enabled: false }]);
    expect((await board.read()).map(({ isOn }) => isOn)).toStrictEqual([false]);
  });
});
