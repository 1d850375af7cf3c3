/**
 * What becomes of a PrepareTransfer, decided once more: a rejection must have been due, and so must a lock, in one of the
 * states that sender and recipient had between the reads and the commit.
 */

import { parseAccountId } from '../../../lib/protocol/account-ids.ts';
import { MAX_INT64 } from '../../../lib/protocol/integers.ts';
import type { PrepareTransfer } from '../../../lib/protocol/messages.ts';
import { type Account, printAccountKey } from '../../../lib/rules/account.ts';
import type { Transfer } from '../../../lib/rules/transfer.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import type { Commit } from '../history.ts';
import { DAY, SECOND } from '../scheduler.ts';
import { add, type Range, spendableWithin } from './amounts.ts';
import { configurationsWithin, effectsOfOthers, pairOf, type SideEffects } from './side-effects.ts';
import { type CheckContext, type CommitCheck, show } from './violation.ts';

/** With so many prepared transfers an account takes no more. */
const MOST_PENDING = 2_147_483_647n;
const NO_EFFECTS: SideEffects = {
  available: { low: 0n, high: 0n },
  locked: { low: 0n, high: 0n },
  count: { low: 0n, high: 0n },
};

/** An answer that could have been given, with the amounts that it could have told. */
interface Answer {
  readonly status: string;
  readonly lockedAmount: Range;
  readonly totalLockedAmount: Range;
}

export function requestsAnsweredByTheRules(context: CheckContext): CommitCheck {
  return (commit) => {
    for (const { before, after } of commit.records) {
      if (before !== undefined || after?.kind !== 'transfer' || after.payment?.senderEntry !== undefined) {
        continue;
      }
      const fault = faultOf(after, commit, context);
      if (fault !== undefined) {
        return {
          guarantee: 'Each request is answered as sender, recipient and amounts demand',
          details: `transfer ${printRecordKey(after)} ${fault}: ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function faultOf(transfer: Transfer, commit: Commit, context: CheckContext): string | undefined {
  const { rejection, preparation } = transfer;
  const now = rejection?.rejectedAt ?? preparation?.preparedAt;
  if (now === undefined) {
    return undefined;
  }
  const message = context.correspondence.requestOf(transfer);
  if (message === undefined) {
    return 'was never asked for';
  }
  const isTooOld = Number(now - message.ts) > oldestOf(context);
  const effects = effectsOfOthers(transfer.sender, commit, transfer);
  const broughtTo = pairOf(transfer.sender, commit)?.after?.lastChangeTs ?? now;
  const answers = sendersOf(transfer, commit, context).flatMap((sender) =>
    recipientsOf(message, commit, context).flatMap((isReachable) =>
      answersOf({
        sender,
        isReachable,
        message,
        now,
        broughtTo,
        isTooOld,
        effects: sender === undefined ? NO_EFFECTS : effects,
      }),
    ),
  );
  const given = rejection?.statusCode ?? 'prepared';
  const isRight = answers.some(
    ({ status, lockedAmount, totalLockedAmount }) =>
      status === given &&
      (preparation === undefined || isWithin(preparation.lockedAmount, lockedAmount)) &&
      (rejection === undefined || isWithin(rejection.totalLockedAmount, totalLockedAmount)),
  );
  return isRight ? undefined : `could only have been answered by ${show(answers)}`;
}

function sendersOf(
  { sender }: Transfer,
  commit: Commit,
  { history, correspondence }: CheckContext,
): readonly (Account | undefined)[] {
  const pair = pairOf(sender, commit);
  return pair === undefined
    ? history.accountStates(printAccountKey(sender), commit, 0)
    : configurationsWithin(pair, correspondence.configurationsOf(sender));
}

/** Whether the recipient could be reached, in any of its states. */
function recipientsOf(
  { debtorId, recipient }: PrepareTransfer,
  commit: Commit,
  { history, features }: CheckContext,
): readonly boolean[] {
  const creditorId = parseAccountId(recipient);
  if (creditorId === undefined || creditorId === 0n) {
    return [creditorId === 0n];
  }
  const staleness = features.staleReads > 0 ? features.staleness * SECOND : 0;
  const states = history.accountStates(printAccountKey({ debtorId, creditorId }), commit, staleness);
  return [
    ...new Set(
      states.map(
        (state) => state !== undefined && state.deletedAt === undefined && state.configFlags % 2 === 0,
      ),
    ),
  ];
}

/** The greatest age, in microseconds, at which a copy can come whose record is surely there: SQS keeps it for 14 days, twice. */
function oldestOf({ settings }: CheckContext): number {
  return settings.messageMaxDelaySeconds * SECOND + 28 * DAY;
}

interface Situation {
  readonly isTooOld: boolean;
  readonly sender: Account | undefined;
  readonly isReachable: boolean;
  readonly message: PrepareTransfer;
  readonly now: bigint;
  /** Up to when the commit has counted the sender's interest. */
  readonly broughtTo: bigint;
  readonly effects: SideEffects;
}

/** All answers that the situation allows, by the specification's checks in their order. */
function answersOf({ sender, isReachable, isTooOld, message, now, broughtTo, effects }: Situation): Answer[] {
  const recipientId = parseAccountId(message.recipient);
  const isAgent = message.coordinatorType === 'agent';
  const living = sender?.deletedAt === undefined ? sender : undefined;
  const total = add(
    integer(living?.totalLockedAmount ?? 0n),
    living === undefined ? integer(0n) : effects.locked,
  );
  const rejected = (status: string): Answer => ({
    status,
    lockedAmount: integer(0n),
    totalLockedAmount: total,
  });
  if (isTooOld) {
    return [rejected('TIMEOUT')];
  }
  if (recipientId === undefined || !(isAgent || isReachable)) {
    return [rejected('RECIPIENT_IS_UNREACHABLE')];
  }
  if (living === undefined) {
    return [rejected('SENDER_IS_UNREACHABLE')];
  }
  if (isAgent && agentOf(recipientId) !== agentOf(living.creditorId)) {
    return [rejected('RECIPIENT_IS_UNREACHABLE')];
  }
  const answers: Answer[] = [];
  const count = add(integer(BigInt(living.pendingTransfersCount)), effects.count);
  if (count.high >= MOST_PENDING) {
    answers.push(rejected('TOO_MANY_TRANSFERS'));
  }
  if (count.low >= MOST_PENDING) {
    return answers;
  }
  if (recipientId === living.creditorId) {
    return [...answers, rejected('RECIPIENT_SAME_AS_SENDER')];
  }
  if (living.lastInterestRateChangeTs > message.finalInterestRateTs) {
    return [...answers, rejected('NEWER_INTEREST_RATE')];
  }
  const lockedAmount = lockable(living, message, spendableWithin(living, now, broughtTo), effects);
  return [
    ...answers,
    ...(lockedAmount.low < message.minLockedAmount ? [rejected('INSUFFICIENT_AVAILABLE_AMOUNT')] : []),
    ...(lockedAmount.high >= message.minLockedAmount
      ? [{ status: 'prepared', lockedAmount, totalLockedAmount: total }]
      : []),
  ];
}

function lockable(
  sender: Account,
  { maxLockedAmount }: PrepareTransfer,
  unaffected: Range,
  effects: SideEffects,
): Range {
  const spendable = add(unaffected, effects.available);
  const bounded = (amount: bigint, locked: bigint): bigint => {
    const most = MAX_INT64 - sender.totalLockedAmount - locked;
    const least = [amount, maxLockedAmount, most].reduce((a, b) => (a < b ? a : b));
    return least > 0n ? least : 0n;
  };
  return {
    low: bounded(spendable.low, effects.locked.high),
    high: bounded(spendable.high, effects.locked.low),
  };
}

function integer(value: bigint): Range {
  return { low: value, high: value };
}

function isWithin(value: bigint, { low, high }: Range): boolean {
  return value >= low && value <= high;
}

/** The agent of an ID is its highest 24 bits. */
function agentOf(id: bigint): bigint {
  return BigInt.asUintN(64, id) >> 40n;
}
