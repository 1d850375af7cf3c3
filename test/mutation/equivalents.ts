/** Mutants that no test can tell from the code, each with the reason. A mutant is named by its text, so that lines may move. */

export interface Equivalent {
  readonly file: string;
  /** In one line, as `npm run mutate` prints it. */
  readonly code: string;
  readonly mutant: string;
  readonly why: string;
}

type Row = readonly [file: string, code: string, mutant: string, why: string];

const NEVER = 'the compiler sees to it that this is never reached';
const EACH_ISSUE = 'only the compiler needs it: each issue is of a field';
const NO_DIGITS = 'Number reads no digits as 0';
const SHORTCUT = 'what follows decides the same, only later';

const NUMBER_HAS_FORM = 'only the compiler needs it: each number of JSON has this form';
const NOTHING_IS_REFUSED = 'only the compiler needs it: no field may be missing';
const EITHER_WAY = 'at an exponent of 1 either way is as exact as a double';
const NO_STEPS = 'only the compiler needs it: a tombstone has no steps to announce';

const COMPILER = 'only the compiler needs it';
const NO_EMPTY_GROUP = 'only the compiler needs it: no group is empty';
const NO_EMPTY_CALL = 'only the compiler needs it: no call is empty';
const NO_CALL = 'for nothing no call is made';
const COUNTED_BEFORE = 'only the compiler needs it: take-notices begins these sweeps, and counts by itself';
const CHEAP_READ = 'DynamoDB reads cheaply unless told otherwise';
const DECODERS = 'decoders throw no other errors';

const PACKED_FIELDS = [
  ...['requestTs', 'recipientId', 'coordinatorId', 'coordinatorRequestId', 'coordinatorType'],
  ...['statusCode', 'totalLockedAmount', 'rejectedAt', 'committedAmount', 'finalizedAt'],
  ...['lockedAmount', 'preparedAt', 'deadline', 'finalInterestRateTs'],
  ...['amount', 'committedAt', 'creationDate', 'transferNumber', 'principal'],
];

const ROWS: readonly Row[] = [
  ['lib/protocol/calendar.ts', '[]', '["Stryker was here"]', 'a text without a year is no date either way'],
  ['lib/protocol/codec.ts', 'json === undefined', 'false', 'each kind of field reads nothing from nothing'],
  [
    'lib/protocol/field-kinds.ts',
    "typeof value === 'number'",
    'true',
    'only the compiler needs it: isFinite knows numbers',
  ],
  [
    'lib/protocol/field-kinds.ts',
    "'integer'",
    '""',
    'a kind that is neither number nor string is an integer',
  ],
  ['lib/protocol/integers.ts', 'a < b', 'a <= b', 'of two equal numbers either is the lesser'],
  ['lib/protocol/integers.ts', 'a > b', 'a >= b', 'of two equal numbers either is the greater'],
  ...[
    '/(-?)([0-9]+)(?:\\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/',
    '/^(-?)([0-9]+)(?:\\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?/',
  ].map(
    (mutant): Row => [
      'lib/protocol/json.ts',
      '/^(-?)([0-9]+)(?:\\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/',
      mutant,
      'a number of JSON has this form from end to end',
    ],
  ),
  ['lib/protocol/json.ts', "''", '"Stryker was here!"', NUMBER_HAS_FORM],
  ['lib/protocol/json.ts', '[]', '["Stryker was here"]', NUMBER_HAS_FORM],
  ['lib/protocol/json.ts', "'0'", '""', NO_DIGITS],
  ['lib/protocol/limits.ts', 'text.length <= maxBytes', 'true', SHORTCUT],
  ['lib/protocol/limits.ts', 'text.length > 2 * max', 'false', SHORTCUT],
  ['lib/protocol/limits.ts', "'utf8'", '""', 'Buffer counts UTF-8 unless told otherwise'],
  [
    'lib/protocol/limits.ts',
    "''",
    '"Stryker was here!"',
    'nobody is told what is wrong with a RootConfigData',
  ],
  ['lib/protocol/messages.ts', '[]', '["Stryker was here"]', EACH_ISSUE],
  [
    'lib/protocol/messages.ts',
    'FIELDS[name].schema.safeParse(undefined).error?.issues[0]?.message',
    'FIELDS[name].schema.safeParse(undefined).error?.issues[0].message',
    NOTHING_IS_REFUSED,
  ],
  [
    'lib/protocol/messages.ts',
    'FIELDS[name].schema.safeParse(undefined).error?.issues',
    'FIELDS[name].schema.safeParse(undefined).error.issues',
    NOTHING_IS_REFUSED,
  ],
  ['lib/protocol/messages.ts', "''", '"Stryker was here!"', NOTHING_IS_REFUSED],
  ['lib/protocol/messages.ts', "'coordinatorType'", '""', 'a faulty type is none that binds a coordinator'],
  ['lib/protocol/messages.ts', "'custom'", '""', 'only the path and the message of an issue are read'],
  [
    'lib/protocol/root-config-data.ts',
    '{ mayBeEmpty: false }',
    '{}',
    'a hash is not empty unless told otherwise',
  ],
  ['lib/protocol/routing.ts', 'default: return message satisfies never;', 'default:', NEVER],
  ['lib/protocol/timestamps.ts', "'0'", '""', NO_DIGITS],
  [
    'lib/rules/announce-account.ts',
    'pendingUpdateSince !== undefined',
    'true',
    'only the compiler needs it: nothing is not before an instant',
  ],
  [
    'lib/rules/capitalize-interest.ts',
    'amount === 0n',
    'false',
    'nothing is less than any share of the principal',
  ],
  ['lib/rules/capitalize-interest.ts', 'value < 0n', 'value <= 0n', 'zero has no sign'],
  [
    'lib/rules/configure-account.ts',
    'ts > account.lastConfigTs',
    'ts >= account.lastConfigTs',
    'they differ: equal ones were decided before',
  ],
  [
    'lib/rules/currency.ts',
    "''",
    '"Stryker was here!"',
    'what can not be read has the same defaults as nothing',
  ],
  ['lib/rules/currency.ts', "configData === ''", 'false', SHORTCUT],
  ['lib/rules/decide.ts', 'default: return message satisfies never;', 'default:', NEVER],
  ...['false', "typeof value === 'bigint' && Number.isInteger(value)"].map(
    (mutant): Row => [
      'lib/rules/exact.ts',
      "typeof value === 'bigint' || Number.isInteger(value)",
      mutant,
      'a bigint is no finite double either, and a whole double is the same number when it is taken apart',
    ],
  ),
  ['lib/rules/exact.ts', "typeof value === 'bigint'", 'false', 'a bigint is no finite double either'],
  ['lib/rules/exact.ts', "'bigint'", '""', 'a bigint is no finite double either'],
  ['lib/rules/exact.ts', 'value < 0', 'value <= 0', 'zero has no sign'],
  ['lib/rules/exact.ts', 'units < 0n', 'units <= 0n', 'zero has no sign'],
  ['lib/rules/interest.ts', 'balance.units > 0n', 'balance.units >= 0n', 'no factor makes more of zero'],
  ['lib/rules/interest.ts', 'Math.abs(exponent) < 1', 'Math.abs(exponent) <= 1', EITHER_WAY],
  ['lib/rules/interest.ts', 'account.interestRate !== 0', 'true', 'without a rate the factor is 1'],
  ['lib/rules/interest.ts', 'seconds > 0', 'seconds >= 0', 'without time the factor is 1'],
  ['lib/rules/interest.ts', 'committedAt >= now', 'committedAt > now', 'without time nothing is owed'],
  ['lib/rules/interest.ts', 'change < committedAt', 'change <= committedAt', 'both are the same instant'],
  ['lib/rules/interest.ts', 'change > now', 'change >= now', 'both are the same instant'],
  ['lib/rules/prepare-transfer.ts', 'bounded > 0n', 'bounded >= 0n', 'zero is returned for zero'],
  [
    'lib/rules/prepare-transfer.ts',
    "known.kind === 'transfer'",
    'true',
    'only the compiler needs it: rejected configurations have negative IDs',
  ],
  [
    'lib/rules/projection.ts',
    "before?.kind === 'transfer'",
    'true',
    'only the compiler needs it: no rejected configuration becomes a transfer',
  ],
  ['lib/rules/projection.ts', "after.kind === 'tombstone'", 'false', NO_STEPS],
  ['lib/rules/projection.ts', "'tombstone'", '""', NO_STEPS],
  ['lib/rules/projection.ts', 'payment.amount < 0n', 'payment.amount <= 0n', 'nobody pays zero'],
  [
    'lib/rules/transfer-ids.ts',
    'id === 0n',
    'false',
    'nobody knows a text whose SHA-256 begins with 63 zeros',
  ],
  ['lib/storage/account-codec.ts', "''", '"Stryker was here!"', 'neither is an account key'],
  ['lib/storage/account-codec.ts', 'match[2] === undefined', 'false', 'only the compiler needs it'],
  ['lib/storage/carried.ts', '[]', '["Stryker was here"]', 'a text names no attribute'],
  ['lib/storage/conditions.ts', 'default: return record satisfies never;', 'default:', NEVER],
  ['lib/storage/fields.ts', "'number'", '""', 'whatever is not kept as text is read as a number'],
  ['lib/storage/ledger-store.ts', 'start < keys.length', 'start <= keys.length', NO_CALL],
  ['lib/storage/ledger-store.ts', '[]', '["Stryker was here"]', 'a text has consumed nothing, too'],
  ['lib/storage/sdk-errors.ts', '[]', '["Stryker was here"]', 'that is no name of an error'],
  ['lib/storage/sdk-errors.ts', "''", '"Stryker was here!"', 'that is no code of the network'],
  [
    'lib/storage/table-reader.ts',
    'value === undefined',
    'false',
    'only the compiler needs it: an item was given',
  ],
  ['lib/storage/table-reader.ts', '!(error instanceof CorruptItemError)', 'false', DECODERS],
  ['lib/storage/table-reader.ts', '{ throw error; }', '{}', DECODERS],
  ['lib/storage/table-reader.ts', "'0'", '""', NO_DIGITS],
  ['lib/storage/table-reader.ts', "''", '"Stryker was here!"', 'neither begins with a debtor ID'],
  ['lib/storage/wire-item.ts', '[]', '["Stryker was here"]', 'a value without content stays as it is anyway'],
  ['lib/storage/wire-item.ts', "typeof content === 'string'", 'true', 'bytes are copied'],
  ['lib/storage/table-scan.ts', 'value?.n', 'value.n', 'keys hold no null'],
  ['lib/storage/transfer-codec.ts', 'default: return record satisfies never;', 'default:', NEVER],
  ...PACKED_FIELDS.map(
    (name): Row => [
      'lib/storage/transfer-codec.ts',
      `'${name}'`,
      '""',
      'packed fields have no attribute of their own',
    ],
  ),
  [
    'lib/storage/wire-item.ts',
    'N !== undefined',
    'true',
    'only the compiler needs it: what is undefined has no digits',
  ],
  ['lib/shell/account-groups.ts', 'waiting[0]?.error', 'waiting[0].error', NO_EMPTY_GROUP],
  ['lib/shell/batch-calls.ts', '[]', '["Stryker was here"]', 'a text names no entry of the call'],
  ['lib/shell/batch-calls.ts', '() => 0', '() => undefined', 'what has no size is never too large'],
  ['lib/shell/batch-calls.ts', 'failures[0]?.reason', 'failures[0].reason', NO_EMPTY_CALL],
  ['lib/shell/client-mailbox.ts', "''", '"Stryker was here!"', 'neither is a message'],
  ['lib/shell/client-mailbox.ts', 'error instanceof MalformedMessageError', 'true', DECODERS],
  ['lib/shell/concurrency.ts', 'new Array(items.length)', 'new Array()', 'a list grows by itself'],
  ['lib/shell/credit-recipients.ts', '{ consistent: false }', '{}', CHEAP_READ],
  [
    'lib/shell/load-snapshots.ts',
    "message.type !== 'PrepareTransfer'",
    'false',
    'only the compiler needs it: others have no recipient',
  ],
  [
    'lib/shell/notice-queue.ts',
    "''",
    '"Stryker was here!"',
    'only the compiler needs it: SQS gives each message a body and a handle',
  ],
  ['lib/shell/publish-events.ts', 'images.after === undefined', 'false', COMPILER],
  ['lib/shell/process-messages.ts', "'first'", '""', 'any time but `again` is the first'],
  ['lib/shell/queue-batch.ts', '[]', '["Stryker was here"]', COMPILER],
  ...['suspect', 'back'].flatMap((name): readonly Row[] => [
    ['lib/shell/queue-batch.ts', `${name}.length > 0`, 'true', NO_CALL],
    ['lib/shell/queue-batch.ts', `${name}.length > 0`, `${name}.length >= 0`, NO_CALL],
  ]),
  ...[
    ["() => scan.countItems('accounts')", '() => undefined'],
    ["'accounts'", '""'],
    ["() => scan.countItems('transfers')", '() => undefined'],
    ["'transfers'", '""'],
  ].map(([code = '', mutant = '']): Row => ['lib/shell/publish-again.ts', code, mutant, COUNTED_BEFORE]),
  ['lib/shell/chore-queue.ts', 'b.since > a.since', 'b.since >= a.since', 'of one instant either will do'],
  ['lib/shell/send-due.ts', '[]', '["Stryker was here"]', NO_EMPTY_GROUP],
  [
    'lib/shell/send-due.ts',
    'parcels[0]?.sequenceNumber',
    'parcels[0].sequenceNumber',
    'only the compiler needs it: it is asked of parcels',
  ],
  [
    'lib/shell/send-failures.ts',
    '/^.*[.#]/',
    '/.*[.#]/',
    'the first match begins with the code, which is one line',
  ],
  ['lib/shell/shared-transactions.ts', 'first !== undefined', 'true', NO_EMPTY_GROUP],
  ['lib/shell/shared-transactions.ts', 'attempt.change !== undefined', 'true', COMPILER],
  ['lib/shell/shared-transactions.ts', '[]', '["Stryker was here"]', 'what is tried together has changes'],
  [
    'lib/shell/source-queue.ts',
    "''",
    '"Stryker was here!"',
    'only the compiler needs it: SQS tells all of them',
  ],
  ['lib/shell/source-queue.ts', 'left.length > 0', 'true', NO_CALL],
  ['lib/shell/source-queue.ts', 'left.length > 0', 'left.length >= 0', NO_CALL],
  [
    'lib/shell/source-queue.ts',
    'account === undefined',
    'false',
    'only the compiler needs it: without an account there is no name',
  ],
  ['lib/shell/sweep-accounts.ts', 'adopting.length === 0', 'false', SHORTCUT],
  ['lib/shell/sweep-accounts.ts', '{ return due; }', '{}', SHORTCUT],
  [
    'lib/shell/sweep-transfers.ts',
    "record.kind === 'transfer'",
    'true',
    'only the compiler needs it: a rejected configuration is not prepared',
  ],
  [
    'lib/shell/sweep-transfers.ts',
    "records.filter((record) => record.kind === 'transfer')",
    'records',
    'only the compiler needs it: a rejected configuration is not prepared',
  ],
  [
    'lib/shell/synthetic-payment.ts',
    "message.type === 'FinalizedTransfer'",
    'true',
    'only the compiler needs it: others have no committed amount',
  ],
  [
    'lib/shell/synthetic-payment.ts',
    "message.type === 'AccountUpdate'",
    'true',
    'only the compiler needs it: others name no configuration',
  ],
  [
    'lib/shell/synthetic-payment.ts',
    'now > this.#latestId',
    'false',
    'one more than the latest is later than all before, too',
  ],
  ['lib/shell/synthetic-payment.ts', "'refused'", '""', 'any text that is no type of a message'],
  ['lib/shell/take-notices.ts', 'tasks[0]?.ranges', 'tasks[0].ranges', COMPILER],
  ['lib/shell/take-notices.ts', '[]', '["Stryker was here"]', 'a text is a loss of no table'],
  [
    'lib/shell/time-range.ts',
    'a.from < b.from',
    'a.from <= b.from',
    'of two that begin together either is first',
  ],
  ...['true', 'false', 'a.from >= b.from', 'a.from <= b.from'].map(
    (mutant): Row => [
      'lib/shell/time-range.ts',
      'a.from > b.from',
      mutant,
      'Node only asks whether the answer is negative',
    ],
  ),
  ['lib/shell/time-range.ts', 'range.to > last.to', 'range.to >= last.to', 'both are the same instant'],
  ...['true', 'unsent.length >= 0'].map(
    (mutant): Row => [
      'lib/shell/sweep-queue.ts',
      'unsent.length > 0',
      mutant,
      'for no tasks no call is made',
    ],
  ),
  [
    'lib/shell/sweep-transfers.ts',
    'async () => change',
    '() => undefined',
    'a reminder is decided from the page, whatever is loaded',
  ],
  ['lib/shell/load-snapshots.ts', '{ consistent: false }', '{}', CHEAP_READ],
  ['lib/shell/load-snapshots.ts', '!hasFaults', 'false', SHORTCUT],
  ['lib/shell/load-snapshots.ts', '{ return undefined; }', '{}', SHORTCUT],
  ['lib/shell/load-snapshots.ts', '[]', '["Stryker was here"]', 'a text is the key of no item'],
  ['lib/shell/load-snapshots.ts', '{ return []; }', '{}', SHORTCUT],
  ['lib/shell/currency-terms.ts', '{ consistent: false }', '{}', CHEAP_READ],
  ['lib/shell/stream-batch.ts', '[]', '["Stryker was here"]', 'a text names no record of the batch'],
];

export const EQUIVALENTS: readonly Equivalent[] = ROWS.map(([file, code, mutant, why]) => ({
  file,
  code,
  mutant,
  why,
}));
