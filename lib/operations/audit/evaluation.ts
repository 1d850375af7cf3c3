/** Compares what an audit has read, account by account and currency by currency: finds what is wrong, and what only may be. */

import { type AccountKey, printAccountKey } from '../../rules/account.ts';
import { auditLedger, sumWithoutAccount } from './checks/ledger-checks.ts';
import type { LedgerClock } from './checks/ledger-sides.ts';
import type { AccountFact, AccountFacts, AuditFacts } from './facts.ts';
import type { AuditFindings } from './findings.ts';

/** What the accounts of one currency, as far as they were seen, add up to. */
interface Sum {
  readonly debtorId: bigint;
  accountCount: number;
  /** 0 when nothing was lost or made, apart from what is doubtful. */
  difference: bigint;
  doubtfulLow: bigint;
  doubtfulHigh: bigint;
}

/** @param onAccount called after each account */
export function evaluate(
  facts: AuditFacts,
  findings: AuditFindings,
  clock: LedgerClock,
  onAccount: () => void,
): void {
  let sum: Sum | undefined;
  for (const accountFacts of facts.accounts()) {
    const { debtorId } = accountFacts.key;
    if (sum?.debtorId !== debtorId) {
      concludeCurrency(sum, facts, findings);
      sum = { debtorId, accountCount: 0, difference: 0n, doubtfulLow: 0n, doubtfulHigh: 0n };
    }
    compareLocks(accountFacts, findings);
    if (accountFacts.account === undefined) {
      addMissingAccount(sum, accountFacts, findings, clock);
    } else {
      addAccount(sum, accountFacts.account, accountFacts, findings, clock);
    }
    onAccount();
  }
  concludeCurrency(sum, facts, findings);
}

function compareLocks({ key, account, lockedAmounts }: AccountFacts, findings: AuditFindings): void {
  let [amount, count] = [0n, 0];
  for (const lockedAmount of lockedAmounts()) {
    amount += lockedAmount;
    count += 1;
  }
  if (amount !== (account?.totalLockedAmount ?? 0n) || count !== (account?.pendingTransfersCount ?? 0)) {
    findings.suspect({ kind: 'locks', account: key });
  }
}

function addAccount(
  sum: Sum,
  account: AccountFact,
  { key, sides }: AccountFacts,
  findings: AuditFindings,
  clock: LedgerClock,
): void {
  let isSuspected = false;
  const totals = auditLedger(account, sides, clock, {
    fault: (fault) => findings.add({ ...fault, debtorId: key.debtorId, subject: nameOfAccount(key) }),
    // The highest number comes first; when the account knows of that one by now, it does so of the others.
    unknownTransfer: ({ creationDate, transferNumber, transfer }) => {
      if (!isSuspected) {
        isSuspected = true;
        findings.suspect({ kind: 'unknown-transfer', account: key, creationDate, transferNumber, transfer });
      }
    },
  });
  sum.accountCount += 1;
  sum.difference += account.principal + account.clippedAmount - totals.included;
  sum.doubtfulLow += totals.doubtful.low;
  sum.doubtfulHigh += totals.doubtful.high;
}

function addMissingAccount(
  sum: Sum,
  { key, sides }: AccountFacts,
  findings: AuditFindings,
  clock: LedgerClock,
): void {
  let isSuspected = false;
  sum.difference -= sumWithoutAccount(sides, clock, () => {
    if (!isSuspected) {
      isSuspected = true;
      findings.suspect({ kind: 'missing-account', account: key });
    }
  });
}

function concludeCurrency(sum: Sum | undefined, facts: AuditFacts, findings: AuditFindings): void {
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
 * All that is still kept of the currency's transfers was taken off the principals that include it, and transfers which are
 * no longer kept have taken as much from one principal as they gave to another; so what is left must be 0.
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
