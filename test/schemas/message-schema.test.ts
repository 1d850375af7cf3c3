/**
 * The JSON Schemas accept every message, and refuse what the authority refuses. What they can't refuse is listed here; it is
 * told in docs/protocol.md.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIncomingMessage, parseOutgoingMessage, printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import { INCOMING_FIELD_LIMITS, NEIGHBOURS, OUTGOING_FIELD_LIMITS } from '../support/field-limits.ts';
import { isValid, schemaOf } from '../support/json-schemas.ts';
import { MALFORMED_BODIES } from '../support/malformed-bodies.ts';
import { ARBITRARY_INCOMING_MESSAGES, ARBITRARY_OUTGOING_MESSAGES } from '../support/message-arbitraries.ts';
import { type MessageType, WIRE_MEMBERS, wireText } from '../support/wire-messages.ts';

type AnyMessage = IncomingMessage | OutgoingMessage;

const INCOMING_TYPES = ['ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer'] as const;
const MESSAGE_TYPES = Object.keys(WIRE_MEMBERS) as MessageType[];
const ARBITRARY_MESSAGES: Readonly<Record<string, fc.Arbitrary<AnyMessage>>> = {
  ...ARBITRARY_INCOMING_MESSAGES,
  ...ARBITRARY_OUTGOING_MESSAGES,
};

/** Literals that the authority refuses and the schemas accept, each group for one reason. */
const BEYOND_SCHEMAS: readonly {
  readonly fields?: readonly string[];
  readonly literals: readonly string[];
}[] = [
  // In JSON Schema, a whole number is an integer however it is written.
  { literals: ['1.0', '1e2', '0.0', '-0.0', '1E0'] },
  // A validator that reads numbers as doubles takes these for the bounds of int64.
  { literals: ['-9223372036854775809', '9223372036854775808'] },
  // No calendar: days that do not exist, and offsets that lead out of the years 1 to 9999.
  {
    literals: ['"2026-02-30T03:04:05Z"', '"0001-01-01T00:00:00+00:01"', '"9999-12-31T23:59:59-00:01"'],
  },
  // No expression finds lone surrogates in all languages.
  {
    fields: ['config_data', 'transfer_note', 'debtor_info_iri'],
    literals: ['"\\ud800"', '"\\udc00\\ud800"', '"x\\udfff"'],
  },
  // A schema counts characters, not bytes.
  {
    literals: [
      `"${'ж'.repeat(1000)}a"`,
      `"${'🌶'.repeat(500)}a"`,
      `"${'€'.repeat(667)}"`,
      `"${'ж'.repeat(250)}a"`,
      `"${'🌶'.repeat(125)}a"`,
    ],
  },
];

describe('a valid message', () => {
  it.each(MESSAGE_TYPES)('%s is accepted, whatever its values', (type) => {
    fc.assert(
      fc.property(ARBITRARY_MESSAGES[type] as fc.Arbitrary<AnyMessage>, (message) => {
        expect(isValid(type, JSON.parse(printMessage(message)))).toBe(true);
      }),
    );
  });

  it.each(MESSAGE_TYPES)('%s is accepted with an unknown field', (type) => {
    expect(isValid(type, JSON.parse(wireText(type, { x: '[{"y":null}]', toString: '1' })))).toBe(true);
  });

  it.each(MESSAGE_TYPES)('%s is the example of its schema', (type) => {
    const [example] = schemaOf(type).examples as [unknown];
    expect(isValid(type, example)).toBe(true);
    expect(MESSAGE_TYPES.filter((other) => isValid(other, example))).toStrictEqual([type]);
  });
});

describe('a field', () => {
  const FIELD_LIMITS = [...INCOMING_FIELD_LIMITS, ...OUTGOING_FIELD_LIMITS];

  it.each(FIELD_LIMITS)('%s.%s may be all that the authority accepts', (type, field, inside) => {
    const refused = inside.filter((literal) => !isAccepted(type, field, literal));
    expect(refused).toStrictEqual([]);
  });

  it.each(FIELD_LIMITS)('%s.%s may not be what the authority refuses', (type, field, _inside, outside) => {
    const accepted = outside.filter((literal) => isAccepted(type, field, literal));
    expect(accepted).toStrictEqual(outside.filter((literal) => isBeyondSchemas(field, literal)));
  });

  const fields = Object.entries(WIRE_MEMBERS).flatMap(([type, members]) =>
    Object.keys(members).map((field): [MessageType, string] => [type as MessageType, field]),
  );

  it.each(fields)('%s.%s may not be missing', (type, field) => {
    expect(isValid(type, JSON.parse(wireText(type, { [field]: undefined })))).toBe(false);
  });

  it.each<[MessageType, string]>([
    ['PrepareTransfer', 'debtor_id'],
    ['FinalizeTransfer', 'transfer_id'],
    ['AccountUpdate', 'principal'],
  ])('%s.%s may not be the next double beyond int64', (type, field) => {
    expect(isAccepted(type, field, '9223372036854774784')).toBe(true);
    expect(isAccepted(type, field, '9223372036854777856')).toBe(false);
    expect(isAccepted(type, field, '-9223372036854777856')).toBe(false);
  });
});

describe('the rules between fields', () => {
  it.each<[MessageType, Readonly<Record<string, string>>]>([
    ['PrepareTransfer', { coordinator_type: '"interest"' }],
    ['PrepareTransfer', { coordinator_type: '"delete"' }],
    ['PrepareTransfer', { coordinator_type: '"issuing"', coordinator_id: '1', creditor_id: '1' }],
    ['PrepareTransfer', { coordinator_type: '"agent"', coordinator_id: '0', creditor_id: '0' }],
    ['PrepareTransfer', { coordinator_type: '"agent"', coordinator_id: '1099511627775' }],
    ['FinalizeTransfer', { committed_amount: '1', transfer_note_format: '"a b"' }],
    ['FinalizeTransfer', { committed_amount: '1', transfer_note: `"${'a'.repeat(501)}"` }],
    ['FinalizedTransfer', { status_code: '"TIMEOUT"', committed_amount: '1' }],
  ])('of %s refuse %j, as the authority does', (type, changes) => {
    expect(isRead(type, wireText(type, changes))).toBe(false);
    expect(isValid(type, JSON.parse(wireText(type, changes)))).toBe(false);
  });

  it.each<[MessageType, Readonly<Record<string, string>>]>([
    ['PrepareTransfer', { coordinator_type: '"issuing"', coordinator_id: '1', creditor_id: '0' }],
    ['PrepareTransfer', { coordinator_type: '"agent"', coordinator_id: '1099511627776' }],
    ['PrepareTransfer', { coordinator_type: '"agent"', coordinator_id: '-1', creditor_id: '-2' }],
    ['FinalizeTransfer', { committed_amount: '0', transfer_note_format: '"a b"' }],
    ['FinalizeTransfer', { coordinator_type: '"interest"' }],
    ['FinalizedTransfer', { status_code: '"TIMEOUT"', committed_amount: '0' }],
  ])('of %s accept %j, as the authority does', (type, changes) => {
    expect(isRead(type, wireText(type, changes))).toBe(true);
    expect(isValid(type, JSON.parse(wireText(type, changes)))).toBe(true);
  });

  it.each<[MessageType, Readonly<Record<string, string>>]>([
    ['PrepareTransfer', { min_locked_amount: '6', max_locked_amount: '5' }],
    ['PrepareTransfer', { coordinator_type: '"direct"', coordinator_id: '1' }],
    ['PrepareTransfer', { coordinator_type: '"issuing"', coordinator_id: '2', creditor_id: '0' }],
    ['PrepareTransfer', { coordinator_type: '"agent"', coordinator_id: '2199023255552' }],
  ])('of %s that compare two fields are left to the authority: %j', (type, changes) => {
    expect(isRead(type, wireText(type, changes))).toBe(false);
    expect(isValid(type, JSON.parse(wireText(type, changes)))).toBe(true);
  });
});

describe('a malformed body', () => {
  const bodies = MALFORMED_BODIES.filter(
    ([, , reason]) => reason !== 'the text is not JSON' && !reason.includes('stands twice'),
  );

  it.each(bodies)('with %s is refused, if it is JSON without a key that occurs twice', (_what, body) => {
    const value: unknown = JSON.parse(body);
    expect(INCOMING_TYPES.filter((type) => isValid(type, value))).toStrictEqual([]);
  });
});

function isAccepted(type: MessageType, field: string, literal: string): boolean {
  const changes = { ...NEIGHBOURS[`${type}.${field}`], [field]: literal };
  return isValid(type, JSON.parse(wireText(type, changes)));
}

function isRead(type: MessageType, text: string): boolean {
  const parse = (INCOMING_TYPES as readonly string[]).includes(type)
    ? parseIncomingMessage
    : parseOutgoingMessage;
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function isBeyondSchemas(field: string, literal: string): boolean {
  return BEYOND_SCHEMAS.some(
    ({ fields, literals }) => literals.includes(literal) && (fields?.includes(field) ?? true),
  );
}
