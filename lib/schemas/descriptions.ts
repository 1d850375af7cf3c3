/** What each message and each field means, in a sentence or two for readers of the schemas. docs/protocol.md has the rules. */

import type { FieldName } from '../protocol/field-table.ts';
import type { INCOMING_MESSAGE_SCHEMAS, OUTGOING_MESSAGE_SCHEMAS } from '../protocol/messages.ts';

export type MessageType = keyof typeof INCOMING_MESSAGE_SCHEMAS | keyof typeof OUTGOING_MESSAGE_SCHEMAS;

export const MESSAGE_DESCRIPTIONS: Readonly<Record<MessageType, string>> = {
  ConfigureAccount:
    'Creates an account, or changes its configuration. An older configuration than the applied one is ignored.',
  PrepareTransfer:
    'Asks to lock an amount on the sender’s account. PreparedTransfer or RejectedTransfer answers.',
  FinalizeTransfer: 'Commits or dismisses a prepared transfer. FinalizedTransfer answers.',
  RejectedConfig: 'A ConfigureAccount was not applied. The fields repeat what was sent.',
  RejectedTransfer: 'A PrepareTransfer was refused, and nothing is locked.',
  PreparedTransfer:
    'An amount is locked. The message is repeated from time to time until the transfer is finalized.',
  FinalizedTransfer: 'A prepared transfer has ended, and its amount is no longer locked.',
  AccountUpdate: 'The state of an account. The message is repeated as a heartbeat when nothing changes.',
  AccountPurge: 'A deleted account was removed. Nothing is known about it any more.',
  AccountTransfer:
    'A committed transfer changed the account’s principal. Root accounts get none, and negligible transfers cause none.',
};

export const FIELD_DESCRIPTIONS: Readonly<Record<FieldName, string>> = {
  debtorId: 'The currency, by its debtor.',
  creditorId: 'The account’s owner; 0 for the root account, which belongs to the debtor.',
  ts: 'When the message was made.',
  seqnum: 'Orders configurations of the same ts; after 2147483647 comes -2147483648.',

  negligibleAmount: 'Up to this amount, incoming transfers are not announced and the account may be deleted.',
  configFlags: 'Bit 0 schedules the account for deletion. Other bits are kept and echoed.',
  configData: 'Empty, or for a root account a RootConfigData in JSON. At most 2000 bytes in UTF-8.',
  configTs: 'The ts of the rejected ConfigureAccount.',
  configSeqnum: 'The seqnum of the rejected ConfigureAccount.',
  rejectionCode: 'Why the configuration was not applied.',

  transferId: 'The prepared transfer, unique for its account. It is often greater than 2^53.',
  coordinatorType:
    'The kind of coordinator: direct, issuing, agent, or one of your own. interest and delete are the authority’s.',
  coordinatorId: 'Who asked for the transfer, among coordinators of its type.',
  coordinatorRequestId: 'The request, chosen by its coordinator.',
  minLockedAmount: 'The request is rejected if so much is not available.',
  maxLockedAmount: 'No more is locked, even if it is available. At least min_locked_amount.',
  lockedAmount: 'How much was locked.',
  totalLockedAmount: 'How much is locked on the account by all its prepared transfers.',
  committedAmount: 'How much is, or was, transferred; 0 if the transfer is dismissed or failed.',
  recipient: 'The account ID of the recipient: the creditor ID as an unsigned 64-bit integer in decimal.',
  maxCommitDelay: 'How many seconds after ts the transfer may be committed at most.',
  finalInterestRateTs: 'The transfer fails if the sender’s interest rate changes after this moment.',
  transferNote: 'A note of the sender to the recipient. At most 500 bytes in UTF-8.',
  transferNoteFormat: 'The format of the note; empty for plain text.',
  preparedAt: 'When the transfer was prepared.',
  deadline: 'The last moment at which the transfer can be committed.',
  statusCode: 'OK, or why the transfer failed.',

  transferNumber: 'The number of this transfer, counted from 1 for each account.',
  previousTransferNumber: 'The number of the transfer before, 0 for the first.',
  sender: 'The account ID of the sender: the creditor ID as an unsigned 64-bit integer in decimal.',
  acquiredAmount: 'By how much the principal has risen; negative for the sender.',
  committedAt: 'When the transfer was committed, the same on both sides.',

  accountId: 'The creditor ID as an unsigned 64-bit integer in decimal. Others give it as recipient.',
  creationDate:
    'When the account was created. An account that is created again after its purge has a later date.',
  lastChangeTs: 'When a field of the account changed last.',
  lastChangeSeqnum: 'Orders changes of the account; after 2147483647 comes -2147483648.',
  principal: 'What the debtor owes the creditor, without interest.',
  interest: 'Accumulated interest that is not yet in the principal, up to last_change_ts.',
  interestRate: 'Percent a year.',
  lastInterestRateChangeTs: 'When the interest rate changed last.',
  lastConfigTs: 'The ts of the ConfigureAccount that was applied last.',
  lastConfigSeqnum: 'The seqnum of the ConfigureAccount that was applied last.',
  lastTransferNumber: 'The transfer_number of the latest AccountTransfer, 0 if there was none.',
  lastTransferCommittedAt: 'The committed_at of the latest AccountTransfer.',
  debtorInfoIri: 'Where the currency is described; may be empty.',
  debtorInfoContentType: 'The content type of that description; may be empty.',
  debtorInfoSha256: 'The SHA-256 of that description in upper-case hexadecimal; may be empty.',

  demurrageRate: 'The rate, in percent a year, at which a locked amount may lose value.',
  commitPeriod: 'For how many seconds a prepared transfer can be committed.',
  transferNoteMaxBytes: 'How long a transfer note may be, in bytes of UTF-8.',
  ttl: 'For how many seconds after ts the message counts. Ignore it later.',
};
