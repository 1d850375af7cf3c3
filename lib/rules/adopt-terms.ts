/** The chore that brings an account to its currency's present interest rate and debtor info (SMP 2.1, sections 5 and 8). */

import { MAX_INTEREST_RATE, MIN_INTEREST_RATE } from '../protocol/constants.ts';
import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import {
  type Account,
  announceAccount,
  type CurrencyTerms,
  changeAccount,
  type DebtorInfo,
  isRootAccount,
} from './account.ts';
import type { Settings } from './settings.ts';

const SECONDS_IN_DAY = 86_400;

/** The account on the currency's terms, announced; the very same object when it is on them, or may not change its rate yet. */
export function adoptTerms(
  account: Account,
  terms: CurrencyTerms,
  now: Timestamp,
  settings: Settings,
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

/** Two changes on one account are far enough apart for every message prepared under the older rate to arrive. */
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
