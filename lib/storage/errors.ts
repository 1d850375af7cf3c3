/** What storage reports besides results. Errors of the AWS SDK are translated into these here and nowhere else. */

import type { AccountKey } from '../rules/account.ts';
import { printAccountKey } from '../rules/account.ts';

/** Another writer was first: what was decided no longer fits the state. Load and decide again. */
export class CommitConflictError extends Error {
  override readonly name = 'CommitConflictError';
  readonly account: AccountKey;

  constructor(account: AccountKey, options?: ErrorOptions) {
    super(`Account ${printAccountKey(account)} was changed by another writer.`, options);
    this.account = { debtorId: account.debtorId, creditorId: account.creditorId };
  }
}

/** The table could not answer now, or the outcome of a call is unknown: a throttle, a timeout, a server error. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** An item that this code did not write, or no longer understands. */
export class CorruptItemError extends Error {
  override readonly name = 'CorruptItemError';
}
