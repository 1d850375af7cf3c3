/** How much of an account may be locked or spent (SMP 2.1, sections 1 and 3). */

import { lesserOf } from '../protocol/integers.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import { type Account, isRootAccount } from './account.ts';
import { issuingLimitOf } from './currency.ts';
import { flooredBalance } from './interest.ts';

/** floor(principal + interest now) − total locked amount; may be negative. */
export function availableAmount(account: Account, now: Timestamp): bigint {
  return flooredBalance(account, now) - account.totalLockedAmount;
}

/** 0 for ordinary accounts; −min(issuing limit, floor of the negligible amount) for root accounts. */
export function minimalBalance(account: Account): bigint {
  if (!isRootAccount(account)) {
    return 0n;
  }
  const limit = issuingLimitOf(account);
  const negligible = BigInt(Math.floor(account.negligibleAmount));
  return -lesserOf(limit, negligible);
}

/** How much more may be locked or spent; may be negative. */
export function spendableAmount(account: Account, now: Timestamp): bigint {
  return availableAmount(account, now) - minimalBalance(account);
}
