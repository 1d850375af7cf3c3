/** Whom a client speaks for: which accounts and which requests are its own. */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { WrongRoleError } from './errors.ts';

/** Names an account. */
export interface AccountKey {
  /** The debtor, whose currency the account is in; an int64. */
  readonly debtorId: bigint;
  /** The owner, an int64; 0 is the root account. Other IDs below 4294967296 are reserved. */
  readonly creditorId: bigint;
}

/** Whom the client speaks for. Make one with `creditor`, `creditorRange`, `issuer` or `coordinator`. */
export type Role =
  /** The accounts of the creditors from `first` to `last`, in all currencies. */
  | { readonly kind: 'creditor'; readonly first: bigint; readonly last: bigint }
  /** The root account of a currency. */
  | { readonly kind: 'issuer'; readonly debtorId: bigint }
  /** Transfers between accounts of others. */
  | { readonly kind: 'coordinator'; readonly coordinatorType: string; readonly coordinatorId: bigint };

/** One creditor, with accounts in any number of currencies. */
export function creditor(creditorId: bigint): Role {
  return creditorRange(creditorId, creditorId);
}

/**
 * All creditors from the first to the last, both included. Like the network's routing, it compares the IDs as unsigned 64-bit
 * integers.
 * @throws {RangeError} where the last comes before the first
 */
export function creditorRange(first: bigint, last: bigint): Role {
  if (unsigned(first) > unsigned(last)) {
    throw new RangeError(`creditor ${last} comes before ${first}`);
  }
  return { kind: 'creditor', first, last };
}

/** The debtor, who issues the tokens of a currency from its root account. */
export function issuer(debtorId: bigint): Role {
  return { kind: 'issuer', debtorId };
}

/** A coordinator of a type of its own, or of type `agent`. */
export function coordinator(coordinatorType: string, coordinatorId: bigint): Role {
  return { kind: 'coordinator', coordinatorType, coordinatorId };
}

/** One text for one role, in printable ASCII: the name of the role's records in a store. */
export function printRole(role: Role): string {
  switch (role.kind) {
    case 'creditor':
      return role.first === role.last ? `creditor:${role.first}` : `creditors:${role.first}:${role.last}`;
    case 'issuer':
      return `issuer:${role.debtorId}`;
    case 'coordinator':
      return `coordinator:${role.coordinatorType}:${role.coordinatorId}`;
    default:
      return role satisfies never;
  }
}

/** Whether the account is the role's own, to be configured and kept a ledger of. */
export function ownsAccount(role: Role, { debtorId, creditorId }: AccountKey): boolean {
  switch (role.kind) {
    case 'creditor':
      return isInRange(role, creditorId);
    case 'issuer':
      return debtorId === role.debtorId && creditorId === ROOT_CREDITOR_ID;
    case 'coordinator':
      return false;
    default:
      return role satisfies never;
  }
}

/** Whether requests of this coordinator are the role's own: only their locks may be dismissed. */
export function ownsRequest(
  role: Role,
  { coordinatorType, coordinatorId }: { readonly coordinatorType: string; readonly coordinatorId: bigint },
): boolean {
  switch (role.kind) {
    case 'creditor':
      return coordinatorType === 'direct' && isInRange(role, coordinatorId);
    case 'issuer':
      return coordinatorType === 'issuing' && coordinatorId === role.debtorId;
    case 'coordinator':
      return coordinatorType === role.coordinatorType && coordinatorId === role.coordinatorId;
    default:
      return role satisfies never;
  }
}

/**
 * As which coordinator the role asks for transfers from the account.
 * @throws {WrongRoleError} where the account is not the role's own
 */
export function coordinatorFor(
  role: Role,
  sender: AccountKey,
): { readonly coordinatorType: string; readonly coordinatorId: bigint } {
  if (role.kind === 'coordinator') {
    const { coordinatorType, coordinatorId } = role;
    return { coordinatorType, coordinatorId };
  }
  if (!ownsAccount(role, sender)) {
    throw new WrongRoleError(`${printRole(role)} can't pay from ${sender.debtorId}/${sender.creditorId}.`);
  }
  return role.kind === 'issuer'
    ? { coordinatorType: 'issuing', coordinatorId: role.debtorId }
    : { coordinatorType: 'direct', coordinatorId: sender.creditorId };
}

function isInRange({ first, last }: Extract<Role, { kind: 'creditor' }>, id: bigint): boolean {
  return unsigned(id) >= unsigned(first) && unsigned(id) <= unsigned(last) && id !== ROOT_CREDITOR_ID;
}

function unsigned(id: bigint): bigint {
  return BigInt.asUintN(64, id);
}
