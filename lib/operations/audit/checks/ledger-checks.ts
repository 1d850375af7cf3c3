/**
 * Whether one account's state follows from the transfers that are still kept. Works on the account as it was read before
 * the transfers were, so every transfer that the account knows of has been seen, and what came later is told apart.
 */

import { addSeconds } from '../../../protocol/timestamps.ts';
import { isRootAccount } from '../../../rules/account.ts';
import type { Fault } from './checks.ts';
import { LedgerChain } from './ledger-chain.ts';
import {
  inclusionOf,
  type LedgerAccount,
  type LedgerClock,
  type LedgerSides,
  type NumberedSide,
  type UnnumberedSide,
} from './ledger-sides.ts';

/** A purge comes at least two days after the deletion, so what is older may be of an account that is gone. */
const MIN_DELETED_SECONDS = 86_400;

/** What an account's kept transfers amount to. */
export interface LedgerTotals {
  /** Acquired by transfers that the account's principal includes. */
  readonly included: bigint;
  /** Bounds of what else may be included or not: it happened at the very time at which the account was read. */
  readonly doubtful: { readonly low: bigint; readonly high: bigint };
}

export interface LedgerReport {
  readonly fault: (fault: Fault) => void;
  /** A transfer that the account, as it was read, does not know of yet; the account must be read again. */
  readonly unknownTransfer: (side: NumberedSide) => void;
}

/** Checks one account that exists, and sums up its transfers. */
export function auditLedger(
  account: LedgerAccount,
  sides: LedgerSides,
  clock: LedgerClock,
  report: LedgerReport,
): LedgerTotals {
  const included = isRootAccount(account) ? 0n : checkEntries(account, sides, clock, report);
  const { sure, doubtful } = sumUnnumbered(account, sides, clock);
  return { included: included + sure, doubtful };
}

/**
 * What the transfers of an account that is not there add up to: those of one that is gone all count, those of one that was
 * created since none. Accounts of the latter kind are reported, so that they are looked for again.
 */
export function sumWithoutAccount(
  { numbered, unnumbered }: LedgerSides,
  clock: LedgerClock,
  reportNew: (side: NumberedSide | UnnumberedSide) => void,
): bigint {
  const newest = addSeconds(clock.at, -MIN_DELETED_SECONDS);
  let sum = 0n;
  for (const sides of [numbered, unnumbered()]) {
    for (const side of sides) {
      if (side.at < newest) {
        sum += side.acquiredAmount;
      } else {
        reportNew(side);
      }
    }
  }
  return sum;
}

/** Goes from the latest entry back to the oldest that is kept. @returns what all entries that the account knows of acquired */
function checkEntries(
  account: LedgerAccount,
  { numbered, unnumbered }: LedgerSides,
  clock: LedgerClock,
  report: LedgerReport,
): bigint {
  const chain = new LedgerChain(account, unnumbered, clock, report.fault);
  let included = 0n;
  let previous: NumberedSide | undefined;
  for (const side of numbered) {
    const isSame =
      side.creationDate === previous?.creationDate && side.transferNumber === previous.transferNumber;
    if (isSame) {
      report.fault({
        check: 'transfer-numbers',
        sentence: `number ${side.transferNumber} is taken by ${previous?.transfer} and ${side.transfer}`,
      });
    }
    if (
      side.creationDate > account.creationDate ||
      (side.creationDate === account.creationDate && side.transferNumber > account.lastTransferNumber)
    ) {
      report.unknownTransfer(side);
    } else {
      included += side.acquiredAmount;
      if (side.creationDate === account.creationDate && !isSame) {
        chain.goBackTo(side);
      }
    }
    previous = side;
  }
  chain.goBackToCreation();
  return included;
}

function sumUnnumbered(
  account: LedgerAccount,
  { unnumbered }: LedgerSides,
  clock: LedgerClock,
): { readonly sure: bigint; readonly doubtful: LedgerTotals['doubtful'] } {
  let [sure, low, high] = [0n, 0n, 0n];
  for (const side of unnumbered()) {
    const inclusion = inclusionOf(side, account, clock);
    if (inclusion === 'in') {
      sure += side.acquiredAmount;
    } else if (inclusion === 'doubtful' && side.acquiredAmount < 0n) {
      low += side.acquiredAmount;
    } else if (inclusion === 'doubtful') {
      high += side.acquiredAmount;
    }
  }
  return { sure, doubtful: { low, high } };
}
