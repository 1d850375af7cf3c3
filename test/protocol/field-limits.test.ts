/**
 * Every limit of every field of incoming messages, just inside and just outside, and the kinds of value that
 * each kind of field refuses. Each row breaks one field of an otherwise valid message.
 */

import { describe, expect, it } from 'vitest';
import {
  MalformedMessageError,
  parseIncomingMessage,
  parseOutgoingMessage,
  printMessage,
} from '../../lib/protocol/codec.ts';
import { INCOMING_FIELD_LIMITS, NEIGHBOURS, OUTGOING_FIELD_LIMITS } from '../support/field-limits.ts';
import { type MessageType, WIRE_MEMBERS, wireText } from '../support/wire-messages.ts';

type IncomingType = 'ConfigureAccount' | 'PrepareTransfer' | 'FinalizeTransfer';
const INSIDE = [...INCOMING_FIELD_LIMITS, ...OUTGOING_FIELD_LIMITS].flatMap(([type, field, inside]) =>
  inside.map((literal) => ({ type, field, literal, shown: shown(literal) })),
);
const OUTSIDE = [...INCOMING_FIELD_LIMITS, ...OUTGOING_FIELD_LIMITS].flatMap(([type, field, , outside]) =>
  outside.map((literal) => ({ type, field, literal, shown: shown(literal) })),
);

describe('a field', () => {
  it.each(INSIDE)('$type.$field may be $shown', ({ type, field, literal }) => {
    const message = parse(type, { ...NEIGHBOURS[`${type}.${field}`], [field]: literal });
    expect(parseText(type, printMessage(message))).toStrictEqual(message);
  });

  it.each(OUTSIDE)('$type.$field may not be $shown', ({ type, field, literal }) => {
    const changes = { ...NEIGHBOURS[`${type}.${field}`], [field]: literal };
    expect(faultOf(() => parse(type, changes))).toMatch(new RegExp(`^${type}\\.${field}: must `));
  });

  const fields = Object.entries(WIRE_MEMBERS).flatMap(([type, members]) =>
    Object.keys(members).map((field) => ({ type: type as MessageType, field })),
  );

  it.each(fields)('$type.$field may not be missing', ({ type, field }) => {
    expect(faultOf(() => parse(type, { [field]: undefined }))).toBe(
      field === 'type' ? 'type: is missing' : `${type}.${field}: is missing`,
    );
  });

  it('has its row here if it comes from clients', () => {
    const rows = INCOMING_FIELD_LIMITS.map(([type, field]) => `${type}.${field}`);
    const types: readonly IncomingType[] = ['ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer'];
    const all = types.flatMap((type) => Object.keys(WIRE_MEMBERS[type]).map((field) => `${type}.${field}`));
    expect(rows).toStrictEqual(all.filter((name) => !name.endsWith('.type')));
  });
});

describe('the reason of a refusal', () => {
  it.each<[MessageType, Readonly<Record<string, string>>, string]>([
    [
      'PrepareTransfer',
      { min_locked_amount: '-1' },
      'PrepareTransfer.min_locked_amount: must be an integer between 0 and 9223372036854775807',
    ],
    [
      'PrepareTransfer',
      { min_locked_amount: '6', max_locked_amount: '5' },
      'PrepareTransfer.max_locked_amount: must be at least min_locked_amount',
    ],
    [
      'PrepareTransfer',
      { recipient: '"é"' },
      'PrepareTransfer.recipient: must be a string of at most 100 ASCII symbols',
    ],
    [
      'PrepareTransfer',
      { ts: '"yesterday"' },
      'PrepareTransfer.ts: must be a date-time with an offset, in the years 1 to 9999',
    ],
    [
      'ConfigureAccount',
      { negligible_amount: '-1' },
      'ConfigureAccount.negligible_amount: must be a finite number, at least 0',
    ],
    [
      'ConfigureAccount',
      { config_data: '"\\ud800"' },
      'ConfigureAccount.config_data: must be a string without lone surrogates, of at most 2000 bytes in UTF-8',
    ],
    [
      'FinalizeTransfer',
      { committed_amount: '1', transfer_note_format: '"a b"' },
      'FinalizeTransfer.transfer_note_format: must be a string that matches ^[0-9A-Za-z.-]{0,8}$',
    ],
    [
      'FinalizeTransfer',
      { coordinator_type: '""' },
      'FinalizeTransfer.coordinator_type: must be a string of 1 to 30 ASCII symbols without control characters',
    ],
    [
      'ConfigureAccount',
      { seqnum: '2147483648' },
      'ConfigureAccount.seqnum: must be an integer between -2147483648 and 2147483647',
    ],
    [
      'AccountUpdate',
      { interest: '1e999' },
      'AccountUpdate.interest: must be a finite number, but is beyond all numbers',
    ],
    [
      'AccountUpdate',
      { interest_rate: '100.5' },
      'AccountUpdate.interest_rate: must be a finite number between -50 and 100',
    ],
    [
      'AccountUpdate',
      { creation_date: '"2026-02-29"' },
      'AccountUpdate.creation_date: must be a date (YYYY-MM-DD), in the years 1 to 9999',
    ],
    [
      'AccountUpdate',
      { account_id: '"-1"' },
      'AccountUpdate.account_id: must be an account ID: a decimal number between 0 and 18446744073709551615',
    ],
    [
      'AccountUpdate',
      { debtor_info_iri: `"${'a'.repeat(201)}"` },
      'AccountUpdate.debtor_info_iri: must be a string without lone surrogates, of 0 to 200 characters',
    ],
    [
      'AccountUpdate',
      { debtor_info_sha256: '"0a"' },
      'AccountUpdate.debtor_info_sha256: must be empty or 64 upper-case hexadecimal digits',
    ],
    [
      'RejectedTransfer',
      { status_code: '"OK"' },
      'RejectedTransfer.status_code: must be one of TIMEOUT, RECIPIENT_IS_UNREACHABLE, SENDER_IS_UNREACHABLE, ' +
        'TOO_MANY_TRANSFERS, RECIPIENT_SAME_AS_SENDER, NEWER_INTEREST_RATE, INSUFFICIENT_AVAILABLE_AMOUNT',
    ],
    [
      'FinalizedTransfer',
      { status_code: '"TIMEOUT"', committed_amount: '1' },
      'FinalizedTransfer.committed_amount: must be 0 unless status_code is OK',
    ],
  ])('of %s with %j names the field and its limits', (type, changes, reason) => {
    expect(faultOf(() => parse(type, changes))).toBe(reason);
  });
});

function parse(type: MessageType, changes: Readonly<Record<string, string | undefined>>) {
  return parseText(type, wireText(type, changes));
}

function parseText(type: MessageType, text: string) {
  const isIncoming = type === 'ConfigureAccount' || type === 'PrepareTransfer' || type === 'FinalizeTransfer';
  return isIncoming ? parseIncomingMessage(text) : parseOutgoingMessage(text);
}

function faultOf(parsing: () => unknown): string {
  try {
    parsing();
  } catch (error) {
    if (error instanceof MalformedMessageError) {
      return error.message;
    }
    throw error;
  }
  return 'no fault';
}

function shown(literal: string): string {
  return literal.length > 40 ? `${literal.slice(0, 20)}… (${literal.length} characters)` : literal;
}
