/** Bodies that are no incoming message, each with what it is and the reason of its refusal. */

import { wireText } from './wire-messages.ts';

/** An array 100,000 deep. */
export const DEEP_ARRAY = '['.repeat(100_000) + ']'.repeat(100_000);

export const MALFORMED_BODIES: readonly (readonly [what: string, body: string, reason: string])[] = [
  ['nothing', '', 'the text is not JSON'],
  ['spaces', '   ', 'the text is not JSON'],
  ['text', 'hello', 'the text is not JSON'],
  ['half a message', wireText('PrepareTransfer').slice(0, -1), 'the text is not JSON'],
  ['a message and more', `${wireText('PrepareTransfer')}x`, 'the text is not JSON'],
  ['two messages', wireText('PrepareTransfer').repeat(2), 'the text is not JSON'],
  ['a byte order mark before', `\ufeff${wireText('PrepareTransfer')}`, 'the text is not JSON'],
  ['NaN', wireText('ConfigureAccount', { negligible_amount: 'NaN' }), 'the text is not JSON'],
  ['Infinity', wireText('ConfigureAccount', { negligible_amount: 'Infinity' }), 'the text is not JSON'],
  ['a leading zero', wireText('ConfigureAccount', { seqnum: '01' }), 'the text is not JSON'],
  ['256 KB of noise', '\ud800x\u0000"{['.repeat(43_000), 'the text is not JSON'],
  ['100,000 open brackets', '['.repeat(100_000), 'the text is not JSON'],
  ['an array 100,000 deep', DEEP_ARRAY, 'the JSON is not an object'],
  ['null', 'null', 'the JSON is not an object'],
  ['a number', '1', 'the JSON is not an object'],
  ['a string', JSON.stringify(wireText('PrepareTransfer')), 'the JSON is not an object'],
  ['a message in an array', `[${wireText('PrepareTransfer')}]`, 'the JSON is not an object'],
  ['no members', '{}', 'type: is missing'],
  ['the type of its prototype', '{"__proto__":{"type":"PrepareTransfer"}}', 'type: is missing'],
  [
    'a type that is null',
    wireText('PrepareTransfer', { type: 'null' }),
    'type: must be a string, but is null',
  ],
  [
    'a type that is a number',
    wireText('PrepareTransfer', { type: '1' }),
    'type: must be a string, but is a number',
  ],
  ['a type that is an array', '{"type":["PrepareTransfer"]}', 'type: must be a string, but is an array'],
  ['an empty type', '{"type":""}', 'type: unknown message type ""'],
  ['a type in lower case', '{"type":"preparetransfer"}', 'type: unknown message type "preparetransfer"'],
  ['a type with a space', '{"type":"PrepareTransfer "}', 'type: unknown message type "PrepareTransfer "'],
  ['a type that objects inherit', '{"type":"constructor"}', 'type: unknown message type "constructor"'],
  ['the type __proto__', '{"type":"__proto__"}', 'type: unknown message type "__proto__"'],
  ['a hostile type', '{"type":"a\\u0000\\ud800\\n\\uffffж\\u007f"}', 'type: unknown message type "a??????"'],
  [
    'an endless type',
    `{"type":"${'x'.repeat(250_000)}"}`,
    'type: unknown message type "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."',
  ],
  ['an outgoing message', wireText('AccountUpdate'), 'type: unknown message type "AccountUpdate"'],
  [
    'a field twice',
    `${wireText('PrepareTransfer').slice(0, -1)},"debtor_id":1}`,
    'the key "debtor_id" stands twice in the object',
  ],
  [
    'its type twice, once escaped',
    `${wireText('PrepareTransfer').slice(0, -1)},"\\u0074ype":"ConfigureAccount"}`,
    'the key "type" stands twice in the object',
  ],
  [
    'an unknown field twice',
    `${wireText('PrepareTransfer').slice(0, -1)},"x":1,"x":1}`,
    'the key "x" stands twice in the object',
  ],
  [
    'an endless key twice',
    `{"${'x'.repeat(100_000)}":1,"${'x'.repeat(100_000)}":1}`,
    'the key "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." stands twice in the object',
  ],
  [
    'a field nested 100,000 deep',
    wireText('PrepareTransfer', { debtor_id: DEEP_ARRAY }),
    'PrepareTransfer.debtor_id: must be an integer between -9223372036854775808 and 9223372036854775807, but is an array',
  ],
  [
    '256 KB of digits',
    wireText('PrepareTransfer', { debtor_id: '9'.repeat(262_144) }),
    'PrepareTransfer.debtor_id: must be an integer between -9223372036854775808 and 9223372036854775807, but is beyond all numbers',
  ],
  [
    '256 KB of digits for a float',
    wireText('ConfigureAccount', { negligible_amount: '9'.repeat(262_144) }),
    'ConfigureAccount.negligible_amount: must be a finite number, at least 0, but is beyond all numbers',
  ],
  [
    '256 KB of digits for a moment',
    wireText('ConfigureAccount', { ts: `"2026-01-02T03:04:05.${'9'.repeat(262_144)}"` }),
    'ConfigureAccount.ts: must be a date-time with an offset, in the years 1 to 9999',
  ],
  [
    'names in camelCase',
    wireText('FinalizeTransfer', { debtor_id: undefined, debtorId: '1' }),
    'FinalizeTransfer.debtor_id: is missing',
  ],
];
