/** The errors that storage throws. Only storage translates errors of the AWS SDK. */

import type { AccountKey } from '../rules/account.ts';
import { printAccountKey } from '../rules/account.ts';

/** Another writer was first, so the decision no longer fits the state. Load and decide again. */
export class CommitConflictError extends Error {
  override readonly name = 'CommitConflictError';
  /** The accounts of the commit that are known to have lost a race; none of the others is known to have. */
  readonly accounts: readonly AccountKey[];

  constructor(account: AccountKey, options: ErrorOptions & { readonly others?: readonly AccountKey[] } = {}) {
    super(`Account ${printAccountKey(account)} was changed by another writer.`, options);
    this.accounts = [account, ...(options.others ?? [])].map(({ debtorId, creditorId }) => ({
      debtorId,
      creditorId,
    }));
  }
}

/** A throttle, a timeout or a server error: the table did not answer, or the outcome of a call is unknown. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** An item that this code did not write, or can't read. */
export class CorruptItemError extends Error {
  override readonly name = 'CorruptItemError';
}
