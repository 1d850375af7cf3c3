/**
 * project: from the two images of one item to the outgoing SMP messages that its change makes due. Nothing else creates
 * messages. A step that is in the new image and not in the old one is announced, so several steps in one write all are.
 */

import { printAccountId } from '../protocol/account-ids.ts';
import { DEMURRAGE_RATE, TRANSFER_NOTE_MAX_BYTES } from '../protocol/constants.ts';
import type {
  AccountTransfer,
  AccountUpdate,
  OutgoingMessage,
  PreparedTransfer,
} from '../protocol/messages.ts';
import type { Timestamp } from '../protocol/timestamps.ts';
import type { Account } from './account.ts';
import { BrokenInvariantError } from './errors.ts';
import type { Settings } from './settings.ts';
import type { ConfigRejection, LedgerEntry, Payment, Transfer, TransferRecord } from './transfer.ts';

/**
 * The messages due after an account's item changed from `before` to `after`.
 * @param recordedAt when the change was recorded; the `ts` of an AccountPurge, whose account is gone
 */
export function projectAccount(
  before: Account | undefined,
  after: Account | undefined,
  recordedAt: Timestamp,
  settings: Settings,
): readonly OutgoingMessage[] {
  if (after !== undefined) {
    return after.announcedAt === before?.announcedAt ? [] : [accountUpdate(after, settings)];
  }
  if (before === undefined) {
    return [];
  }
  const { debtorId, creditorId, creationDate } = before;
  return [{ type: 'AccountPurge', debtorId, creditorId, creationDate, ts: recordedAt }];
}

/** Whether the change made an AccountUpdate due that is to be folded with others. */
export function becamePending(before: Account | undefined, after: Account | undefined): boolean {
  return after?.pendingUpdateSince !== undefined && after.pendingUpdateSince !== before?.pendingUpdateSince;
}

/** The messages due after an item of the transfers table changed; forgetting a finished one is no news. */
export function projectRecord(
  before: TransferRecord | undefined,
  after: TransferRecord | undefined,
): readonly OutgoingMessage[] {
  if (after === undefined) {
    return [];
  }
  if (after.kind === 'config-rejection') {
    return before === undefined ? [rejectedConfig(after)] : [];
  }
  return projectTransfer(before?.kind === 'transfer' ? before : undefined, after);
}

function projectTransfer(before: Transfer | undefined, after: Transfer): readonly OutgoingMessage[] {
  const { rejection, preparation, finalization, payment, credit } = after;
  const messages: (OutgoingMessage | undefined)[] = [
    rejection && !before?.rejection ? rejectedTransfer(after, rejection) : undefined,
    preparation && isPreparationNews(before, after) ? preparedTransfer(after, preparation) : undefined,
    finalization && !before?.finalization ? finalizedTransfer(after, finalization, preparation) : undefined,
    payment?.senderEntry && !before?.payment
      ? accountTransfer(after, payment, after.sender.creditorId, payment.senderEntry, payment.committedAt)
      : undefined,
    payment && credit?.recipientEntry && !before?.credit
      ? accountTransfer(after, payment, after.recipientId, credit.recipientEntry, credit.creditedAt)
      : undefined,
  ];
  return messages.filter((message) => message !== undefined);
}

/** A lock is announced when it is made, and again as long as it is prepared and its announcement was renewed. */
function isPreparationNews(before: Transfer | undefined, after: Transfer): boolean {
  if (before?.preparation === undefined) {
    return true;
  }
  return after.status === 'prepared' && after.preparation?.announcedAt !== before.preparation.announcedAt;
}

function accountUpdate(account: Account, settings: Settings): AccountUpdate {
  const { debtorInfo } = account;
  return {
    type: 'AccountUpdate',
    debtorId: account.debtorId,
    creditorId: account.creditorId,
    creationDate: account.creationDate,
    lastChangeTs: account.lastChangeTs,
    lastChangeSeqnum: account.lastChangeSeqnum,
    principal: account.principal,
    interest: account.interest,
    interestRate: account.interestRate,
    lastInterestRateChangeTs: account.lastInterestRateChangeTs,
    lastConfigTs: account.lastConfigTs,
    lastConfigSeqnum: account.lastConfigSeqnum,
    negligibleAmount: account.negligibleAmount,
    configFlags: account.configFlags,
    configData: account.configData,
    accountId: printAccountId(account.creditorId),
    debtorInfoIri: debtorInfo.iri,
    debtorInfoContentType: debtorInfo.contentType,
    debtorInfoSha256: debtorInfo.sha256,
    lastTransferNumber: account.lastTransferNumber,
    lastTransferCommittedAt: account.lastTransferCommittedAt,
    demurrageRate: DEMURRAGE_RATE,
    commitPeriod: Math.round(settings.commitPeriodSeconds),
    transferNoteMaxBytes: TRANSFER_NOTE_MAX_BYTES,
    ttl: Math.round(settings.messageMaxDelaySeconds),
    ts: account.announcedAt,
  };
}

function rejectedConfig({ config, rejectedAt }: ConfigRejection): OutgoingMessage {
  return {
    type: 'RejectedConfig',
    debtorId: config.debtorId,
    creditorId: config.creditorId,
    configTs: config.ts,
    configSeqnum: config.seqnum,
    configFlags: config.configFlags,
    negligibleAmount: config.negligibleAmount,
    configData: config.configData,
    rejectionCode: 'INVALID_CONFIGURATION',
    ts: rejectedAt,
  };
}

function rejectedTransfer(
  { sender, request }: Transfer,
  rejection: NonNullable<Transfer['rejection']>,
): OutgoingMessage {
  return {
    type: 'RejectedTransfer',
    ...sender,
    ...request,
    statusCode: rejection.statusCode,
    totalLockedAmount: rejection.totalLockedAmount,
    ts: rejection.rejectedAt,
  };
}

function preparedTransfer(
  { sender, request, transferId, recipientId }: Transfer,
  preparation: NonNullable<Transfer['preparation']>,
): PreparedTransfer {
  return {
    type: 'PreparedTransfer',
    ...sender,
    ...request,
    transferId,
    lockedAmount: preparation.lockedAmount,
    recipient: printAccountId(recipientId),
    preparedAt: preparation.preparedAt,
    demurrageRate: DEMURRAGE_RATE,
    deadline: preparation.deadline,
    finalInterestRateTs: preparation.finalInterestRateTs,
    ts: preparation.announcedAt,
  };
}

function finalizedTransfer(
  { sender, request, transferId }: Transfer,
  finalization: NonNullable<Transfer['finalization']>,
  preparation: Transfer['preparation'],
): OutgoingMessage {
  if (preparation === undefined) {
    throw new BrokenInvariantError('what was finalized was prepared before', sender);
  }
  return {
    type: 'FinalizedTransfer',
    ...sender,
    ...request,
    transferId,
    committedAmount: finalization.committedAmount,
    statusCode: finalization.statusCode,
    totalLockedAmount: finalization.totalLockedAmount,
    preparedAt: preparation.preparedAt,
    ts: finalization.finalizedAt,
  };
}

/** The transfer as the account `ownerId` sees it. Interest received is a payment of a negative amount to the root account. */
function accountTransfer(
  transfer: Transfer,
  payment: Payment,
  ownerId: bigint,
  entry: LedgerEntry,
  ts: Timestamp,
): AccountTransfer {
  const { sender, recipientId, request } = transfer;
  const [payerId, payeeId] =
    payment.amount < 0n ? [recipientId, sender.creditorId] : [sender.creditorId, recipientId];
  return {
    type: 'AccountTransfer',
    debtorId: sender.debtorId,
    creditorId: ownerId,
    creationDate: entry.creationDate,
    transferNumber: entry.transferNumber,
    coordinatorType: request.coordinatorType,
    sender: printAccountId(payerId),
    recipient: printAccountId(payeeId),
    acquiredAmount: ownerId === sender.creditorId ? -payment.amount : payment.amount,
    transferNote: payment.note,
    transferNoteFormat: payment.noteFormat,
    committedAt: payment.committedAt,
    principal: entry.principal,
    previousTransferNumber: entry.transferNumber - 1n,
    ts,
  };
}
