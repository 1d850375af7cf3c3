/** The stack policy: CloudFormation itself refuses to replace or delete tables and queues, whoever updates the stack. */

import { KEPT_TYPES } from './template-losses.ts';

/**
 * @param released the logical IDs of resources that may go with the next update
 * @returns the body of a stack policy
 */
export function stackPolicy(released: readonly string[]): string {
  return JSON.stringify({
    Statement: [
      { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: ['Update:Replace', 'Update:Delete'],
        Principal: '*',
        ...(released.length === 0
          ? { Resource: '*' }
          : { NotResource: released.map((id) => `LogicalResourceId/${id}`) }),
        Condition: { StringEquals: { ResourceType: KEPT_TYPES } },
      },
    ],
  });
}
