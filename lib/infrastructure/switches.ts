/** Tells operators' tools what there is to pause: the names of all mappings and schedules of the stack, as outputs. */

import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Fn, type Stack } from 'aws-cdk-lib/core';

/** To be called when all of them are there. */
export function createSwitchOutputs(stack: Stack): void {
  const parts = stack.node.findAll();
  const mappings = parts.filter((part) => part instanceof CfnEventSourceMapping);
  const rules = parts.filter((part) => part instanceof CfnRule);
  // `Ref` gives a mapping's UUID and the name of a rule of the default bus.
  new CfnOutput(stack, 'EventSourceMappingIds', {
    value: Fn.join(
      ',',
      mappings.map(({ ref }) => ref),
    ),
  });
  new CfnOutput(stack, 'ScheduleNames', {
    value: Fn.join(
      ',',
      rules.map(({ ref }) => ref),
    ),
  });
}
