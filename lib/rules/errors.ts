/** The error for a stored state that contradicts the rules. Expected outcomes are values, never errors. */

import { type AccountKey, printAccountKey } from './account.ts';

/** A stored state that no sequence of messages can lead to. The message is the invariant that does not hold. */
export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError';
  readonly account: AccountKey;

  constructor(invariant: string, account: AccountKey, options?: ErrorOptions) {
    super(`Account ${printAccountKey(account)} breaks an invariant: ${invariant}.`, options);
    // Only the key: errors are logged, and the rest of an account is its owner's.
    this.account = { debtorId: account.debtorId, creditorId: account.creditorId };
  }
}
