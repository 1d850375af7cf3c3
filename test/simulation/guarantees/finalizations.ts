/** What becomes of a FinalizeTransfer, decided once more: its status must be one that was due for an amount that was asked for. */

import { type Account, isRootAccount } from '../../../lib/rules/account.ts';
import type { Transfer, TransferRecord } from '../../../lib/rules/transfer.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import type { Commit, Pair } from '../history.ts';
import { add, coversAfter, spendableWithin } from './amounts.ts';
import { configurationsWithin, effectsOfOthers, pairOf, type SideEffects } from './side-effects.ts';
import { type CheckContext, type CommitCheck, show } from './violation.ts';

export function finalizationsAnsweredByTheRules(context: CheckContext): CommitCheck {
  return (commit) => {
    for (const { before, after } of commit.records) {
      const earlier = before?.kind === 'transfer' ? before : undefined;
      if (
        after?.kind !== 'transfer' ||
        after.finalization === undefined ||
        earlier?.finalization !== undefined
      ) {
        continue;
      }
      const fault = faultOf({ before, after }, after, commit, context);
      if (fault !== undefined) {
        return {
          guarantee: 'Each finalization is answered as deadline, interest rate and amounts demand',
          details: `transfer ${printRecordKey(after)} ${fault}: ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function faultOf(
  { before }: Pair<TransferRecord>,
  transfer: Transfer,
  commit: Commit,
  { correspondence }: CheckContext,
): string | undefined {
  const { finalization, preparation, sender } = transfer;
  const pair = pairOf(sender, commit);
  if (finalization === undefined || preparation === undefined || pair === undefined) {
    return 'is finalized without a lock on an account';
  }
  const { statusCode, committedAmount, totalLockedAmount } = finalization;
  const effects = effectsOfOthers(sender, commit, transfer);
  const lock = before === undefined ? 0n : preparation.lockedAmount;
  const broughtTo = pair.after?.lastChangeTs ?? finalization.finalizedAt;
  const amounts = correspondence.amountsAskedFor(transfer);
  for (const account of configurationsWithin(pair, correspondence.configurationsOf(sender))) {
    const locked = add(range((account?.totalLockedAmount ?? 0n) - lock), effects.locked);
    const isTotalRight = totalLockedAmount >= locked.low && totalLockedAmount <= locked.high;
    const isStatusRight =
      account !== undefined &&
      amounts.some(
        (amount) =>
          committedAmount === (statusCode === 'OK' ? amount : 0n) &&
          statusesOf({ account, transfer, amount, lock, effects, broughtTo }).includes(statusCode),
      );
    if (isTotalRight && isStatusRight) {
      return undefined;
    }
  }
  return `should not be answered like this, when ${amounts.join(' or ')} was asked for, ${show(pair.before)}`;
}

interface Situation {
  readonly account: Account;
  readonly transfer: Transfer;
  readonly amount: bigint;
  /** What the account still has locked for this transfer. */
  readonly lock: bigint;
  readonly effects: SideEffects;
  /** Up to when the commit has counted the account's interest. */
  readonly broughtTo: bigint;
}

/** The statuses that may be given: one, or two where rounding or the order of other messages decides. */
function statusesOf({ account, transfer, amount, lock, effects, broughtTo }: Situation): string[] {
  const { preparation, finalization } = transfer;
  if (amount === 0n || preparation === undefined || finalization === undefined) {
    return ['OK'];
  }
  const now = finalization.finalizedAt;
  if (now > preparation.deadline) {
    return ['TIMEOUT'];
  }
  if (account.lastInterestRateChangeTs > preparation.finalInterestRateTs) {
    return ['NEWER_INTEREST_RATE'];
  }
  const spendable = add(add(spendableWithin(account, now, broughtTo), range(lock)), effects.available);
  const isReserved =
    isRootAccount(account) && amount <= preparation.lockedAmount
      ? true
      : coversAfter(preparation.lockedAmount, amount, now - preparation.preparedAt);
  return [
    ...(amount <= spendable.high || isReserved !== false ? ['OK'] : []),
    ...(amount > spendable.low && isReserved !== true ? ['INSUFFICIENT_AVAILABLE_AMOUNT'] : []),
  ];
}

function range(value: bigint) {
  return { low: value, high: value };
}
