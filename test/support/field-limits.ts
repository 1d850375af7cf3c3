/** Every limit of every field, as JSON literals just inside and just outside, and the kinds of value that each kind of field refuses. */

import type { MessageType } from './wire-messages.ts';

/** One field, and JSON literals that it may have and may not have in an otherwise valid message. */
export type FieldLimits = readonly [
  type: MessageType,
  field: string,
  inside: readonly string[],
  outside: readonly string[],
];

const INT64_INSIDE = ['-9223372036854775808', '9223372036854775807', '0', '-0', '9007199254740993'];
const NO_INTEGER = ['1.0', '1e2', '0.0', '-0.0', '1E0', '"1"', 'null', 'true', '[1]', '{}', '1e999'];
const HUGE = ['9'.repeat(400), `-${'9'.repeat(400)}`, '9'.repeat(309)];
const INT64_OUTSIDE = ['-9223372036854775809', '9223372036854775808', ...NO_INTEGER, ...HUGE];
const INT32_INSIDE = ['-2147483648', '2147483647', '0', '-0'];
const INT32_OUTSIDE = [
  '-2147483649',
  '2147483648',
  '4294967296',
  '9223372036854775807',
  ...NO_INTEGER,
  ...HUGE,
];
const AMOUNT_INSIDE = ['0', '1', '9223372036854775807'];
const AMOUNT_OUTSIDE = ['-1', '-9223372036854775808', '9223372036854775808', ...NO_INTEGER, ...HUGE];
const DATE_TIME_INSIDE = [
  '"0001-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.999999+00:00"',
  '"2026-01-02T03:04:05.000001-11:30"',
];
const DATE_TIME_OUTSIDE = [
  '"0000-12-31T23:59:59Z"',
  '"0001-01-01T00:00:00+00:01"',
  '"9999-12-31T23:59:59-00:01"',
  '"2026-01-02T03:04:05"',
  '"2026-02-30T03:04:05Z"',
  '""',
  '1767323045',
  'null',
];
const NO_STRING = ['1', '1.5', 'null', 'true', '["x"]', '{}', '"\\ud800"', '"\\udc00\\ud800"', '"x\\udfff"'];
const COORDINATOR_TYPE_INSIDE = ['"a"', `"${'a'.repeat(30)}"`, '" "', '"~"', '"a\\tb\\nc\\rd"', '"\\u007f"'];
const COORDINATOR_TYPE_OUTSIDE = [
  '""',
  `"${'a'.repeat(31)}"`,
  '"\\u0000"',
  '"a\\u0008"',
  '"\\u001f"',
  '"\\u0080"',
  '"ж"',
  '"🌶"',
  ...NO_STRING,
];

/** All fields of incoming messages. */
export const INCOMING_FIELD_LIMITS: readonly FieldLimits[] = [
  ['ConfigureAccount', 'debtor_id', INT64_INSIDE, INT64_OUTSIDE],
  ['ConfigureAccount', 'creditor_id', INT64_INSIDE, INT64_OUTSIDE],
  [
    'ConfigureAccount',
    'negligible_amount',
    ['0', '-0', '0.0', '-0.0', '5e-324', '1e300', '1.7976931348623157e308', '7', '9'.repeat(308)],
    [
      '-5e-324',
      '-1',
      '1e309',
      '1e999',
      '-1e999',
      '9'.repeat(309),
      '9'.repeat(400),
      '"1"',
      'null',
      'true',
      '[]',
      '{}',
    ],
  ],
  ['ConfigureAccount', 'config_flags', INT32_INSIDE, INT32_OUTSIDE],
  [
    'ConfigureAccount',
    'config_data',
    [
      '""',
      `"${'a'.repeat(2000)}"`,
      `"${'ж'.repeat(1000)}"`,
      `"${'🌶'.repeat(500)}"`,
      `"${'\\ud83c\\udf36'.repeat(500)}"`,
      '"\\u0000"',
      `"${'\\u0000'.repeat(2000)}"`,
      '"\\ufffe\\uffff"',
      '"\ufffe\uffff"',
    ],
    [
      `"${'a'.repeat(2001)}"`,
      `"${'ж'.repeat(1000)}a"`,
      `"${'🌶'.repeat(500)}a"`,
      `"${'€'.repeat(667)}"`,
      `"${'a'.repeat(250_000)}"`,
      ...NO_STRING,
    ],
  ],
  ['ConfigureAccount', 'ts', DATE_TIME_INSIDE, DATE_TIME_OUTSIDE],
  ['ConfigureAccount', 'seqnum', INT32_INSIDE, INT32_OUTSIDE],

  ['PrepareTransfer', 'debtor_id', INT64_INSIDE, INT64_OUTSIDE],
  ['PrepareTransfer', 'creditor_id', ['1099511627777'], INT64_OUTSIDE],
  ['PrepareTransfer', 'coordinator_type', COORDINATOR_TYPE_INSIDE, COORDINATOR_TYPE_OUTSIDE],
  ['PrepareTransfer', 'coordinator_id', ['1099511627777'], INT64_OUTSIDE],
  ['PrepareTransfer', 'coordinator_request_id', INT64_INSIDE, INT64_OUTSIDE],
  ['PrepareTransfer', 'min_locked_amount', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  ['PrepareTransfer', 'max_locked_amount', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  [
    'PrepareTransfer',
    'recipient',
    ['""', '"-1"', '"01"', '" "', '"\\u0000"', '"x"', `"${'9'.repeat(100)}"`, '"18446744073709551616"'],
    [`"${'9'.repeat(101)}"`, '"٣"', '"\\u0080"', '"é"', ...NO_STRING],
  ],
  ['PrepareTransfer', 'final_interest_rate_ts', DATE_TIME_INSIDE, DATE_TIME_OUTSIDE],
  [
    'PrepareTransfer',
    'max_commit_delay',
    ['0', '-0', '2147483647'],
    ['-1', '-2147483648', '2147483648', ...NO_INTEGER, ...HUGE],
  ],
  ['PrepareTransfer', 'ts', DATE_TIME_INSIDE, DATE_TIME_OUTSIDE],

  ['FinalizeTransfer', 'debtor_id', INT64_INSIDE, INT64_OUTSIDE],
  ['FinalizeTransfer', 'creditor_id', INT64_INSIDE, INT64_OUTSIDE],
  ['FinalizeTransfer', 'transfer_id', INT64_INSIDE, INT64_OUTSIDE],
  [
    'FinalizeTransfer',
    'coordinator_type',
    [...COORDINATOR_TYPE_INSIDE, '"interest"', '"delete"'],
    COORDINATOR_TYPE_OUTSIDE,
  ],
  ['FinalizeTransfer', 'coordinator_id', INT64_INSIDE, INT64_OUTSIDE],
  ['FinalizeTransfer', 'coordinator_request_id', INT64_INSIDE, INT64_OUTSIDE],
  ['FinalizeTransfer', 'committed_amount', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  [
    'FinalizeTransfer',
    'transfer_note',
    ['""', `"${'a'.repeat(500)}"`, `"${'ж'.repeat(250)}"`, `"${'🌶'.repeat(125)}"`, '"\\u0000\\uffff"'],
    [`"${'a'.repeat(501)}"`, `"${'ж'.repeat(250)}a"`, `"${'🌶'.repeat(125)}a"`, ...NO_STRING],
  ],
  [
    'FinalizeTransfer',
    'transfer_note_format',
    ['""', '"a"', '"Zz09.-"', '"12345678"', '"........"'],
    ['"123456789"', '"a_b"', '"a b"', '"a\\n"', '"\\n"', '"é"', '"٣"', '"+"', ...NO_STRING],
  ],
  ['FinalizeTransfer', 'ts', DATE_TIME_INSIDE, DATE_TIME_OUTSIDE],
];

/** Limits of outgoing messages beyond the kinds of their fields. */
export const OUTGOING_FIELD_LIMITS: readonly FieldLimits[] = [
  ['RejectedConfig', 'rejection_code', ['"INVALID_CONFIGURATION"'], ['""', '"OK"', 'null']],
  [
    'RejectedTransfer',
    'status_code',
    [
      '"RECIPIENT_IS_UNREACHABLE"',
      '"SENDER_IS_UNREACHABLE"',
      '"TOO_MANY_TRANSFERS"',
      '"RECIPIENT_SAME_AS_SENDER"',
      '"NEWER_INTEREST_RATE"',
      '"INSUFFICIENT_AVAILABLE_AMOUNT"',
      '"TIMEOUT"',
    ],
    ['"OK"', '""', 'null'],
  ],
  ['RejectedTransfer', 'total_locked_amount', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  ['PreparedTransfer', 'transfer_id', ['1', '9223372036854775807'], ['0', '-1', '9223372036854775808']],
  ['PreparedTransfer', 'locked_amount', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  ['PreparedTransfer', 'recipient', ['"0"', '"18446744073709551615"'], ['""', '"-1"', '"01"']],
  ['PreparedTransfer', 'demurrage_rate', ['-50.0', '0.0', '-50'], ['-50.1', '0.1', 'null']],
  ['FinalizedTransfer', 'transfer_id', ['1', '9223372036854775807'], ['0', '-1', '9223372036854775808']],
  [
    'FinalizedTransfer',
    'status_code',
    ['"OK"', '"TIMEOUT"', '"NEWER_INTEREST_RATE"', '"INSUFFICIENT_AVAILABLE_AMOUNT"'],
    ['"SENDER_IS_UNREACHABLE"', '""', 'null'],
  ],
  ['FinalizedTransfer', 'committed_amount', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  [
    'AccountUpdate',
    'creation_date',
    ['"0001-01-01"', '"9999-12-31"', '"2024-02-29"'],
    [
      '"0000-01-01"',
      '"2026-02-29"',
      '"2026-1-1"',
      '"2026-01-02T00:00:00Z"',
      '"10000-01-01"',
      '""',
      '20260101',
      'null',
    ],
  ],
  ['AccountUpdate', 'principal', INT64_INSIDE, INT64_OUTSIDE],
  ['AccountUpdate', 'interest', ['1e300', '-1e300', '5e-324', '-0.0', '3'], ['1e999', '"1"', 'null']],
  ['AccountUpdate', 'interest_rate', ['-50.0', '100.0', '0'], ['-50.1', '100.1', '1e999', 'null']],
  ['AccountUpdate', 'account_id', ['"0"', '"18446744073709551615"'], ['""', '"18446744073709551616"']],
  [
    'AccountUpdate',
    'debtor_info_iri',
    ['""', `"${'a'.repeat(200)}"`, `"${'🌶'.repeat(200)}"`],
    [`"${'a'.repeat(201)}"`, `"${'🌶'.repeat(201)}"`, '"\\ud800"'],
  ],
  [
    'AccountUpdate',
    'debtor_info_content_type',
    ['""', `"${'a'.repeat(100)}"`],
    [`"${'a'.repeat(101)}"`, '"é"'],
  ],
  [
    'AccountUpdate',
    'debtor_info_sha256',
    ['""', `"${'0A'.repeat(32)}"`],
    [`"${'0a'.repeat(32)}"`, `"${'0A'.repeat(31)}"`, `"${'0A'.repeat(33)}"`, `"${'0G'.repeat(32)}"`],
  ],
  ['AccountUpdate', 'last_transfer_number', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  ['AccountTransfer', 'transfer_number', ['1', '9223372036854775807'], ['0', '-1']],
  ['AccountTransfer', 'previous_transfer_number', AMOUNT_INSIDE, AMOUNT_OUTSIDE],
  ['AccountTransfer', 'coordinator_type', ['"interest"', '"delete"'], ['""']],
  ['AccountTransfer', 'sender', ['"0"', '"18446744073709551615"'], ['""', '"-1"', '"01"']],
  ['AccountTransfer', 'recipient', ['"0"', '"18446744073709551615"'], ['""', '"-1"', '"01"']],
  ['AccountTransfer', 'acquired_amount', INT64_INSIDE, INT64_OUTSIDE],
];

/** What else must change so that one field alone decides, by message and field. */
export const NEIGHBOURS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'FinalizeTransfer.transfer_note': { committed_amount: '1' },
  'FinalizeTransfer.transfer_note_format': { committed_amount: '1' },
  'PrepareTransfer.debtor_id': { coordinator_type: '"other"' },
  'PrepareTransfer.max_locked_amount': { min_locked_amount: '0' },
  'FinalizedTransfer.status_code': { committed_amount: '0' },
};
