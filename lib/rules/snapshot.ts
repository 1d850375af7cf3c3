/** What a decision is made from and what it gives back: the shapes shared by all rule files. */

import type { Account, AccountKey, CurrencyTerms } from './account.ts';
import type { TransferRecord } from './transfer.ts';

/** Everything the rules may know when they decide about one account. */
export interface Snapshot {
  readonly key: AccountKey;
  readonly account: Account | undefined;
  /** The items of the transfers table that the messages at hand may touch, by transfer ID. */
  readonly records: ReadonlyMap<bigint, TransferRecord>;
  /** What a new account of the currency starts with. */
  readonly terms: CurrencyTerms;
  /** Whether the account of that creditor ID, in the same currency, can be sent to. */
  readonly isReachable: (creditorId: bigint) => boolean;
}

/** What became of one message. Its reason is a status code, or a few words for metrics and logs. */
export type Outcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Can't be decided, now or later: an operator has to look at it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** One message's effect: only what changed is given. */
export interface Step {
  readonly account?: Account;
  readonly record?: TransferRecord;
  readonly outcome: Outcome;
}

export const APPLIED: Outcome = { kind: 'applied' };

export function ignored(reason: string): Step {
  return { outcome: { kind: 'ignored', reason } };
}
