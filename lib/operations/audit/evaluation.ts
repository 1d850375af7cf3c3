/** Compares what an audit has read, account by account and currency by currency: finds what is wrong, and what may be. */

import { type AccountKey, printAccountKey } from '../../rules/account.ts';
import { auditLedger, summarizeAbsent } from './checks/ledger-checks.ts';
import type { LedgerClock } from './checks/ledger-sides.ts';
import type { AccountFact, AccountFacts, AuditFacts, CurrencySum } from './facts.ts';
import type { AuditFindings } from './findings.ts';

/** What the accounts of one currency add up to so far. */
type RunningSum = { -readonly [K in keyof CurrencySum]: CurrencySum[K] };

export interface Evaluation {
  readonly facts: AuditFacts;
  readonly findings: AuditFindings;
  readonly clock: LedgerClock;
}

/** @param onAccount called after each account */
export function evaluate(evaluation: Evaluation, onAccount: () => void): void {
  const { facts, findings } = evaluation;
  for (const debtorId of facts.currencies()) {
    const sum = { debtorId, difference: 0n, doubtfulLow: 0n, doubtfulHigh: 0n };
    let accountCount = 0;
    for (const accountFacts of facts.accountsOf(debtorId)) {
      const { account } = accountFacts;
      compareLocks(accountFacts, findings);
      if (account === undefined) {
        addAbsent(sum, accountFacts, evaluation);
      } else {
        addAccount(sum, { ...accountFacts, account }, evaluation);
        accountCount += 1;
      }
      onAccount();
    }
    let [creditsUnderWayCount, creditsUnderWay] = [0, 0n];
    for (const { amount } of facts.creditsUnderWay(debtorId)) {
      creditsUnderWayCount += 1;
      creditsUnderWay += amount;
    }
    facts.addSum(sum);
    findings.addCurrency({ debtorId, accountCount, creditsUnderWayCount, creditsUnderWay });
  }
}

function compareLocks({ key, account, locks }: AccountFacts, findings: AuditFindings): void {
  let [sum, count] = [0n, 0];
  for (const { amount } of locks()) {
    sum += amount;
    count += 1;
  }
  if (sum !== (account?.totalLockedAmount ?? 0n) || count !== (account?.pendingTransfersCount ?? 0)) {
    findings.suspect({ kind: 'locks', ...key });
  }
}

function addAccount(
  sum: RunningSum,
  { key, account, sides }: AccountFacts & { readonly account: AccountFact },
  { findings, clock }: Evaluation,
): void {
  let isSuspected = false;
  const totals = auditLedger(
    { account, sides, clock },
    {
      fault: (fault) => findings.add({ ...fault, debtorId: key.debtorId, subject: nameOfAccount(key) }),
      // The highest number comes first. When the account has that one by now, it has the others too.
      unknownTransfer: ({ creationDate, transferNumber, transfer }) => {
        if (!isSuspected) {
          isSuspected = true;
          findings.suspect({ kind: 'unknown-transfer', ...key, creationDate, transferNumber, transfer });
        }
      },
    },
  );
  sum.difference += account.principal + account.clippedAmount - totals.included;
  sum.doubtfulLow += totals.doubtful.low;
  sum.doubtfulHigh += totals.doubtful.high;
}

/** What a missing account acquired counts only when it is certain that it is missing; see {@link judgeConservation}. */
function addAbsent(
  sum: RunningSum,
  { key, sides, mentions }: AccountFacts,
  { findings, clock }: Evaluation,
): void {
  const { purged, recent, existedAt } = summarizeAbsent(sides, mentions(), clock);
  sum.difference -= purged;
  if (existedAt !== undefined) {
    findings.suspect({ kind: 'missing-account', ...key, existedAt, acquiredAmount: recent });
  }
}

/**
 * Whether no money was lost or created, to be asked when all suspicions are settled. The principals, without the kept
 * transfers that they include, must add up to 0: each transfer that is no longer kept took as much from one principal as it
 * gave to another. A missing account includes none of its transfers.
 */
export function judgeConservation({ facts, findings }: Evaluation): void {
  for (const { debtorId, doubtfulLow, doubtfulHigh, ...sum } of facts.sums()) {
    let { difference } = sum;
    for (const { amount } of facts.lostOf(debtorId)) {
      difference -= amount;
    }
    const [least, most] = [difference - doubtfulHigh, difference - doubtfulLow];
    const unreadableCount = facts.unreadableCount(debtorId);
    const doubt = (reason: string): void => {
      const question = 'whether the principals and the credits under way add up to 0';
      findings.addUnverified({ debtorId, check: 'conservation', sentence: `${question}, since ${reason}` });
    };
    if (unreadableCount > 0) {
      doubt(`${unreadableCount} of its items can't be read`);
    } else if (least > 0n || most < 0n) {
      const amount = least === most ? least : `${least} … ${most}`;
      findings.add({
        check: 'conservation',
        debtorId,
        subject: `currency ${debtorId}`,
        sentence: `the principals and the credits under way add up to ${amount} instead of 0`,
      });
    } else if (difference !== doubtfulLow + doubtfulHigh) {
      doubt('transfers were made while its accounts were read');
    }
  }
}

export function nameOfAccount(key: AccountKey): string {
  return `account ${printAccountKey(key)}`;
}
