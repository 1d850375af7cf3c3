/**
 * Whether an account has the concurrency that is to be reserved. AWS refuses to leave an account less than 100 unreserved, but
 * only in the middle of a deployment, which is then rolled back.
 */

import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Template } from './template-losses.ts';

/** What Lambda says of an account in a region. */
export interface Concurrency {
  /** Of all functions together. */
  readonly limit: number;
  /** What is not reserved for single functions. If the stack is already deployed with a reserve, that is taken off. */
  readonly unreserved: number;
}

/** `doubtful` where it is enough only if the stack has its reserve already. The sentence is for an operator. */
export type ReserveVerdict =
  | { readonly kind: 'enough' }
  | { readonly kind: 'doubtful' | 'too little'; readonly sentence: string };

/** AWS's own. */
const MIN_UNRESERVED = 100;
/** Those that publish and that credit. */
const FUNCTIONS_WITH_RESERVE = 2;

/** What a function of the template has reserved; all that have a reserve have the same. `undefined` when none has. */
export function reserveIn(template: Template): number | undefined {
  const reserves = Object.values(template.Resources ?? {}).map(
    ({ Properties }) => Properties?.ReservedConcurrentExecutions,
  );
  return reserves.find((reserve) => typeof reserve === 'number');
}

/** @param reservedConcurrency the option, for each of the two functions */
export function judgeReserve(
  reservedConcurrency: number,
  { limit, unreserved }: Concurrency,
): ReserveVerdict {
  const wanted = FUNCTIONS_WITH_RESERVE * reservedConcurrency;
  const wish = `reservedConcurrency (APP_RESERVED_CONCURRENCY) is ${reservedConcurrency}, for each of two functions`;
  if (limit - wanted < MIN_UNRESERVED) {
    const most = Math.floor((limit - MIN_UNRESERVED) / FUNCTIONS_WITH_RESERVE);
    const advice = most < 1 ? 'so it can reserve none' : `so it can be ${most} at the most`;
    const sentence = `${wish}; the account has ${limit} in this region and must keep ${MIN_UNRESERVED} unreserved, ${advice}. Ask AWS for a higher quota.`;
    return { kind: 'too little', sentence };
  }
  if (unreserved - wanted < MIN_UNRESERVED) {
    const sentence = `${wish}; the account has ${unreserved} unreserved and must keep ${MIN_UNRESERVED}. Unless this stack has a reserve already, the deployment will fail.`;
    return { kind: 'doubtful', sentence };
  }
  return { kind: 'enough' };
}

/** @throws any error of the call */
export async function readConcurrency(client: LambdaClient): Promise<Concurrency> {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
  return {
    limit: AccountLimit?.ConcurrentExecutions ?? 0,
    unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
  };
}
