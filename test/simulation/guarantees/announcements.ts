/** What clients must be told about an account or a transfer: written a second time, independently of the projection. */

import type { OutgoingMessage } from '../../../lib/protocol/messages.ts';
import type { Account } from '../../../lib/rules/account.ts';
import type { Transfer, TransferRecord } from '../../../lib/rules/transfer.ts';
import type { OperationSettings } from '../../../lib/shell/settings.ts';

/** What an AccountUpdate says of an account besides constants. A change of any of it is announced. */
export function announcedFields(account: Account): Readonly<Record<string, unknown>> {
  const { debtorInfo } = account;
  return {
    creationDate: account.creationDate,
    principal: account.principal,
    interest: account.interest,
    interestRate: account.interestRate,
    lastInterestRateChangeTs: account.lastInterestRateChangeTs,
    ...configFields(account),
    debtorInfoIri: debtorInfo.iri,
    debtorInfoContentType: debtorInfo.contentType,
    debtorInfoSha256: debtorInfo.sha256,
    lastTransferNumber: account.lastTransferNumber,
    lastTransferCommittedAt: account.lastTransferCommittedAt,
  };
}

function configFields(account: Account): Readonly<Record<string, unknown>> {
  return {
    lastConfigTs: account.lastConfigTs,
    lastConfigSeqnum: account.lastConfigSeqnum,
    negligibleAmount: account.negligibleAmount,
    configFlags: account.configFlags,
    configData: account.configData,
  };
}

/** What must be announced at once: configuration, interest rate, creation, deletion, and a return from it. */
export function urgentFields(account: Account): Readonly<Record<string, unknown>> {
  return {
    ...configFields(account),
    creationDate: account.creationDate,
    interestRate: account.interestRate,
    isDeleted: account.deletedAt !== undefined,
    debtorInfo: account.debtorInfo,
  };
}

/** An AccountUpdate in this state, but for its `ts`. */
export function updateOf(account: Account, settings: OperationSettings): Readonly<Record<string, unknown>> {
  return {
    type: 'AccountUpdate',
    debtorId: account.debtorId,
    creditorId: account.creditorId,
    accountId: BigInt.asUintN(64, account.creditorId).toString(),
    lastChangeTs: account.lastChangeTs,
    lastChangeSeqnum: account.lastChangeSeqnum,
    ...announcedFields(account),
    demurrageRate: -50,
    commitPeriod: Math.round(settings.commitPeriodSeconds),
    transferNoteMaxBytes: 500,
    ttl: Math.round(settings.messageMaxDelaySeconds),
  };
}

/** Parts of a message that two announcements of the same fact may differ in. */
const NOT_COMPARED: Readonly<Record<string, readonly string[]>> = {
  AccountUpdate: ['ts'],
  PreparedTransfer: ['ts'],
  AccountPurge: ['ts'],
};

const CONTENTS = new WeakMap<object, string>();

/** The same text for all messages with the same meaning. */
export function contentOf(message: Readonly<Record<string, unknown>>): string {
  const known = CONTENTS.get(message);
  if (known !== undefined) {
    return known;
  }
  const omitted = NOT_COMPARED[String(message.type)] ?? [];
  const content = Object.keys(message)
    .filter((name) => !omitted.includes(name))
    .sort()
    .map((name) => `${name}=${message[name]}`)
    .join(' ');
  CONTENTS.set(message, content);
  return content;
}

/** The messages that an item of the transfers table, in its final state, must have caused. */
export function messagesOf(record: TransferRecord): readonly Readonly<Record<string, unknown>>[] {
  if (record.kind === 'config-rejection') {
    const { config, rejectedAt } = record;
    const { debtorId, creditorId, configFlags, negligibleAmount, configData } = config;
    return [
      {
        type: 'RejectedConfig' satisfies OutgoingMessage['type'],
        debtorId,
        creditorId,
        configTs: config.ts,
        configSeqnum: config.seqnum,
        configFlags,
        negligibleAmount,
        configData,
        rejectionCode: 'INVALID_CONFIGURATION',
        ts: rejectedAt,
      },
    ];
  }
  if (record.kind === 'tombstone') {
    const { sender, creationDate, purgedAt } = record;
    return [{ type: 'AccountPurge', ...sender, creationDate, ts: purgedAt }];
  }
  return [...coordinatorMessagesOf(record), ...transferMessagesOf(record)];
}

function coordinatorMessagesOf(transfer: Transfer): Readonly<Record<string, unknown>>[] {
  const { sender, request, transferId, recipientId, rejection, preparation, finalization } = transfer;
  const messages: Readonly<Record<string, unknown>>[] = [];
  if (rejection !== undefined) {
    const { rejectedAt, ...reason } = rejection;
    messages.push({ type: 'RejectedTransfer', ...sender, ...request, ...reason, ts: rejectedAt });
  }
  if (preparation !== undefined) {
    const { announcedAt, ...lock } = preparation;
    const recipient = BigInt.asUintN(64, recipientId).toString();
    messages.push({
      type: 'PreparedTransfer',
      ...sender,
      ...request,
      transferId,
      ...lock,
      recipient,
      demurrageRate: -50,
      ts: announcedAt,
    });
  }
  if (finalization !== undefined) {
    const { finalizedAt, ...outcome } = finalization;
    messages.push({
      type: 'FinalizedTransfer',
      ...sender,
      ...request,
      transferId,
      ...outcome,
      preparedAt: preparation?.preparedAt,
      ts: finalizedAt,
    });
  }
  return messages;
}

function transferMessagesOf({
  sender,
  recipientId,
  request,
  payment,
  credit,
}: Transfer): Readonly<Record<string, unknown>>[] {
  if (payment === undefined) {
    return [];
  }
  const isReversed = payment.amount < 0n;
  const [payer, payee] = [sender.creditorId, recipientId].map((id) => BigInt.asUintN(64, id).toString());
  const common = {
    type: 'AccountTransfer',
    debtorId: sender.debtorId,
    coordinatorType: request.coordinatorType,
    sender: isReversed ? payee : payer,
    recipient: isReversed ? payer : payee,
    transferNote: payment.note,
    transferNoteFormat: payment.noteFormat,
    committedAt: payment.committedAt,
  };
  const sides = [
    {
      creditorId: sender.creditorId,
      entry: payment.senderEntry,
      amount: -payment.amount,
      ts: payment.committedAt,
    },
    {
      creditorId: recipientId,
      entry: credit?.recipientEntry,
      amount: payment.amount,
      ts: credit?.creditedAt,
    },
  ];
  return sides.flatMap(({ creditorId, entry, amount, ts }) =>
    entry === undefined
      ? []
      : [
          {
            ...common,
            creditorId,
            ...entry,
            previousTransferNumber: entry.transferNumber - 1n,
            acquiredAmount: amount,
            ts,
          },
        ],
  );
}
