/**
 * Whether one account's state follows from the transfers that are still kept. The account was read before the transfers, so
 * every transfer that it includes was read too; later ones are told apart.
 */

import { addSeconds } from '../../../protocol/timestamps.ts';
import { isRootAccount } from '../../../rules/account.ts';
import type { Fault } from './checks.ts';
import { LedgerChain } from './ledger-chain.ts';
import {
  inclusionOf,
  type Ledger,
  type LedgerClock,
  type LedgerSides,
  type NumberedSide,
  type UnnumberedSide,
} from './ledger-sides.ts';

/** A purge comes at least two days after the deletion, so transfers older than this may belong to a purged account. */
const MIN_DELETED_SECONDS = 86_400;

/** What an account's kept transfers amount to. */
export interface LedgerTotals {
  /** Acquired by transfers that the account's principal includes. */
  readonly included: bigint;
  /** Bounds of what else may be included: changes made while the account was read. */
  readonly doubtful: { readonly low: bigint; readonly high: bigint };
}

export interface LedgerReport {
  readonly fault: (fault: Fault) => void;
  /** A transfer that the account, as it was read, does not include yet; the account must be read again. */
  readonly unknownTransfer: (side: NumberedSide) => void;
}

/** Checks one account that exists, and sums up its transfers. */
export function auditLedger(ledger: Ledger, report: LedgerReport): LedgerTotals {
  const included = isRootAccount(ledger.account) ? 0n : checkEntries(ledger, report);
  const { sure, doubtful } = sumUnnumbered(ledger);
  return { included: included + sure, doubtful };
}

/**
 * What the transfers of an account that does not exist add up to. Those of a purged account all count. Those of an account
 * that was created after the accounts were read do not; each of them is reported, so that the account is looked for again.
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

/** Goes from the latest entry back to the oldest that is kept. @returns the amounts of all entries that the account includes */
function checkEntries(ledger: Ledger, report: LedgerReport): bigint {
  const { account, sides } = ledger;
  const chain = new LedgerChain(ledger, report.fault);
  let included = 0n;
  let previous: NumberedSide | undefined;
  for (const side of sides.numbered) {
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

function sumUnnumbered(ledger: Ledger): {
  readonly sure: bigint;
  readonly doubtful: LedgerTotals['doubtful'];
} {
  let [sure, low, high] = [0n, 0n, 0n];
  for (const side of ledger.sides.unnumbered()) {
    const inclusion = inclusionOf(side, ledger);
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
