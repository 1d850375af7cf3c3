/**
 * What is to be sent in the name of a deactivated peer about one of its accounts, so that it gives back what it holds: prepared
 * transfers are dismissed, and the account is scheduled for deletion. It follows from the account as it is now, not from a message,
 * which may be old: an answer to an old AccountUpdate could bring a deleted account back. An account that is configured so
 * already gets nothing, so the answer to an answer is none.
 */

import { admit } from '../../../peers/admit.ts';
import { isInRange } from '../../../peers/id-range.ts';
import type { Responsibility } from '../../../peers/peer.ts';
import { SCHEDULED_FOR_DELETION_FLAG } from '../../../protocol/constants.ts';
import { nextSeqnum } from '../../../protocol/integers.ts';
import type { ConfigureAccount, FinalizeTransfer } from '../../../protocol/messages.ts';
import type { Timestamp } from '../../../protocol/timestamps.ts';
import {
  type Account,
  type AccountKey,
  isRootAccount,
  isScheduledForDeletion,
  printAccountKey,
} from '../../../rules/account.ts';
import type { Transfer } from '../../../rules/transfer.ts';

/** More than any account can hold. The network's own drainer writes the same. */
const HUGE_NEGLIGIBLE_AMOUNT = 1e30;

export type Answer = ConfigureAccount | FinalizeTransfer;

/** An account of the peer, with its prepared transfers. */
export interface HeldAccount {
  readonly account: Account;
  readonly prepared: readonly Transfer<'prepared'>[];
}

export interface AnswerCircumstances {
  readonly peer: Responsibility;
  /** The states that were answered already. */
  readonly answered: ReadonlySet<string>;
  readonly now: Timestamp;
}

export interface DueAnswer {
  /**
   * `due`: to be sent. `answered`: this state was answered, and has not changed yet. `forbidden`: the peer itself could not send
   * it, so nobody may in its name.
   */
  readonly kind: 'due' | 'answered' | 'forbidden';
  readonly answer: Answer;
  /** Names the account or the transfer, and the state of it that is answered. */
  readonly state: string;
}

/** Whether the peer speaks for the account. */
export function isHeldBy({ type, range }: Responsibility, key: AccountKey): boolean {
  return type === 'creditors-agent'
    ? !isRootAccount(key) && isInRange(range, key.creditorId)
    : isRootAccount(key) && isInRange(range, key.debtorId);
}

/** Dismissals come first, since no account is deleted while something is locked on it. */
export function dueAnswers(
  { account, prepared }: HeldAccount,
  circumstances: AnswerCircumstances,
): readonly DueAnswer[] {
  const { now } = circumstances;
  const name = printAccountKey(account);
  const answers = prepared.map((transfer) =>
    classified(dismissal(transfer, now), `${name}:${transfer.transferId}`, circumstances),
  );
  // A configuration would bring a deleted account back.
  if (account.deletedAt === undefined && !isClosing(account)) {
    const { creationDate, lastConfigTs, lastConfigSeqnum } = account;
    const state = `${name} ${creationDate} ${lastConfigTs} ${lastConfigSeqnum}`;
    answers.push(classified(closure(account, now), state, circumstances));
  }
  return answers;
}

/** Whether the account is configured as the answer configures it. */
export function isClosing(account: Account): boolean {
  return (
    isScheduledForDeletion(account) &&
    (isRootAccount(account) || account.negligibleAmount >= HUGE_NEGLIGIBLE_AMOUNT)
  );
}

function classified(answer: Answer, state: string, { peer, answered, now }: AnswerCircumstances): DueAnswer {
  if (answered.has(state)) {
    return { kind: 'answered', answer, state };
  }
  return { kind: admit(peer, answer, now) === undefined ? 'due' : 'forbidden', answer, state };
}

function closure(account: Account, now: Timestamp): ConfigureAccount {
  const { debtorId, creditorId, lastConfigTs, lastConfigSeqnum, configFlags, configData } = account;
  const isLater = now > lastConfigTs;
  return {
    type: 'ConfigureAccount',
    debtorId,
    creditorId,
    // Of a root account it is the limit of issuing, and does not matter for its deletion.
    negligibleAmount: isRootAccount(account) ? account.negligibleAmount : HUGE_NEGLIGIBLE_AMOUNT,
    configFlags: configFlags | SCHEDULED_FOR_DELETION_FLAG,
    // On a root account, the currency's terms: they go on for those who still hold some of it.
    configData,
    // Never earlier than the configuration that it replaces, or it would be ignored.
    ts: isLater ? now : lastConfigTs,
    seqnum: isLater ? 0 : nextSeqnum(lastConfigSeqnum),
  };
}

function dismissal({ sender, transferId, request }: Transfer<'prepared'>, now: Timestamp): FinalizeTransfer {
  return {
    type: 'FinalizeTransfer',
    ...sender,
    transferId,
    ...request,
    committedAmount: 0n,
    transferNote: '',
    transferNoteFormat: '',
    ts: now,
  };
}
