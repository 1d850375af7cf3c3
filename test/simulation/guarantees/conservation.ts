/** Guarantees 1 and 2: no money appears or vanishes, and the transfers of a commit explain each change of a principal. */

import { type Account, printAccountKey } from '../../../lib/rules/account.ts';
import type { TransferRecord } from '../../../lib/rules/transfer.ts';
import type { Commit } from '../history.ts';
import { heldInt64 } from './amounts.ts';
import type { CommitCheck, Violation } from './violation.ts';

/** In each currency, all principals plus the credits under way add up to 0 at every instant. */
export function conservation(): CommitCheck {
  const sums = new Map<bigint, bigint>();
  return ({ accounts, records }) => {
    const add = (debtorId: bigint, amount: bigint): void => {
      sums.set(debtorId, (sums.get(debtorId) ?? 0n) + amount);
    };
    for (const { before, after } of accounts) {
      add((before ?? after)?.debtorId ?? 0n, worthOf(after) - worthOf(before));
    }
    for (const { before, after } of records) {
      add((before ?? after)?.sender.debtorId ?? 0n, underWay(after) - underWay(before));
    }
    const broken = [...sums].find(([, sum]) => sum !== 0n);
    return (
      broken && {
        guarantee: '1. The sum of all principals plus the credits under way is always 0',
        details: `in currency ${broken[0]} it is ${broken[1]}`,
      }
    );
  };
}

/** A principal changes by exactly what its account pays and receives in the same commit. */
export function principalsExplained(): CommitCheck {
  return (commit) => {
    const expected = movementsOf(commit);
    for (const { before, after } of commit.accounts) {
      const key = printAccountKey((after ?? before) as NonNullable<typeof after>);
      const amounts = expected.get(key) ?? [];
      const violation =
        compare(key, worthOf(after) - worthOf(before), sumOf(amounts)) ??
        heldFault(key, before, after, amounts);
      if (violation !== undefined) {
        return violation;
      }
      expected.delete(key);
    }
    const [unmoved] = [...expected].filter(([, amounts]) => sumOf(amounts) !== 0n);
    return unmoved && compare(unmoved[0], 0n, sumOf(unmoved[1]));
  };
}

/** A principal is the exact sum, or that end of int64 that the sum is beyond. Of several amounts the order would matter. */
function heldFault(
  key: string,
  before: Account | undefined,
  after: Account | undefined,
  [amount, ...others]: readonly bigint[],
): Violation | undefined {
  if (after === undefined || amount === undefined || others.length > 0) {
    return undefined;
  }
  const held = heldInt64((before?.principal ?? 0n) + amount);
  return compare(key, after.principal, held);
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function compare(key: string, actual: bigint, expected: bigint): Violation | undefined {
  return actual === expected
    ? undefined
    : {
        guarantee:
          '2. A principal changes only by its own committed transfers, credits, interest and deletion',
        details: `account ${key} changed by ${actual}, and its transfers say ${expected}`,
      };
}

function movementsOf({ records }: Commit): Map<string, bigint[]> {
  const movements = new Map<string, bigint[]>();
  const move = (key: string, amount: bigint): void => {
    movements.set(key, [...(movements.get(key) ?? []), amount]);
  };
  for (const { before, after } of records) {
    if (after?.kind !== 'transfer' || after.payment === undefined) {
      continue;
    }
    const { sender, recipientId, payment } = after;
    const earlier = before?.kind === 'transfer' ? before : undefined;
    if (earlier?.payment === undefined) {
      move(printAccountKey(sender), -payment.amount);
    }
    if (after.credit !== undefined && earlier?.credit === undefined) {
      move(printAccountKey({ debtorId: sender.debtorId, creditorId: recipientId }), payment.amount);
    }
  }
  return movements;
}

/** What was cut off at the ends of int64 is kept on the account and counted. */
function worthOf(account: { principal: bigint; clippedAmount: bigint } | undefined): bigint {
  return account === undefined ? 0n : account.principal + account.clippedAmount;
}

function underWay(record: TransferRecord | undefined): bigint {
  return record?.kind === 'transfer' && record.status === 'committed' ? (record.payment?.amount ?? 0n) : 0n;
}
