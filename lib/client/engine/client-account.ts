/** An account as users see it. */

import { type AccountData, type AccountState, accountStateOf } from '../records/account-data.ts';
import type { LedgerHead } from '../records/account-ledger.ts';
import type { StoredAccount } from './account-book.ts';

/** What a client knows of an account. `latest` is the latest AccountUpdate, with principal, interest, rate and terms. */
export interface ClientAccount extends AccountData {
  /** Where the account stands, by the latest message about it. */
  readonly state: AccountState;
  /** The end of the ledger; its `principal` is that of the account once all messages have come. */
  readonly ledger: LedgerHead;
}

export function clientAccount({ data, head }: StoredAccount): ClientAccount {
  return { ...data, state: accountStateOf(data), ledger: head };
}
