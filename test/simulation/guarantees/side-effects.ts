/**
 * What one commit does to a sender's amounts, transfer by transfer. Messages of one commit were decided about one after the
 * other, nobody knows in which order; so what another transfer of the commit changes may have been so already, or not yet.
 */

import type { ConfigureAccount } from '../../../lib/protocol/messages.ts';
import { type Account, type AccountKey, printAccountKey } from '../../../lib/rules/account.ts';
import type { TransferRecord } from '../../../lib/rules/transfer.ts';
import type { Commit, Pair } from '../history.ts';
import { add, type Range } from './amounts.ts';
import { isAcceptable } from './answers.ts';
import { isSameRecord } from './violation.ts';

/** How much each amount may already have changed. */
export interface SideEffects {
  readonly available: Range;
  readonly locked: Range;
  readonly count: Range;
}

const NONE: Range = { low: 0n, high: 0n };

/** What the commit makes of the account. */
export function pairOf(key: AccountKey, { accounts }: Commit): Pair<Account> | undefined {
  const name = printAccountKey(key);
  return accounts.find(({ before, after }) => printAccountKey((after ?? before) as Account) === name);
}

/** What the commit's transfers of the account do to it, except for one of them. */
export function effectsOfOthers(key: AccountKey, { records }: Commit, excepted: TransferRecord): SideEffects {
  const name = printAccountKey(key);
  const others = records.filter(
    ({ after }) => after !== undefined && after !== excepted && printAccountKey(after.sender) === name,
  );
  return others.map(effectOf).reduce(
    (sum, effect) => ({
      available: add(sum.available, effect.available),
      locked: add(sum.locked, effect.locked),
      count: add(sum.count, effect.count),
    }),
    { available: NONE, locked: NONE, count: NONE },
  );
}

function effectOf({ before, after }: Pair<TransferRecord>): SideEffects {
  const was = before?.kind === 'transfer' ? before : undefined;
  const is = after?.kind === 'transfer' ? after : undefined;
  const lockedAmount = is?.preparation?.lockedAmount ?? 0n;
  const isLocked = is?.preparation !== undefined && was?.preparation === undefined;
  const isReleased = is?.finalization !== undefined && was?.finalization === undefined;
  const released = lockedAmount - (is?.finalization?.committedAmount ?? 0n);
  const steps = [
    ...(isLocked ? [{ available: -lockedAmount, locked: lockedAmount, count: 1n }] : []),
    ...(isReleased ? [{ available: released, locked: -lockedAmount, count: -1n }] : []),
  ];
  let [available, locked, count] = [0n, 0n, 0n];
  const passed = [{ available, locked, count }];
  for (const step of steps) {
    available += step.available;
    locked += step.locked;
    count += step.count;
    passed.push({ available, locked, count });
  }
  return {
    available: rangeOf(passed.map((state) => state.available)),
    locked: rangeOf(passed.map((state) => state.locked)),
    count: rangeOf(passed.map((state) => state.count)),
  };
}

function rangeOf(values: readonly bigint[]): Range {
  return {
    low: values.reduce((a, b) => (a < b ? a : b)),
    high: values.reduce((a, b) => (a > b ? a : b)),
  };
}

/**
 * The account before its commit, and the same after what configurations have made of it meanwhile: the last of them, and those
 * that came before it in the same commit.
 */
export function configurationsWithin(
  { before, after }: Pair<Account>,
  sent: readonly ConfigureAccount[],
): readonly (Account | undefined)[] {
  if (after === undefined || (before !== undefined && isSameRecord(settledOf(before), settledOf(after)))) {
    return [before];
  }
  const configured: Account = {
    ...after,
    principal: before?.principal ?? 0n,
    interest: before?.interest ?? 0,
    lastChangeTs: before?.lastChangeTs ?? after.lastChangeTs,
    totalLockedAmount: before?.totalLockedAmount ?? 0n,
    pendingTransfersCount: before?.pendingTransfersCount ?? 0,
  };
  const overwritten = sent
    .filter((message) => isAcceptable(message) && isBetween(message.ts, before, after))
    .map(({ configData, configFlags, negligibleAmount }) => ({
      ...configured,
      configData,
      configFlags,
      negligibleAmount,
    }));
  return [before, configured, ...overwritten];
}

function isBetween(ts: bigint, before: Account | undefined, after: Account): boolean {
  return ts >= (before?.lastConfigTs ?? 0n) && ts <= after.lastConfigTs;
}

/** What only configurations change. Their times and numbers belong to it: the last of a commit may say the same as the one before it. */
function settledOf(account: Account): object {
  const { configData, configFlags, negligibleAmount, lastConfigTs, lastConfigSeqnum } = account;
  const { deletedAt, interestRate, lastInterestRateChangeTs } = account;
  return {
    ...{ configData, configFlags, negligibleAmount, lastConfigTs, lastConfigSeqnum },
    ...{ deletedAt, interestRate, lastInterestRateChangeTs },
  };
}
