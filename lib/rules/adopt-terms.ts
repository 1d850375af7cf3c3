/** The chore that brings an account to its currency's present interest rate and debtor info (SMP 2.1, sections 5 and 8). */

import { MAX_INTEREST_RATE, MIN_INTEREST_RATE } from '../protocol/constants.ts';
import type { DebtorInfo } from '../protocol/root-config-data.ts';
import { SECONDS_IN_DAY, secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import {
  type Account,
  announceAccount,
  type CurrencyTerms,
  changeAccount,
  isRootAccount,
} from './account.ts';
import type { Circumstances, Settings } from './settings.ts';

/** The account with its currency's terms, announced; the very same object when they are not new or the rate may not change yet. */
export function adoptTerms(
  account: Account,
  terms: CurrencyTerms,
  { now, settings }: Circumstances,
): Account {
  if (isRootAccount(account)) {
    return account;
  }
  const rate = Math.min(Math.max(terms.rate, MIN_INTEREST_RATE), MAX_INTEREST_RATE);
  const hasNewRate = rate !== account.interestRate && mayChangeRate(account, now, settings);
  const hasNewInfo = !isSameInfo(terms.debtorInfo, account.debtorInfo);
  if (!hasNewRate && !hasNewInfo) {
    return account;
  }
  // From here on it succeeds. Interest is brought up to now at the old rate before the new one counts.
  const changed = { ...changeAccount(account, now), debtorInfo: terms.debtorInfo };
  return announceAccount(hasNewRate ? withRate(changed, rate) : changed, now);
}

/** Changes are so far apart that every message that was sent under the older rate arrives before the next change. */
function mayChangeRate({ lastInterestRateChangeTs }: Account, now: Timestamp, settings: Settings): boolean {
  return secondsBetween(lastInterestRateChangeTs, now) >= settings.messageMaxDelaySeconds + SECONDS_IN_DAY;
}

function withRate(account: Account, interestRate: number): Account {
  return {
    ...account,
    interestRate,
    previousInterestRate: account.interestRate,
    lastInterestRateChangeTs: account.lastChangeTs,
  };
}

function isSameInfo(a: DebtorInfo, b: DebtorInfo): boolean {
  return a.iri === b.iri && a.contentType === b.contentType && a.sha256 === b.sha256;
}
