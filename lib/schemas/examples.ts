/**
 * One example of each message; docs/protocol.md shows the same. Together they tell of one account: it is opened, pays, is
 * refused a payment and a configuration, and is purged at last.
 */

import type { IncomingMessage, OutgoingMessage } from '../protocol/messages.ts';
import { EPOCH, parseTimestamp, type Timestamp } from '../protocol/timestamps.ts';
import type { MessageType } from './descriptions.ts';

type MessageOf<T extends MessageType> = Extract<IncomingMessage | OutgoingMessage, { readonly type: T }>;

const ACCOUNT = { debtorId: 7n, creditorId: 1099511627777n };
const RECIPIENT = '1099511627778';
const OPENED = instant('2026-11-02T09:30:00.250000Z');
const REQUESTED = instant('2026-11-02T09:31:00Z');
const PREPARED = instant('2026-11-02T09:31:00.731204Z');
const COMMITTED = instant('2026-11-02T09:31:02.118733Z');
const COORDINATOR = {
  coordinatorType: 'direct',
  coordinatorId: 1099511627777n,
  coordinatorRequestId: 1n,
};
const TRANSFER = { ...ACCOUNT, transferId: 6557480414330891250n, ...COORDINATOR };
const CONFIGURATION = { negligibleAmount: 2, configFlags: 0, configData: '' };
const CREATION_DATE = '2026-11-02';

export const EXAMPLES: { readonly [T in MessageType]: MessageOf<T> } = {
  ConfigureAccount: { type: 'ConfigureAccount', ...ACCOUNT, ...CONFIGURATION, ts: OPENED, seqnum: 0 },
  PrepareTransfer: {
    type: 'PrepareTransfer',
    ...ACCOUNT,
    ...COORDINATOR,
    minLockedAmount: 250n,
    maxLockedAmount: 250n,
    recipient: RECIPIENT,
    finalInterestRateTs: instant('9999-12-31T23:59:59Z'),
    maxCommitDelay: 3600,
    ts: REQUESTED,
  },
  FinalizeTransfer: {
    type: 'FinalizeTransfer',
    ...TRANSFER,
    committedAmount: 250n,
    transferNote: 'two kilos of apples',
    transferNoteFormat: '',
    ts: instant('2026-11-02T09:31:01.500000Z'),
  },
  RejectedConfig: {
    type: 'RejectedConfig',
    ...ACCOUNT,
    ts: instant('2026-11-02T09:40:00.411876Z'),
    configTs: instant('2026-11-02T09:40:00Z'),
    configSeqnum: 1,
    ...CONFIGURATION,
    configData: 'not for an ordinary account',
    rejectionCode: 'INVALID_CONFIGURATION',
  },
  RejectedTransfer: {
    type: 'RejectedTransfer',
    ...ACCOUNT,
    ts: instant('2026-11-02T09:35:00.902113Z'),
    ...COORDINATOR,
    coordinatorRequestId: 2n,
    statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT',
    totalLockedAmount: 0n,
  },
  PreparedTransfer: {
    type: 'PreparedTransfer',
    ...TRANSFER,
    ts: PREPARED,
    lockedAmount: 250n,
    recipient: RECIPIENT,
    preparedAt: PREPARED,
    demurrageRate: -50,
    deadline: instant('2026-11-02T10:31:00Z'),
    finalInterestRateTs: instant('9999-12-31T23:59:59Z'),
  },
  FinalizedTransfer: {
    type: 'FinalizedTransfer',
    ...TRANSFER,
    ts: COMMITTED,
    committedAmount: 250n,
    statusCode: 'OK',
    totalLockedAmount: 0n,
    preparedAt: PREPARED,
  },
  AccountUpdate: {
    type: 'AccountUpdate',
    ...ACCOUNT,
    ts: instant('2026-11-02T09:33:02.540017Z'),
    creationDate: CREATION_DATE,
    lastChangeTs: COMMITTED,
    lastChangeSeqnum: 3,
    principal: 750n,
    interest: 0,
    interestRate: 0,
    lastInterestRateChangeTs: EPOCH,
    lastConfigTs: OPENED,
    lastConfigSeqnum: 0,
    ...CONFIGURATION,
    accountId: '1099511627777',
    debtorInfoIri: 'https://example.com/currency',
    debtorInfoContentType: '',
    debtorInfoSha256: '',
    lastTransferNumber: 2n,
    lastTransferCommittedAt: COMMITTED,
    demurrageRate: -50,
    commitPeriod: 7_776_000,
    transferNoteMaxBytes: 500,
    ttl: 604_800,
  },
  AccountPurge: {
    type: 'AccountPurge',
    ...ACCOUNT,
    ts: instant('2027-05-01T02:00:00.115009Z'),
    creationDate: CREATION_DATE,
  },
  AccountTransfer: {
    type: 'AccountTransfer',
    ...ACCOUNT,
    ts: COMMITTED,
    creationDate: CREATION_DATE,
    transferNumber: 2n,
    coordinatorType: 'direct',
    sender: '1099511627777',
    recipient: RECIPIENT,
    acquiredAmount: -250n,
    transferNote: 'two kilos of apples',
    transferNoteFormat: '',
    committedAt: COMMITTED,
    principal: 750n,
    previousTransferNumber: 1n,
  },
};

function instant(text: string): Timestamp {
  const timestamp = parseTimestamp(text);
  if (timestamp === undefined) {
    throw new RangeError(`no instant: ${text}`);
  }
  return timestamp;
}
