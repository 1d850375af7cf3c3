/** Arbitrary accounts and records for property tests of storage: every field over its whole range. */

import fc from 'fast-check';
import type { Account } from '../../lib/rules/account.ts';
import type {
  ConfigRejection,
  LedgerEntry,
  Tombstone,
  Transfer,
  TransferStatus,
} from '../../lib/rules/transfer.ts';
import {
  aConfigureAccount,
  aFiniteDouble,
  anInt32,
  anInt64,
  aText,
  aTimestamp,
} from './message-arbitraries.ts';

const anAmount = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1n, 2n ** 63n - 1n),
);
const aDate = fc.constantFrom('0001-01-01', '2026-09-21', '9999-12-31');
const aVersion = fc.bigInt({ min: 0n, max: 2n ** 64n });
/** As DynamoDB's time to live has it: whole seconds. */
const anExpiry = fc.bigInt({ min: 0n, max: 253_402_300_799n }).map((seconds) => seconds * 1_000_000n);
const aSender = plain<Transfer['sender']>({ debtorId: anInt64, creditorId: anInt64 });

export const anArbitraryAccount: fc.Arbitrary<Account> = plain({
  debtorId: anInt64,
  creditorId: anInt64,
  version: aVersion,
  creationDate: aDate,
  deletedAt: maybe(aTimestamp),
  principal: anInt64,
  clippedAmount: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  interest: aFiniteDouble,
  interestRate: aFiniteDouble,
  previousInterestRate: aFiniteDouble,
  lastInterestRateChangeTs: aTimestamp,
  totalLockedAmount: anAmount,
  pendingTransfersCount: fc.nat(2_147_483_647),
  lastChangeTs: aTimestamp,
  lastChangeSeqnum: anInt32,
  lastConfigTs: aTimestamp,
  lastConfigSeqnum: anInt32,
  negligibleAmount: aFiniteDouble.map(Math.abs),
  configFlags: anInt32,
  configData: aText(2000),
  debtorInfo: plain({ iri: aText(200), contentType: aText(100), sha256: aText(64) }),
  commitPeriod: anInt32,
  lastTransferNumber: anAmount,
  lastTransferCommittedAt: aTimestamp,
  lastCapitalizationTs: aTimestamp,
  lastDeletionAttemptTs: aTimestamp,
  pendingUpdateSince: maybe(aTimestamp),
  announcedAt: aTimestamp,
});

const anEntry: fc.Arbitrary<LedgerEntry> = plain({
  creationDate: aDate,
  transferNumber: anAmount,
  principal: anInt64,
});

const aRequest = plain<Transfer['request']>({
  coordinatorType: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 30 }),
  coordinatorId: anInt64,
  coordinatorRequestId: anInt64,
});
const anOwnRequest = plain<Transfer['request']>({
  coordinatorType: fc.constantFrom('interest', 'delete'),
  coordinatorId: fc.constant(0n),
  coordinatorRequestId: fc.constant(0n),
});
const PARTS = {
  rejection: plain({
    statusCode: fc.constantFrom('SENDER_IS_UNREACHABLE', 'TOO_MANY_TRANSFERS'),
    totalLockedAmount: anAmount,
    rejectedAt: aTimestamp,
  }),
  preparation: plain({
    lockedAmount: anAmount,
    preparedAt: aTimestamp,
    deadline: aTimestamp,
    finalInterestRateTs: aTimestamp,
    announcedAt: aTimestamp,
  }),
  finalization: plain({
    statusCode: fc.constantFrom('OK', 'TIMEOUT'),
    committedAmount: anAmount,
    totalLockedAmount: anAmount,
    finalizedAt: aTimestamp,
  }),
  payment: plain({
    amount: anInt64,
    committedAt: aTimestamp,
    note: aText(500),
    noteFormat: fc.stringMatching(/^[0-9A-Za-z.-]{0,8}$/),
    senderEntry: maybe(anEntry),
  }),
  credit: plain({ creditedAt: aTimestamp, recipientEntry: maybe(anEntry) }),
};

/** A transfer with the parts that its status says. */
export const anArbitraryTransfer: fc.Arbitrary<Transfer> = fc.oneof(
  aTransferWith(aRequest, 'rejected', ['rejection']),
  aTransferWith(aRequest, 'prepared', ['preparation']),
  aTransferWith(aRequest, 'dismissed', ['preparation', 'finalization']),
  aTransferWith(aRequest, 'committed', ['preparation', 'finalization', 'payment']),
  aTransferWith(aRequest, 'credited', ['preparation', 'finalization', 'payment', 'credit']),
  aTransferWith(anOwnRequest, 'committed', ['payment']),
  aTransferWith(anOwnRequest, 'credited', ['payment', 'credit']),
);

function aTransferWith(
  request: fc.Arbitrary<Transfer['request']>,
  status: TransferStatus,
  parts: readonly (keyof typeof PARTS)[],
): fc.Arbitrary<Transfer> {
  return plain({
    kind: fc.constant('transfer'),
    sender: aSender,
    transferId: anAmount,
    status: fc.constant(status),
    request,
    requestTs: aTimestamp,
    recipientId: anInt64,
    ...Object.fromEntries(parts.map((part) => [part, PARTS[part]])),
    expiresAt: maybe(anExpiry),
  }) as fc.Arbitrary<object> as fc.Arbitrary<Transfer>;
}

export const anArbitraryConfigRejection: fc.Arbitrary<ConfigRejection> = aConfigureAccount.chain((config) =>
  plain<ConfigRejection>({
    kind: fc.constant('config-rejection'),
    sender: fc.constant({ debtorId: config.debtorId, creditorId: config.creditorId }),
    transferId: anAmount.map((id) => -id - 1n),
    config: fc.constant(config),
    rejectedAt: aTimestamp,
    expiresAt: anExpiry,
  }),
);

export const anArbitraryTombstone: fc.Arbitrary<Tombstone> = plain<Tombstone>({
  kind: fc.constant('tombstone'),
  sender: fc.record({ debtorId: anInt64, creditorId: anInt64 }, { noNullPrototype: true }),
  transferId: anAmount.map((id) => -id - 1n),
  creationDate: aDate,
  purgedAt: aTimestamp,
  expiresAt: anExpiry,
});

function plain<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}
