/** Which coordinator the sender of a PrepareTransfer may claim to be. A false claim makes the message invalid. */

import { agentOf } from './account-ids.ts';
import { OWN_COORDINATOR_TYPES, ROOT_CREDITOR_ID } from './constants.ts';

export interface CoordinatorClaim {
  readonly coordinatorType: string;
  readonly coordinatorId: bigint;
  readonly debtorId: bigint;
  readonly creditorId: bigint;
}

/** The wrong field, and the rest of a sentence that begins with the field's name. */
export interface CoordinatorFault {
  readonly path: [keyof CoordinatorClaim];
  readonly message: string;
}

/** What makes the claim invalid, or `undefined`. Other types may claim any ID. SMP 2.1, PrepareTransfer, invalid. */
export function coordinatorFault(claim: CoordinatorClaim): CoordinatorFault | undefined {
  const { coordinatorType, coordinatorId, debtorId, creditorId } = claim;
  if (OWN_COORDINATOR_TYPES.includes(coordinatorType)) {
    return { path: ['coordinatorType'], message: 'must not be one of the types that only the server uses' };
  }
  if (coordinatorType === 'direct' && coordinatorId !== creditorId) {
    return { path: ['coordinatorId'], message: 'must equal creditor_id for coordinator_type direct' };
  }
  if (coordinatorType === 'issuing' && coordinatorId !== debtorId) {
    return { path: ['coordinatorId'], message: 'must equal debtor_id for coordinator_type issuing' };
  }
  if (coordinatorType === 'issuing' && creditorId !== ROOT_CREDITOR_ID) {
    return { path: ['creditorId'], message: 'must be 0 for coordinator_type issuing' };
  }
  if (coordinatorType === 'agent' && !isWithinOneAgent(coordinatorId, creditorId)) {
    return {
      path: ['coordinatorId'],
      message: 'must belong to the agent of creditor_id for coordinator_type agent',
    };
  }
  return undefined;
}

/** The reserved agent 0 does not count. */
function isWithinOneAgent(coordinatorId: bigint, creditorId: bigint): boolean {
  const agent = agentOf(creditorId);
  return agent !== 0n && agentOf(coordinatorId) === agent;
}
