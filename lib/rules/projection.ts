/**
 * Makes the outgoing SMP messages that are due after one item changed, from its two images. Nothing else creates messages.
 * Each step that the new image has and the old one has not is announced, also when several steps were one write.
 */

import { printAccountId } from '../protocol/account-ids.ts';
import { DEMURRAGE_RATE, TRANSFER_NOTE_MAX_BYTES } from '../protocol/constants.ts';
import type { AccountTransfer, AccountUpdate, OutgoingMessage } from '../protocol/messages.ts';
import { EPOCH, type Timestamp } from '../protocol/timestamps.ts';
import type { Account } from './account.ts';
import type { Settings } from './settings.ts';
import type {
  ConfigRejection,
  Finalization,
  LedgerEntry,
  Payment,
  Preparation,
  Tombstone,
  Transfer,
  TransferRecord,
} from './transfer.ts';

/** Two images of one account; `undefined` where the item did not exist. */
export interface AccountImages {
  readonly before: Account | undefined;
  readonly after: Account | undefined;
}

/**
 * The messages due after an account's item changed; none when an account was removed that was not deleted.
 * @param recordedAt when the change was recorded; the `ts` of an AccountPurge, whose account is gone
 */
export function projectAccount(
  { before, after }: AccountImages,
  recordedAt: Timestamp,
  settings: Settings,
): readonly OutgoingMessage[] {
  if (after !== undefined) {
    return after.announcedAt === before?.announcedAt ? [] : [accountUpdate(after, settings)];
  }
  // A purge is of a deleted account. Who removes another one by hand must not make its clients forget it for ever: what is put back
  // has the same creation date, and would count as purged.
  if (before?.deletedAt === undefined) {
    return [];
  }
  const { debtorId, creditorId, creationDate } = before;
  return [{ type: 'AccountPurge', debtorId, creditorId, creationDate, ts: recordedAt }];
}

/** Since when a deferred AccountUpdate is due that the change has made due; `undefined` when it made none. */
export function becamePending({ before, after }: AccountImages): Timestamp | undefined {
  const since = after?.pendingUpdateSince;
  return since === before?.pendingUpdateSince ? undefined : since;
}

/**
 * The messages due after an item of the transfers table changed; none when a finished one was forgotten. A new tombstone makes
 * none either: the removal of its account does.
 */
export function projectRecord(
  before: TransferRecord | undefined,
  after: TransferRecord | undefined,
): readonly OutgoingMessage[] {
  if (after === undefined || after.kind === 'tombstone') {
    return [];
  }
  if (after.kind === 'config-rejection') {
    return before === undefined ? [rejectedConfig(after)] : [];
  }
  return projectTransfer(before?.kind === 'transfer' ? before : undefined, after);
}

/**
 * The messages that an account, as it is now, shows to have been due: only its latest AccountUpdate. An account that was never
 * announced has none.
 */
export function messagesShownByAccount(account: Account, settings: Settings): readonly OutgoingMessage[] {
  return account.announcedAt === EPOCH ? [] : [accountUpdate(account, settings)];
}

/** The messages that an item of the transfers table, as it is now, shows to have been due: as if it had just been created. */
export function messagesShownByRecord(record: TransferRecord): readonly OutgoingMessage[] {
  return record.kind === 'tombstone' ? [accountPurge(record)] : projectRecord(undefined, record);
}

function accountPurge({ sender, creationDate, purgedAt }: Tombstone): OutgoingMessage {
  return { type: 'AccountPurge', ...sender, creationDate, ts: purgedAt };
}

function projectTransfer(before: Transfer | undefined, after: Transfer): readonly OutgoingMessage[] {
  const messages: OutgoingMessage[] = [];
  if (after.rejection && !before?.rejection) {
    messages.push(rejectedTransfer(after));
  }
  if (after.preparation && isPreparationNews(before, after)) {
    messages.push(preparedTransfer(after));
  }
  if (after.finalization && !before?.finalization) {
    messages.push(finalizedTransfer(after));
  }
  if (after.payment && !before?.payment) {
    const { senderEntry: entry, committedAt: ts } = after.payment;
    messages.push(...accountTransfers(after, { ownerId: after.sender.creditorId, entry, ts }));
  }
  if (after.credit && !before?.credit) {
    const { recipientEntry: entry, creditedAt: ts } = after.credit;
    messages.push(...accountTransfers(after, { ownerId: after.recipientId, entry, ts }));
  }
  return messages;
}

/** A lock is announced when it is made, and again when its announcement was renewed while it is still prepared. */
function isPreparationNews(before: Transfer | undefined, after: Transfer): boolean {
  if (before?.preparation === undefined) {
    return true;
  }
  return after.status === 'prepared' && after.preparation.announcedAt !== before.preparation.announcedAt;
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
    commitPeriod: account.commitPeriod,
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

function rejectedTransfer({ sender, request, rejection }: Transfer<'rejected'>): OutgoingMessage {
  return {
    type: 'RejectedTransfer',
    ...sender,
    ...request,
    statusCode: rejection.statusCode,
    totalLockedAmount: rejection.totalLockedAmount,
    ts: rejection.rejectedAt,
  };
}

function preparedTransfer(transfer: Extract<Transfer, { preparation: Preparation }>): OutgoingMessage {
  const { sender, request, transferId, recipientId, preparation } = transfer;
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

function finalizedTransfer(transfer: Extract<Transfer, { finalization: Finalization }>): OutgoingMessage {
  const { sender, request, transferId, finalization, preparation } = transfer;
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

/** One of the two accounts that the transfer changed. */
interface Side {
  readonly ownerId: bigint;
  readonly entry: LedgerEntry | undefined;
  readonly ts: Timestamp;
}

/** The transfer as one side sees it, where it has an entry there. Interest received is a negative payment to the root account. */
function accountTransfers(
  { sender, recipientId, request, payment }: Extract<Transfer, { payment: Payment }>,
  { ownerId, entry, ts }: Side,
): AccountTransfer[] {
  if (entry === undefined) {
    return [];
  }
  const [payerId, payeeId] =
    payment.amount < 0n ? [recipientId, sender.creditorId] : [sender.creditorId, recipientId];
  return [
    {
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
    },
  ];
}
