/** Guarantee 5, as stored: an account's transfers are numbered without gaps, each with the principal after it. */

import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { LedgerEntry } from '../../../lib/rules/transfer.ts';
import type { Commit } from '../history.ts';
import { heldInt64 } from './amounts.ts';
import { type CommitCheck, show } from './violation.ts';

interface NewEntry {
  readonly entry: LedgerEntry | undefined;
  readonly acquiredAmount: bigint;
  readonly committedAt: bigint;
  readonly coordinatorType: string;
}

export function entriesInOrder(): CommitCheck {
  return (commit) => {
    for (const { before, after } of commit.accounts) {
      const fault = after && faultOf(before, after, entriesOf(after, commit));
      if (fault !== undefined) {
        return {
          guarantee: '5. Transfer numbers are 1, 2, 3 …, and each principal follows from the one before',
          details: `account ${printAccountKey(after as Account)}: ${fault}`,
        };
      }
    }
    return undefined;
  };
}

/** The account's sides of the commit's transfers in the order of their numbers, unnumbered ones first. */
function entriesOf({ debtorId, creditorId }: Account, { records }: Commit): NewEntry[] {
  const entries: NewEntry[] = [];
  for (const { before, after } of records) {
    if (after?.kind !== 'transfer' || after.payment === undefined || after.sender.debtorId !== debtorId) {
      continue;
    }
    const earlier = before?.kind === 'transfer' ? before : undefined;
    const { payment, request, credit } = after;
    const { committedAt } = payment;
    const { coordinatorType } = request;
    if (earlier?.payment === undefined && after.sender.creditorId === creditorId) {
      entries.push({
        entry: payment.senderEntry,
        acquiredAmount: -payment.amount,
        committedAt,
        coordinatorType,
      });
    }
    if (credit !== undefined && earlier?.credit === undefined && after.recipientId === creditorId) {
      entries.push({
        entry: credit.recipientEntry,
        acquiredAmount: payment.amount,
        committedAt,
        coordinatorType,
      });
    }
  }
  const numberOf = ({ entry }: NewEntry): number => Number(entry?.transferNumber ?? 0n);
  return entries.sort((a, b) => numberOf(a) - numberOf(b));
}

function faultOf(
  before: Account | undefined,
  after: Account,
  entries: readonly NewEntry[],
): string | undefined {
  const numbered = entries.filter(({ entry }) => entry !== undefined);
  const hidden = entries.filter(({ entry }) => entry === undefined);
  const wrongly = hidden.find((entry) => !mayHide(before, after, entry));
  if (wrongly !== undefined) {
    return `a transfer of ${wrongly.acquiredAmount} has no number`;
  }
  let number = before?.lastTransferNumber ?? 0n;
  let principal = before?.principal ?? 0n;
  for (const { entry, acquiredAmount } of numbered) {
    number += 1n;
    principal = heldInt64(principal + acquiredAmount);
    const isRight =
      entry?.transferNumber === number &&
      entry.creationDate === after.creationDate &&
      (hidden.length > 0 || entry.principal === principal);
    if (!isRight) {
      return `${show(entry)} instead of number ${number} with principal ${principal}`;
    }
  }
  const latest = numbered.at(-1)?.committedAt ?? before?.lastTransferCommittedAt ?? 0n;
  return after.lastTransferNumber === number && after.lastTransferCommittedAt === latest
    ? undefined
    : `the last number is ${after.lastTransferNumber} instead of ${number}`;
}

function mayHide(
  before: Account | undefined,
  after: Account,
  { coordinatorType, acquiredAmount }: NewEntry,
): boolean {
  const configs = [before, after].filter((account) => account !== undefined);
  return (
    isRootAccount(after) ||
    (coordinatorType !== 'agent' &&
      acquiredAmount > 0n &&
      configs.some(({ negligibleAmount }) => Number(acquiredAmount) <= negligibleAmount))
  );
}
