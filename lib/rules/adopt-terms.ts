/** The chore that brings an account to its currency's present interest rate and debtor info, and to the present commit period. */

import { MAX_INTEREST_RATE, MIN_INTEREST_RATE } from '../protocol/constants.ts';
import type { DebtorInfo } from '../protocol/root-config-data.ts';
import { SECONDS_IN_DAY, secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import {
  type Account,
  announceAccount,
  announcedCommitPeriod,
  type CurrencyTerms,
  changeAccount,
  isRootAccount,
} from './account.ts';
import type { Circumstances, Settings } from './settings.ts';

/**
 * The account with the terms of its currency and of the server, announced as a change; the very same object when they are not
 * new, or the rate may not change yet. Terms that are unknown change nothing.
 */
export function adoptTerms(
  account: Account,
  terms: CurrencyTerms | undefined,
  { now, settings }: Circumstances,
): Account {
  const known = isRootAccount(account) ? undefined : terms;
  const { debtorInfo } = known ?? account;
  const commitPeriod = announcedCommitPeriod(settings);
  const rate = known
    ? Math.min(Math.max(known.rate, MIN_INTEREST_RATE), MAX_INTEREST_RATE)
    : account.interestRate;
  const hasNewRate = rate !== account.interestRate && mayChangeRate(account, now, settings);
  if (!hasNewRate && isSameInfo(debtorInfo, account.debtorInfo) && commitPeriod === account.commitPeriod) {
    return account;
  }
  // From here on it succeeds. Interest is brought up to now at the old rate before the new one counts.
  const changed = { ...changeAccount(account, now), debtorInfo, commitPeriod };
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
