/** Compares what an audit has read, account by account and currency by currency: finds what is wrong, and what may be. */

import { type AccountKey, printAccountKey } from '../../rules/account.ts';
import { auditLedger, sumWithoutAccount } from './checks/ledger-checks.ts';
import type { LedgerClock } from './checks/ledger-sides.ts';
import type { AccountFacts, AuditFacts } from './facts.ts';
import type { AuditFindings, Suspicion } from './findings.ts';

/** What the accounts of one currency add up to so far. */
interface Sum {
  readonly debtorId: bigint;
  accountCount: number;
  /** 0 when no money was lost or created, apart from the doubtful amounts. */
  difference: bigint;
  doubtfulLow: bigint;
  doubtfulHigh: bigint;
}

export interface Evaluation {
  readonly facts: AuditFacts;
  readonly findings: AuditFindings;
  readonly clock: LedgerClock;
}

/** @param onAccount called after each account */
export function evaluate(evaluation: Evaluation, onAccount: () => void): void {
  let sum: Sum | undefined;
  for (const accountFacts of evaluation.facts.accounts()) {
    const { debtorId } = accountFacts.key;
    if (sum?.debtorId !== debtorId) {
      concludeCurrency(sum, evaluation);
      sum = { debtorId, accountCount: 0, difference: 0n, doubtfulLow: 0n, doubtfulHigh: 0n };
    }
    compareLocks(accountFacts, evaluation.findings);
    addAccount(sum, accountFacts, evaluation);
    onAccount();
  }
  concludeCurrency(sum, evaluation);
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

function addAccount(sum: Sum, { key, account, sides }: AccountFacts, { findings, clock }: Evaluation): void {
  let isSuspected = false;
  const suspectOnce = (suspicion: Suspicion): void => {
    if (!isSuspected) {
      isSuspected = true;
      findings.suspect(suspicion);
    }
  };
  if (account === undefined) {
    sum.difference -= sumWithoutAccount(sides, clock, () => suspectOnce({ kind: 'missing-account', ...key }));
    return;
  }
  const totals = auditLedger(
    { account, sides, clock },
    {
      fault: (fault) => findings.add({ ...fault, debtorId: key.debtorId, subject: nameOfAccount(key) }),
      // The highest number comes first. When the account has that one by now, it has the others too.
      unknownTransfer: ({ creationDate, transferNumber, transfer }) =>
        suspectOnce({ kind: 'unknown-transfer', ...key, creationDate, transferNumber, transfer }),
    },
  );
  sum.accountCount += 1;
  sum.difference += account.principal + account.clippedAmount - totals.included;
  sum.doubtfulLow += totals.doubtful.low;
  sum.doubtfulHigh += totals.doubtful.high;
}

function concludeCurrency(sum: Sum | undefined, { facts, findings }: Evaluation): void {
  if (sum === undefined) {
    return;
  }
  const { debtorId, accountCount } = sum;
  let [creditsUnderWayCount, creditsUnderWay] = [0, 0n];
  for (const amount of facts.creditsUnderWay(debtorId)) {
    creditsUnderWayCount += 1;
    creditsUnderWay += amount;
  }
  findings.addCurrency({ debtorId, accountCount, creditsUnderWayCount, creditsUnderWay });
  judgeConservation(sum, facts.unreadableCount(debtorId), findings);
}

/**
 * The principals, without the kept transfers that they include, must add up to 0: each transfer that is no longer kept took
 * as much from one principal as it gave to another.
 */
function judgeConservation(sum: Sum, unreadableCount: number, findings: AuditFindings): void {
  const { debtorId, difference, doubtfulLow, doubtfulHigh } = sum;
  const [least, most] = [difference - doubtfulHigh, difference - doubtfulLow];
  const isCertain = least === most;
  if (isCertain && least === 0n) {
    return;
  }
  if (unreadableCount > 0) {
    findings.addUnverified(
      debtorId,
      `whether the principals and the credits under way add up to 0, since ${unreadableCount} of its items can't be read`,
    );
  } else if (least > 0n || most < 0n) {
    findings.add({
      check: 'conservation',
      debtorId,
      subject: `currency ${debtorId}`,
      sentence: `the principals and the credits under way add up to ${isCertain ? least : `${least} … ${most}`} instead of 0`,
    });
  } else if (difference !== doubtfulLow + doubtfulHigh) {
    findings.addUnverified(
      debtorId,
      'whether the principals and the credits under way add up to 0, since transfers were made while its accounts were read',
    );
  }
}

export function nameOfAccount(key: AccountKey): string {
  return `account ${printAccountKey(key)}`;
}
