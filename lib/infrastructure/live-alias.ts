/**
 * The alias `live` of a function: what mappings and schedules invoke instead of the function itself, so that the invocations of
 * an upgrade can be divided between its old and its new version. How they are divided is in traffic-shift.ts.
 */

import {
  Alias,
  type IFunction,
  type IVersion,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';

export const LIVE = 'live';

const ALIAS_ID = 'Live';

/** Publishes the function as it is now as a version, unless that is published already, and points the alias to it. */
export function createLiveAlias(target: LambdaFunction): Alias {
  // Old versions are deleted after an upgrade. If they were kept, so would be the version of an upgrade that was rolled back,
  // and Lambda refuses to publish the same code once more when that upgrade is tried again.
  return new Alias(target, ALIAS_ID, { aliasName: LIVE, version: target.currentVersion as IVersion });
}

/** `undefined` where the function is invoked as it is. */
export function liveAliasOf(target: LambdaFunction): Alias | undefined {
  return target.node.tryFindChild(ALIAS_ID) as Alias | undefined;
}

/** What to invoke: the function's alias where it has one. */
export function invokedAs(target: LambdaFunction): IFunction {
  return (liveAliasOf(target) as IFunction | undefined) ?? target;
}
