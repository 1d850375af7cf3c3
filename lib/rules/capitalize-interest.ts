/** The chore that moves accumulated interest into the principal (SMP 2.1, section 5, capitalization). */

import { clampInt64 } from '../protocol/integers.ts';
import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { type Account, announceAccountLater, changeAccount, isRootAccount } from './account.ts';
import { addInterest, currentInterest, flooredInterest } from './interest.ts';
import { payFromRoot } from './own-payment.ts';
import type { Settings } from './settings.ts';
import type { Transfer } from './transfer.ts';

export interface Capitalization {
  readonly account: Account;
  readonly payment: Transfer<'committed'>;
}

/** Pays floor(interest) into the principal, or out of it; `undefined` when that is not due. */
export function capitalizeInterest(
  account: Account,
  now: Timestamp,
  settings: Settings,
): Capitalization | undefined {
  if (
    isRootAccount(account) ||
    secondsBetween(account.lastCapitalizationTs, now) < settings.minCapitalizationSeconds
  ) {
    return undefined;
  }
  const amount = clampInt64(flooredInterest(currentInterest(account, now)));
  if (amount === 0n || !isConsiderable(amount, account.principal, settings.maxInterestToPrincipalRatio)) {
    return undefined;
  }
  // From here on it succeeds.
  const changed = changeAccount(account, now);
  const interest = addInterest(changed.interest, -amount);
  const paid = payFromRoot({ ...changed, interest, lastCapitalizationTs: now }, 'interest', amount);
  return { account: announceAccountLater(paid.account, now), payment: paid.payment };
}

/** |amount| / (1 + |principal|) > ratio. */
function isConsiderable(amount: bigint, principal: bigint, ratio: number): boolean {
  return Number(magnitude(amount)) / Number(1n + magnitude(principal)) > ratio;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
