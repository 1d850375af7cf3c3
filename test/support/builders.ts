/**
 * Valid defaults for everything that the rules read, so that a test names only what matters to it. All values are
 * literals: the code under test computes nothing here.
 */

import type { ConfigureAccount, FinalizeTransfer, PrepareTransfer } from '../../lib/protocol/messages.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import type { Account, AccountKey, CurrencyTerms } from '../../lib/rules/account.ts';
import type { Circumstances, Settings } from '../../lib/rules/settings.ts';
import type { Snapshot } from '../../lib/rules/snapshot.ts';
import type {
  ConfigRejection,
  Credit,
  Finalization,
  Payment,
  Preparation,
  Tombstone,
  Transfer,
  TransferRecord,
  TransferStatus,
} from '../../lib/rules/transfer.ts';

/** 2027-01-15T08:00:00Z; a minute later is `1_800_000_060_000_000n`, a day later `1_800_086_400_000_000n`. */
export const NOW = 1_800_000_000_000_000n;

export const DEBTOR_ID = 1n;
/** The first account of agent 1 (2^40 + 1), and two of its neighbours. */
export const CREDITOR_ID = 1_099_511_627_777n;
export const RECIPIENT_ID = 1_099_511_627_778n;
export const STRANGER_ID = 1_099_511_627_779n;
/** Belongs to agent 2. */
export const FOREIGN_ID = 2_199_023_255_553n;

/** The defaults of the SMP specification and of the design, in seconds. */
export const DEFAULT_SETTINGS: Settings = {
  messageMaxDelaySeconds: 604_800,
  heartbeatSeconds: 604_800,
  accountUpdateDelaySeconds: 120,
  reminderSeconds: 604_800,
  commitPeriodSeconds: 7_776_000,
  minCapitalizationSeconds: 1_209_600,
  maxInterestToPrincipalRatio: 0.0001,
  deletionAttemptsMinSeconds: 1_209_600,
  intranetExtremeDelaySeconds: 1_209_600,
};

export function at(now: Timestamp): Circumstances {
  return { now, settings: DEFAULT_SETTINGS };
}

export const NO_TERMS: CurrencyTerms = { rate: 0, debtorInfo: { iri: '', contentType: '', sha256: '' } };

/** An ordinary account with nothing on it and without interest, created and configured on 2026-09-21. */
export function anAccount(changes: Partial<Account> = {}): Account {
  return {
    debtorId: DEBTOR_ID,
    creditorId: CREDITOR_ID,
    version: 1_790_000_000_000_000n,
    creationDate: '2026-09-21',
    deletedAt: undefined,
    principal: 0n,
    clippedAmount: 0n,
    interest: 0,
    interestRate: 0,
    previousInterestRate: 0,
    lastInterestRateChangeTs: 0n,
    totalLockedAmount: 0n,
    pendingTransfersCount: 0,
    lastChangeTs: 1_790_000_000_000_000n,
    lastChangeSeqnum: 0,
    lastConfigTs: 1_790_000_000_000_000n,
    lastConfigSeqnum: 0,
    negligibleAmount: 0,
    configFlags: 0,
    configData: '',
    debtorInfo: { iri: '', contentType: '', sha256: '' },
    commitPeriod: 7_776_000,
    lastTransferNumber: 0n,
    lastTransferCommittedAt: 0n,
    lastCapitalizationTs: 1_790_000_000_000_000n,
    lastDeletionAttemptTs: 0n,
    pendingUpdateSince: undefined,
    announcedAt: 1_790_000_000_000_000n,
    ...changes,
  };
}

/** A root account that may issue up to a million. */
export function aRootAccount(changes: Partial<Account> = {}): Account {
  return anAccount({ creditorId: 0n, negligibleAmount: 1e6, ...changes });
}

/** An account that was deleted on 2027-01-01. */
export function aDeletedAccount(changes: Partial<Account> = {}): Account {
  return anAccount({ deletedAt: 1_798_761_600_000_000n, configFlags: 1, ...changes });
}

export function aConfigureAccount(changes: Partial<ConfigureAccount> = {}): ConfigureAccount {
  return {
    type: 'ConfigureAccount',
    debtorId: DEBTOR_ID,
    creditorId: CREDITOR_ID,
    negligibleAmount: 2,
    configFlags: 0,
    configData: '',
    ts: NOW,
    seqnum: 0,
    ...changes,
  };
}

/** Asks to lock as much as possible, zero included, for as long as possible. */
export function aPrepareTransfer(changes: Partial<PrepareTransfer> = {}): PrepareTransfer {
  return {
    type: 'PrepareTransfer',
    debtorId: DEBTOR_ID,
    creditorId: CREDITOR_ID,
    coordinatorType: 'direct',
    coordinatorId: CREDITOR_ID,
    coordinatorRequestId: 7n,
    minLockedAmount: 0n,
    maxLockedAmount: 9_223_372_036_854_775_807n,
    recipient: '1099511627778',
    finalInterestRateTs: 253_402_300_799_999_999n,
    maxCommitDelay: 2_147_483_647,
    ts: NOW,
    ...changes,
  };
}

/** The same from a root account, for its debtor's issuing coordinator. */
export function anIssuingTransfer(changes: Partial<PrepareTransfer> = {}): PrepareTransfer {
  return aPrepareTransfer({
    creditorId: 0n,
    coordinatorType: 'issuing',
    coordinatorId: DEBTOR_ID,
    ...changes,
  });
}

/** Commits 100 of the transfer that `aTransfer` makes. */
export function aFinalizeTransfer(changes: Partial<FinalizeTransfer> = {}): FinalizeTransfer {
  return {
    type: 'FinalizeTransfer',
    debtorId: DEBTOR_ID,
    creditorId: CREDITOR_ID,
    transferId: 5n,
    coordinatorType: 'direct',
    coordinatorId: CREDITOR_ID,
    coordinatorRequestId: 7n,
    committedAmount: 100n,
    transferNote: '',
    transferNoteFormat: '',
    ts: NOW,
    ...changes,
  };
}

/** 100 locked now, for 90 days. */
export function aPreparation(changes: Partial<Preparation> = {}): Preparation {
  return {
    lockedAmount: 100n,
    preparedAt: NOW,
    deadline: 1_807_776_000_000_000n,
    finalInterestRateTs: 253_402_300_799_999_999n,
    announcedAt: NOW,
    ...changes,
  };
}

/** A transfer that was requested, unlike payments of type `interest` and `delete`. */
type Requested<S extends TransferStatus> = Extract<Transfer<S>, { preparation: Preparation }>;

/** A prepared transfer. */
export function aTransfer(changes: Partial<Requested<'prepared'>> = {}): Requested<'prepared'> {
  return {
    kind: 'transfer',
    sender: { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID },
    transferId: 5n,
    status: 'prepared',
    request: { coordinatorType: 'direct', coordinatorId: CREDITOR_ID, coordinatorRequestId: 7n },
    requestTs: NOW,
    recipientId: RECIPIENT_ID,
    preparation: aPreparation(),
    expiresAt: undefined,
    ...changes,
  };
}

export function aPayment(changes: Partial<Payment> = {}): Payment {
  return {
    amount: 100n,
    committedAt: NOW,
    note: '',
    noteFormat: '',
    senderEntry: { creationDate: '2026-09-21', transferNumber: 1n, principal: 900n },
    ...changes,
  };
}

export function aFinalization(changes: Partial<Finalization> = {}): Finalization {
  return {
    statusCode: 'OK',
    committedAmount: 100n,
    totalLockedAmount: 0n,
    finalizedAt: NOW,
    ...changes,
  };
}

/** A transfer of 100 that left the sender now and has not reached the recipient. */
export function aCommittedTransfer(changes: Partial<Requested<'committed'>> = {}): Requested<'committed'> {
  return {
    ...aTransfer(),
    status: 'committed',
    finalization: aFinalization(),
    payment: aPayment(),
    ...changes,
  };
}

/** A transfer whose lock was released now, and nothing was paid. */
export function aDismissedTransfer(changes: Partial<Requested<'dismissed'>> = {}): Requested<'dismissed'> {
  return {
    ...aTransfer(),
    status: 'dismissed',
    finalization: aFinalization({ committedAmount: 0n }),
    expiresAt: 1_803_196_800_000_000n,
    ...changes,
  };
}

export function aCredit(changes: Partial<Credit> = {}): Credit {
  return {
    creditedAt: 1_800_000_001_000_000n,
    recipientEntry: { creationDate: '2026-10-01', transferNumber: 1n, principal: 100n },
    ...changes,
  };
}

/** The same, a second after it reached the recipient; kept for 37 days. */
export function aCreditedTransfer(changes: Partial<Requested<'credited'>> = {}): Requested<'credited'> {
  return {
    ...aCommittedTransfer(),
    status: 'credited',
    credit: aCredit(),
    expiresAt: 1_803_196_801_000_000n,
    ...changes,
  };
}

export function aRejectedTransfer(changes: Partial<Transfer<'rejected'>> = {}): Transfer<'rejected'> {
  const { preparation: _, ...transfer } = aTransfer();
  return {
    ...transfer,
    status: 'rejected',
    rejection: { statusCode: 'SENDER_IS_UNREACHABLE', totalLockedAmount: 0n, rejectedAt: NOW },
    expiresAt: 1_803_196_800_000_000n,
    ...changes,
  };
}

export function aConfigRejection(changes: Partial<ConfigRejection> = {}): ConfigRejection {
  return {
    kind: 'config-rejection',
    sender: { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID },
    transferId: -5n,
    config: aConfigureAccount({ configData: 'not acceptable' }),
    rejectedAt: NOW,
    expiresAt: 1_803_196_800_000_000n,
    ...changes,
  };
}

export function aTombstone(changes: Partial<Tombstone> = {}): Tombstone {
  return {
    kind: 'tombstone',
    sender: { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID },
    transferId: -7n,
    creationDate: '2026-01-01',
    purgedAt: NOW,
    expiresAt: 1_803_196_800_000_000n,
    ...changes,
  };
}

export interface SnapshotParts {
  /** The account's own key unless given. */
  readonly key?: AccountKey;
  /** Missing: an account without money. Given as `undefined`: there is no such account. */
  readonly account?: Account | undefined;
  readonly records?: readonly TransferRecord[];
  readonly terms?: CurrencyTerms;
  /** The creditor IDs, besides the root account's, that can be sent to. */
  readonly reachable?: readonly bigint[];
}

/** One account without money and a reachable recipient; no transfers, a currency without terms. */
export function aSnapshot(parts: SnapshotParts = {}): Snapshot {
  const account = 'account' in parts ? parts.account : anAccount();
  const { records = [], terms = NO_TERMS, reachable = [RECIPIENT_ID] } = parts;
  const { debtorId, creditorId } = parts.key ?? account ?? { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID };
  return {
    key: { debtorId, creditorId },
    account,
    records: new Map(records.map((record) => [record.transferId, record])),
    terms,
    isReachable: (id) => id === 0n || reachable.includes(id),
  };
}
