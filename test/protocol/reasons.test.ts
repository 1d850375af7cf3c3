/** The reason of a refusal: it names all faults of a message and the kinds of wrong values, within bounds (SMP 2.1, section 9). */

import { describe, expect, it } from 'vitest';
import type { ZodError } from 'zod';
import {
  MalformedMessageError,
  parseIncomingMessage,
  parseOutgoingMessage,
} from '../../lib/protocol/codec.ts';
import { describeFaults } from '../../lib/protocol/faults.ts';
import { type MessageType, WIRE_MEMBERS, wireText } from '../support/wire-messages.ts';

function reasonOf(parse: () => unknown): string {
  return errorOf(parse).message;
}

function errorOf(parse: () => unknown): Error {
  try {
    parse();
  } catch (error) {
    if (error instanceof MalformedMessageError) {
      return error;
    }
    throw error;
  }
  throw new Error('The message has no fault.');
}

const INT64 = 'must be an integer between -9223372036854775808 and 9223372036854775807';

describe('a value of another kind', () => {
  it.each([
    ['debtor_id', '"1"', `${INT64}, but is a string`],
    ['debtor_id', 'null', `${INT64}, but is null`],
    ['debtor_id', 'true', `${INT64}, but is a boolean`],
    ['debtor_id', '[1]', `${INT64}, but is an array`],
    ['debtor_id', '{}', `${INT64}, but is an object`],
    ['debtor_id', '1.5', `${INT64}, but has a fraction`],
    ['debtor_id', '-2.5e-3', `${INT64}, but has a fraction`],
    ['debtor_id', '1.0', `${INT64}, but is written with a point or an exponent`],
    ['debtor_id', '1e2', `${INT64}, but is written with a point or an exponent`],
    ['debtor_id', '1e999', `${INT64}, but is beyond all numbers`],
    ['debtor_id', '9223372036854775808', INT64],
    ['recipient', '1099511627778', 'must be a string of at most 100 ASCII symbols, but is a number'],
    ['recipient', '1.5', 'must be a string of at most 100 ASCII symbols, but is a number'],
    ['ts', '1767323045', 'must be a date-time with an offset, in the years 1 to 9999, but is a number'],
    ['ts', '"yesterday"', 'must be a date-time with an offset, in the years 1 to 9999'],
  ])('is named: %s may not be %s', (field, literal, fault) => {
    expect(
      reasonOf(() =>
        parseIncomingMessage(wireText('PrepareTransfer', { coordinator_type: '"other"', [field]: literal })),
      ),
    ).toBe(`PrepareTransfer.${field}: ${fault}`);
  });

  it.each([
    ['"1"', 'but is a string'],
    ['null', 'but is null'],
    ['1e999', 'but is beyond all numbers'],
  ])('is named: negligible_amount may not be %s', (literal, words) => {
    expect(
      reasonOf(() => parseIncomingMessage(wireText('ConfigureAccount', { negligible_amount: literal }))),
    ).toBe(`ConfigureAccount.negligible_amount: must be a finite number, at least 0, ${words}`);
  });

  it('is not what -0 is, where it is too small an integer', () => {
    expect(reasonOf(() => parseOutgoingMessage(wireText('PreparedTransfer', { transfer_id: '-0' })))).toBe(
      'PreparedTransfer.transfer_id: must be an integer between 1 and 9223372036854775807',
    );
  });

  it('is named for the type too', () => {
    expect(reasonOf(() => parseIncomingMessage('{"type":7}'))).toBe(
      'type: must be a string, but is a number',
    );
  });
});

describe('all faults of a message', () => {
  it('are named, in the order of the fields', () => {
    const text = wireText('ConfigureAccount', {
      creditor_id: undefined,
      config_flags: '"0"',
      ts: '"yesterday"',
      debtor_id: '1.5',
    });
    expect(reasonOf(() => parseIncomingMessage(text))).toBe(
      'ConfigureAccount.debtor_id: must be an integer between -9223372036854775808 and 9223372036854775807, but has a fraction; ' +
        'creditor_id: is missing; ' +
        'config_flags: must be an integer between -2147483648 and 2147483647, but is a string; ' +
        'ts: must be a date-time with an offset, in the years 1 to 9999',
    );
  });

  it('include those that concern several fields, beside faults of other fields', () => {
    const text = wireText('PrepareTransfer', {
      min_locked_amount: '6',
      max_locked_amount: '5',
      coordinator_id: '1',
      ts: undefined,
    });
    expect(reasonOf(() => parseIncomingMessage(text))).toBe(
      'PrepareTransfer.coordinator_id: must equal creditor_id for coordinator_type direct; ' +
        'max_locked_amount: must be at least min_locked_amount; ts: is missing',
    );
  });

  it.each<[MessageType, Readonly<Record<string, string | undefined>>, string, readonly string[]]>([
    [
      'PrepareTransfer',
      { min_locked_amount: '"6"', max_locked_amount: '5' },
      'PrepareTransfer.min_locked_amount: must be an integer between 0 and 9223372036854775807, but is a string',
      ['minLockedAmount'],
    ],
    [
      'PrepareTransfer',
      { max_locked_amount: undefined },
      'PrepareTransfer.max_locked_amount: is missing',
      ['maxLockedAmount'],
    ],
    [
      'PrepareTransfer',
      { coordinator_type: '"issuing"', debtor_id: undefined },
      'PrepareTransfer.debtor_id: is missing',
      ['debtorId'],
    ],
    [
      'PrepareTransfer',
      { coordinator_type: '"agent"', coordinator_id: undefined },
      'PrepareTransfer.coordinator_id: is missing',
      ['coordinatorId'],
    ],
    [
      'FinalizeTransfer',
      { committed_amount: '9223372036854775808', transfer_note_format: '"a b"' },
      'FinalizeTransfer.committed_amount: must be an integer between 0 and 9223372036854775807',
      ['committedAmount'],
    ],
    [
      'FinalizeTransfer',
      { committed_amount: '1', transfer_note: undefined },
      'FinalizeTransfer.transfer_note: is missing',
      ['transferNote'],
    ],
  ])(
    'of %s with %j do not include what depends on a field that is faulty itself',
    (type, changes, reason, fields) => {
      const error = errorOf(() => parseIncomingMessage(wireText(type, changes)));
      expect(error.message).toBe(reason);
      expect((error.cause as ZodError).issues.map(({ path: [field] }) => field)).toStrictEqual(fields);
    },
  );

  it('are described in 400 characters, and the last one that fits is described whole', () => {
    const first = { field: 'a', words: 'x'.repeat(192) };
    const second = { field: 'b', words: 'y'.repeat(198) };
    const whole = describeFaults('T', [first, second]);
    expect(whole).toBe(`T.a: ${first.words}; b: ${second.words}`);
    expect(whole).toHaveLength(400);
    expect(describeFaults('T', [first, { ...second, words: `${second.words}y` }])).toBe(
      `T.a: ${first.words}; also wrong: b`,
    );
  });

  it('begin with one that is described, however long', () => {
    const words = 'x'.repeat(500);
    expect(describeFaults('T', [{ field: 'a', words }])).toBe(`T.a: ${words}`);
  });

  it('are only named when they are too many to describe', () => {
    const reason = reasonOf(() => parseIncomingMessage('{"type":"FinalizeTransfer"}'));
    expect(reason).toBe(
      'FinalizeTransfer.debtor_id: is missing; creditor_id: is missing; transfer_id: is missing; coordinator_type: is missing; ' +
        'coordinator_id: is missing; coordinator_request_id: is missing; committed_amount: is missing; transfer_note: is missing; ' +
        'transfer_note_format: is missing; ts: is missing',
    );
    const wrong = Object.fromEntries(
      Object.keys(WIRE_MEMBERS.PrepareTransfer)
        .filter((name) => name !== 'type')
        .map((name) => [name, '[]']),
    );
    expect(reasonOf(() => parseIncomingMessage(wireText('PrepareTransfer', wrong)))).toBe(
      `PrepareTransfer.debtor_id: ${INT64}, but is an array; creditor_id: ${INT64}, but is an array; ` +
        'coordinator_type: must be a string of 1 to 30 ASCII symbols without control characters, but is an array; ' +
        'also wrong: coordinator_id, coordinator_request_id, min_locked_amount, max_locked_amount, recipient, ' +
        'final_interest_rate_ts, max_commit_delay, ts',
    );
  });

  it('fit into an attribute, whatever is sent: printable and of a few hundred characters', () => {
    const hostile = `"${'\\u0000\\ud800ж'.repeat(10_000)}"`;
    for (const type of [
      'ConfigureAccount',
      'PrepareTransfer',
      'FinalizeTransfer',
      'AccountUpdate',
    ] as const) {
      const names = Object.keys(WIRE_MEMBERS[type]).filter((name) => name !== 'type');
      const text = wireText(type, Object.fromEntries(names.map((name) => [name, hostile])));
      const parse = type === 'AccountUpdate' ? parseOutgoingMessage : parseIncomingMessage;
      const reason = reasonOf(() => parse(text));
      expect(reason).toMatch(/^[\x20-\x7e]{1,900}$/);
      expect(reason.startsWith(`${type}.debtor_id`)).toBe(true);
    }
  });
});

describe('the note of a FinalizeTransfer', () => {
  const tooLong = `"${'ж'.repeat(251)}"`;

  it.each([
    ['transfer_note', tooLong],
    ['transfer_note', '"\\ud800"'],
    ['transfer_note_format', '"a b"'],
    ['transfer_note_format', '"123456789"'],
  ])('is ignored in a dismissal, even where %s is %s', (field, literal) => {
    const message = parseIncomingMessage(wireText('FinalizeTransfer', { [field]: literal }));
    expect(message).toMatchObject({ type: 'FinalizeTransfer', committedAmount: 0n, transferId: 5n });
  });

  it.each([
    ['transfer_note', tooLong, 'must be a string without lone surrogates, of at most 500 bytes in UTF-8'],
    ['transfer_note_format', '"a b"', 'must be a string that matches ^[0-9A-Za-z.-]{0,8}$'],
  ])('is refused in a commit where %s is %s', (field, literal, fault) => {
    const text = wireText('FinalizeTransfer', { committed_amount: '1', [field]: literal });
    expect(reasonOf(() => parseIncomingMessage(text))).toBe(`FinalizeTransfer.${field}: ${fault}`);
  });

  it('is refused in a commit beside faults of other fields', () => {
    const changes = { committed_amount: '1', transfer_note_format: '"a b"', ts: undefined };
    expect(reasonOf(() => parseIncomingMessage(wireText('FinalizeTransfer', changes)))).toBe(
      'FinalizeTransfer.transfer_note_format: must be a string that matches ^[0-9A-Za-z.-]{0,8}$; ts: is missing',
    );
  });

  it.each([
    [{ transfer_note: undefined }, 'FinalizeTransfer.transfer_note: is missing'],
    [
      { transfer_note_format: '7' },
      'FinalizeTransfer.transfer_note_format: must be a string that matches ^[0-9A-Za-z.-]{0,8}$, but is a number',
    ],
  ])('has to be a string in a dismissal too: %j', (changes, reason) => {
    expect(reasonOf(() => parseIncomingMessage(wireText('FinalizeTransfer', changes)))).toBe(reason);
  });
});
