/**
 * Arbitrary messages of every type for property tests: the whole legal range of each field, with more values near its
 * ends, and texts as hostile as the limits allow.
 */

import fc from 'fast-check';
import type {
  AccountPurge,
  AccountTransfer,
  AccountUpdate,
  ConfigureAccount,
  FinalizedTransfer,
  FinalizeTransfer,
  IncomingMessage,
  OutgoingMessage,
  PreparedTransfer,
  PrepareTransfer,
  RejectedConfig,
  RejectedTransfer,
} from '../../lib/protocol/messages.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

export const anInt64 = int64Between(MIN_INT64, MAX_INT64);
const anAmount = int64Between(0n, MAX_INT64);
const aPositiveInt64 = int64Between(1n, MAX_INT64);
export const anInt32 = int32Between(-(2 ** 31), 2 ** 31 - 1);
const aNaturalInt32 = int32Between(0, 2 ** 31 - 1);

/** Any finite double, −0, subnormals and the greatest included. */
export const aFiniteDouble = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, 1e300, 1e21, 1e20, 0.1, 1.7976931348623157e308, 2 ** 53),
);
const aNegligibleAmount = aFiniteDouble.map((value) => Math.abs(value));
const anInterestRate = fc.oneof(
  fc.double({ min: -50, max: 100, noNaN: true }),
  fc.constantFrom(-50, 0, -0, 100),
);

/** Every instant of the years 1 to 9999, to the microsecond. */
export const aTimestamp = fc.oneof(
  fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }),
  fc.bigInt({ min: 1735689600000000n, max: 1893456000000000n }),
  fc.constantFrom(-62135596800000000n, -1n, 0n, 1n, 253402300799999999n),
);

const A_HOSTILE_CHARACTER = fc.constantFrom(
  ...['\u0000', '\u0001', '\t', '\n', '\r', '\u001f', '"', '\\', '/', '\u007f', '\u0080', '\u2028', '\u2029'],
  ...[
    '\ud7ff',
    '\ue000',
    '\ufeff',
    '\ufffd',
    '\ufffe',
    '\uffff',
    '\u{10000}',
    '\u{1ffff}',
    '\u{10ffff}',
    '٣',
  ],
);

/** Well-formed Unicode of at most so many UTF-8 bytes, rich in what JSON, SQS and SNS treat specially. */
export function aText(maxBytes: number): fc.Arbitrary<string> {
  const character = fc.oneof(A_HOSTILE_CHARACTER, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }));
  return fc.string({ unit: character, maxLength: Math.floor(maxBytes / 4) });
}

const anAsciiText = fc.string({ unit: 'binary-ascii', maxLength: 100 });
const aCoordinatorType = fc.oneof(
  fc.constantFrom('direct', 'issuing', 'agent'),
  fc.stringMatching(/^[\t\n\r -\x7f]{1,30}$/),
);
const anOrdinaryCoordinatorType = fc.stringMatching(/^[a-z0-9_]{1,30}$/).filter(isNoSpecialType);
const aNoteFormat = fc.stringMatching(/^[0-9A-Za-z.-]{0,8}$/);
const anAccountId = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const aSha256 = fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9A-F]{64}$/));

/** `YYYY-MM-DD` */
const aDate = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const account = { debtorId: anInt64, creditorId: anInt64 };
const coordinator = {
  coordinatorType: aCoordinatorType,
  coordinatorId: anInt64,
  coordinatorRequestId: anInt64,
};

export const aConfigureAccount: fc.Arbitrary<ConfigureAccount> = fc.record(
  {
    type: fc.constant('ConfigureAccount'),
    ...account,
    negligibleAmount: aNegligibleAmount,
    configFlags: anInt32,
    configData: aText(2000),
    ts: aTimestamp,
    seqnum: anInt32,
  },
  { noNullPrototype: true },
);

/** With a coordinator that may speak for the sender, of each type that has a rule and of one type without. */
export const aPrepareTransfer: fc.Arbitrary<PrepareTransfer> = fc
  .record(
    {
      type: fc.constant('PrepareTransfer'),
      ...account,
      coordinatorType: fc.oneof(fc.constantFrom('direct', 'issuing', 'agent'), anOrdinaryCoordinatorType),
      coordinatorId: anInt64,
      coordinatorRequestId: anInt64,
      minLockedAmount: anAmount,
      maxLockedAmount: anAmount,
      recipient: fc.oneof(anAccountId, anAsciiText),
      finalInterestRateTs: aTimestamp,
      maxCommitDelay: aNaturalInt32,
      ts: aTimestamp,
    },
    { noNullPrototype: true },
  )
  .map((request) => {
    const { minLockedAmount: a, maxLockedAmount: b } = request;
    const [minLockedAmount, maxLockedAmount] = a <= b ? [a, b] : [b, a];
    return { ...withLegalCoordinator(request), minLockedAmount, maxLockedAmount };
  });

export const aFinalizeTransfer: fc.Arbitrary<FinalizeTransfer> = fc.record(
  {
    type: fc.constant('FinalizeTransfer'),
    ...account,
    transferId: anInt64,
    ...coordinator,
    committedAmount: anAmount,
    transferNote: aText(500),
    transferNoteFormat: aNoteFormat,
    ts: aTimestamp,
  },
  { noNullPrototype: true },
);

const aRejectedConfig: fc.Arbitrary<RejectedConfig> = fc.record(
  {
    type: fc.constant('RejectedConfig'),
    ...account,
    ts: aTimestamp,
    configTs: aTimestamp,
    configSeqnum: anInt32,
    configFlags: anInt32,
    negligibleAmount: aNegligibleAmount,
    configData: aText(2000),
    rejectionCode: fc.constant('INVALID_CONFIGURATION'),
  },
  { noNullPrototype: true },
);

const aRejectedTransfer: fc.Arbitrary<RejectedTransfer> = fc.record(
  {
    type: fc.constant('RejectedTransfer'),
    ...account,
    ts: aTimestamp,
    ...coordinator,
    statusCode: fc.constantFrom('RECIPIENT_IS_UNREACHABLE', 'TOO_MANY_TRANSFERS', 'NEWER_INTEREST_RATE'),
    totalLockedAmount: anAmount,
  },
  { noNullPrototype: true },
);

const aPreparedTransfer: fc.Arbitrary<PreparedTransfer> = fc.record(
  {
    type: fc.constant('PreparedTransfer'),
    ...account,
    ts: aTimestamp,
    transferId: aPositiveInt64,
    ...coordinator,
    lockedAmount: anAmount,
    recipient: anAccountId,
    preparedAt: aTimestamp,
    demurrageRate: fc.double({ min: -50, max: 0, noNaN: true }),
    deadline: aTimestamp,
    finalInterestRateTs: aTimestamp,
  },
  { noNullPrototype: true },
);

const aFinalizedTransfer: fc.Arbitrary<FinalizedTransfer> = fc
  .record(
    {
      type: fc.constant('FinalizedTransfer'),
      ...account,
      ts: aTimestamp,
      transferId: aPositiveInt64,
      ...coordinator,
      committedAmount: anAmount,
      statusCode: fc.constantFrom('OK', 'TIMEOUT', 'INSUFFICIENT_AVAILABLE_AMOUNT', 'NEWER_INTEREST_RATE'),
      totalLockedAmount: anAmount,
      preparedAt: aTimestamp,
    },
    { noNullPrototype: true },
  )
  .map((message) => ({
    ...message,
    committedAmount: message.statusCode === 'OK' ? message.committedAmount : 0n,
  }));

const anAccountUpdate: fc.Arbitrary<AccountUpdate> = fc.record(
  {
    type: fc.constant('AccountUpdate'),
    ...account,
    ts: aTimestamp,
    creationDate: aDate,
    lastChangeTs: aTimestamp,
    lastChangeSeqnum: anInt32,
    principal: anInt64,
    interest: aFiniteDouble,
    interestRate: anInterestRate,
    lastInterestRateChangeTs: aTimestamp,
    lastConfigTs: aTimestamp,
    lastConfigSeqnum: anInt32,
    negligibleAmount: aNegligibleAmount,
    configFlags: anInt32,
    configData: aText(2000),
    accountId: anAccountId,
    debtorInfoIri: aText(200),
    debtorInfoContentType: anAsciiText,
    debtorInfoSha256: aSha256,
    lastTransferNumber: anAmount,
    lastTransferCommittedAt: aTimestamp,
    demurrageRate: fc.double({ min: -50, max: 0, noNaN: true }),
    commitPeriod: aNaturalInt32,
    transferNoteMaxBytes: aNaturalInt32,
    ttl: aNaturalInt32,
  },
  { noNullPrototype: true },
);

const anAccountPurge: fc.Arbitrary<AccountPurge> = fc.record(
  { type: fc.constant('AccountPurge'), ...account, ts: aTimestamp, creationDate: aDate },
  { noNullPrototype: true },
);

const anAccountTransfer: fc.Arbitrary<AccountTransfer> = fc.record(
  {
    type: fc.constant('AccountTransfer'),
    ...account,
    ts: aTimestamp,
    creationDate: aDate,
    transferNumber: aPositiveInt64,
    coordinatorType: aCoordinatorType,
    sender: anAccountId,
    recipient: anAccountId,
    acquiredAmount: anInt64,
    transferNote: aText(500),
    transferNoteFormat: aNoteFormat,
    committedAt: aTimestamp,
    principal: anInt64,
    previousTransferNumber: anAmount,
  },
  { noNullPrototype: true },
);

/** By message type. */
export const ARBITRARY_INCOMING_MESSAGES: {
  readonly [T in IncomingMessage['type']]: fc.Arbitrary<Extract<IncomingMessage, { type: T }>>;
} = {
  ConfigureAccount: aConfigureAccount,
  PrepareTransfer: aPrepareTransfer,
  FinalizeTransfer: aFinalizeTransfer,
};

/** By message type. */
export const ARBITRARY_OUTGOING_MESSAGES: {
  readonly [T in OutgoingMessage['type']]: fc.Arbitrary<Extract<OutgoingMessage, { type: T }>>;
} = {
  RejectedConfig: aRejectedConfig,
  RejectedTransfer: aRejectedTransfer,
  PreparedTransfer: aPreparedTransfer,
  FinalizedTransfer: aFinalizedTransfer,
  AccountUpdate: anAccountUpdate,
  AccountPurge: anAccountPurge,
  AccountTransfer: anAccountTransfer,
};

function int64Between(min: bigint, max: bigint): fc.Arbitrary<bigint> {
  const ends = [min, min + 1n, -1n, 0n, 1n, 2n ** 53n, 2n ** 53n + 1n, max - 1n, max];
  return fc.oneof(
    fc.bigInt({ min, max }),
    fc.constantFrom(...ends.filter((end) => end >= min && end <= max)),
  );
}

function int32Between(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
}

function isNoSpecialType(type: string): boolean {
  return !['direct', 'issuing', 'agent', 'interest', 'delete'].includes(type);
}

interface Coordinated {
  readonly coordinatorType: string;
  readonly coordinatorId: bigint;
  readonly debtorId: bigint;
  readonly creditorId: bigint;
}

function withLegalCoordinator<T extends Coordinated>(request: T): T {
  const { coordinatorType, coordinatorId, debtorId, creditorId } = request;
  if (coordinatorType === 'direct') {
    return { ...request, coordinatorId: creditorId };
  }
  if (coordinatorType === 'issuing') {
    return { ...request, coordinatorId: debtorId, creditorId: 0n };
  }
  if (coordinatorType !== 'agent') {
    return request;
  }
  const agent = (BigInt.asUintN(64, creditorId) >> 40n) << 40n;
  if (agent === 0n) {
    return { ...request, coordinatorType: 'other' };
  }
  return { ...request, coordinatorId: BigInt.asIntN(64, agent | BigInt.asUintN(40, coordinatorId)) };
}
