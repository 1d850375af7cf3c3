/**
 * Whether one account's state follows from the transfers that are still kept. The account was read before the transfers, so
 * every transfer that it includes was read too; later ones are told apart.
 */

import type { Timestamp } from '../../../protocol/timestamps.ts';
import { isRootAccount } from '../../../rules/account.ts';
import type { Fault } from './checks.ts';
import { LedgerChain } from './ledger-chain.ts';
import {
  inclusionOf,
  type Ledger,
  type LedgerClock,
  type LedgerSides,
  type Mention,
  type NumberedSide,
} from './ledger-sides.ts';

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

/** What the kept transfers say of an account that was not found. */
export interface AbsentAccount {
  /** Acquired so long ago that the account may have been purged since. */
  readonly purged: bigint;
  /** Acquired later: by an account that was created after the accounts were read, or is missing. */
  readonly recent: bigint;
  /** The latest instant at which the account existed, if it can't have been purged since. */
  readonly existedAt: Timestamp | undefined;
}

/** @param mentions instants at which the account existed, apart from its sides */
export function summarizeAbsent(
  { numbered, unnumbered }: LedgerSides,
  mentions: Iterable<Pick<Mention, 'at'>>,
  { purgedBefore }: LedgerClock,
): AbsentAccount {
  let [purged, recent, latest] = [0n, 0n, purgedBefore];
  for (const sides of [numbered, unnumbered()]) {
    for (const { at, acquiredAmount } of sides) {
      purged += at > purgedBefore ? 0n : acquiredAmount;
      recent += at > purgedBefore ? acquiredAmount : 0n;
      latest = at > latest ? at : latest;
    }
  }
  for (const { at } of mentions) {
    latest = at > latest ? at : latest;
  }
  return { purged, recent, existedAt: latest > purgedBefore ? latest : undefined };
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
