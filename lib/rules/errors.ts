/** What is thrown when the state contradicts the rules. Expected outcomes are values, never errors. */

import { type AccountKey, printAccountKey } from './account.ts';

/** A stored state that no sequence of messages can lead to. The message is the invariant that does not hold. */
export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError';
  readonly account: AccountKey;

  constructor(invariant: string, account: AccountKey, options?: ErrorOptions) {
    super(`Account ${printAccountKey(account)} breaks an invariant: ${invariant}.`, options);
    // No more than its name: errors are logged, and an account holds what its owner configured.
    this.account = { debtorId: account.debtorId, creditorId: account.creditorId };
  }
}
