/** What the rules decide from, and what they return for one message. */

import type { Account, AccountKey, CurrencyTerms } from './account.ts';
import type { TransferRecord } from './transfer.ts';

/** All that the rules know of the ledger when they decide about messages for one account. */
export interface Snapshot {
  readonly key: AccountKey;
  readonly account: Account | undefined;
  /** Those items of the transfers table that the messages may change, by transfer ID. */
  readonly records: ReadonlyMap<bigint, TransferRecord>;
  /** The terms that a new account of the currency starts with. */
  readonly terms: CurrencyTerms;
  /** Whether the account of that creditor ID, in the same currency, can be sent to. */
  readonly isReachable: (creditorId: bigint) => boolean;
}

/** What became of one message. The reason is a status code, or a few words for metrics and logs. */
export type Outcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'ignored'; readonly reason: string }
  /** The message can't be decided, now or later; an operator has to look at it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The effect of one message. What it did not change is absent. */
export interface Step {
  readonly account?: Account;
  readonly record?: TransferRecord;
  readonly outcome: Outcome;
}

export const APPLIED: Outcome = { kind: 'applied' };

export function ignored(reason: string): Step {
  return { outcome: { kind: 'ignored', reason } };
}
