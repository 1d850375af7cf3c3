/** Messages of the authority with valid defaults, about the transfer and the account of `aRequest`. */

import type {
  AccountTransfer,
  AccountUpdate,
  FinalizedTransfer,
  PreparedTransfer,
  PrepareTransfer,
  RejectedTransfer,
} from '../../../lib/protocol/messages.ts';
import { aPrepareTransfer, NOW } from '../../support/builders.ts';

const HEADER = { debtorId: 1n, creditorId: 1_099_511_627_777n };
const COORDINATOR = {
  coordinatorType: 'direct',
  coordinatorId: 1_099_511_627_777n,
  coordinatorRequestId: 7n,
};

/** Asks for exactly 100. */
export function aRequest(changes: Partial<PrepareTransfer> = {}): PrepareTransfer {
  return aPrepareTransfer({ minLockedAmount: 100n, maxLockedAmount: 100n, ...changes });
}

export function aPreparedTransfer(changes: Partial<PreparedTransfer> = {}): PreparedTransfer {
  return {
    type: 'PreparedTransfer',
    ...HEADER,
    ...COORDINATOR,
    transferId: 5n,
    lockedAmount: 100n,
    recipient: '1099511627778',
    preparedAt: NOW + 1_000_000n,
    demurrageRate: -50,
    deadline: NOW + 7_776_000_000_000n,
    finalInterestRateTs: 253_402_300_799_999_999n,
    ts: NOW + 1_000_000n,
    ...changes,
  };
}

export function aRejectedTransfer(changes: Partial<RejectedTransfer> = {}): RejectedTransfer {
  return {
    type: 'RejectedTransfer',
    ...HEADER,
    ...COORDINATOR,
    statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT',
    totalLockedAmount: 30n,
    ts: NOW + 1_000_000n,
    ...changes,
  };
}

export function aFinalizedTransfer(changes: Partial<FinalizedTransfer> = {}): FinalizedTransfer {
  return {
    type: 'FinalizedTransfer',
    ...HEADER,
    ...COORDINATOR,
    transferId: 5n,
    committedAmount: 100n,
    statusCode: 'OK',
    totalLockedAmount: 0n,
    preparedAt: NOW + 1_000_000n,
    ts: NOW + 2_000_000n,
    ...changes,
  };
}

/** An account with nothing on it. */
export function anAccountUpdate(changes: Partial<AccountUpdate> = {}): AccountUpdate {
  return {
    type: 'AccountUpdate',
    ...HEADER,
    creationDate: '2027-01-15',
    lastChangeTs: NOW,
    lastChangeSeqnum: 1,
    principal: 0n,
    interest: 0,
    interestRate: 0,
    lastInterestRateChangeTs: 0n,
    lastConfigTs: NOW,
    lastConfigSeqnum: 0,
    negligibleAmount: 0,
    configFlags: 0,
    configData: '',
    accountId: '1099511627777',
    debtorInfoIri: '',
    debtorInfoContentType: '',
    debtorInfoSha256: '',
    lastTransferNumber: 0n,
    lastTransferCommittedAt: 0n,
    demurrageRate: -50,
    commitPeriod: 7_776_000,
    transferNoteMaxBytes: 500,
    ttl: 604_800,
    ts: NOW,
    ...changes,
  };
}

/** The first transfer of the account: 100 came in. */
export function anAccountTransfer(changes: Partial<AccountTransfer> = {}): AccountTransfer {
  return {
    type: 'AccountTransfer',
    ...HEADER,
    creationDate: '2027-01-15',
    transferNumber: 1n,
    coordinatorType: 'direct',
    sender: '1099511627778',
    recipient: '1099511627777',
    acquiredAmount: 100n,
    transferNote: '',
    transferNoteFormat: '',
    committedAt: NOW,
    principal: 100n,
    previousTransferNumber: 0n,
    ts: NOW,
    ...changes,
  };
}
