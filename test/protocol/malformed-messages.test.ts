/** Bodies that are not messages, and what may stand beside a message's fields. SMP 2.1, bad input. */

import { describe, expect, it } from 'vitest';
import {
  MalformedMessageError,
  parseIncomingMessage,
  parseOutgoingMessage,
} from '../../lib/protocol/codec.ts';
import { DEEP_ARRAY, MALFORMED_BODIES } from '../support/malformed-bodies.ts';
import { type MessageType, objectText, WIRE_MEMBERS, wireText } from '../support/wire-messages.ts';

describe('a body', () => {
  it.each(MALFORMED_BODIES)('with %s is malformed, and the reason says why', (_what, body, reason) => {
    expect(() => parseIncomingMessage(body)).toThrow(new MalformedMessageError(reason));
  });

  it('keeps the causes of the refusal', () => {
    expect(faultOf('{')).toMatchObject({
      name: 'MalformedMessageError',
      cause: { name: 'JsonObjectError', cause: { name: 'SyntaxError' } },
    });
    expect(faultOf(wireText('PrepareTransfer', { debtor_id: '""' }))).toMatchObject({
      name: 'MalformedMessageError',
      cause: { name: 'ZodError' },
    });
  });

  it('is not blamed for a defect of the reader', () => {
    expect(faultOf(Buffer.from(wireText('PrepareTransfer')) as never)).toBeInstanceOf(TypeError);
  });

  it.each(['ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer'] as const)(
    'with %s is no outgoing message',
    (type) => {
      expect(() => parseOutgoingMessage(wireText(type))).toThrow(
        new MalformedMessageError(`type: unknown message type "${type}"`),
      );
    },
  );
});

describe('an unknown field', () => {
  it.each([
    ['null', 'null'],
    ['a number beyond all doubles', '1e999'],
    ['a number of 256 KB', '9'.repeat(262_144)],
    ['a lone surrogate', '"\\ud800"'],
    ['a text of 256 KB', `"${'x'.repeat(262_144)}"`],
    ['an object with a key twice', '{"type":1,"type":{"type":"}\\""}}'],
    ['an array 100,000 deep', DEEP_ARRAY],
    ['an object 100,000 deep', '{"a":'.repeat(100_000) + 1 + '}'.repeat(100_000)],
  ])('with %s changes nothing', (_what, literal) => {
    const type: MessageType = 'FinalizeTransfer';
    const message = parseIncomingMessage(wireText(type));
    const members = Object.entries(WIRE_MEMBERS[type]);
    expect(parseIncomingMessage(objectText([['x', literal], ...members]))).toStrictEqual(message);
    expect(parseIncomingMessage(objectText([...members, ['__proto__', literal]]))).toStrictEqual(message);
  });

  it('named in camelCase, or after a thing that objects inherit, changes nothing', () => {
    const extra = { debtorId: '9', toString: '1', constructor: '{}', hasOwnProperty: 'null' };
    expect(parseIncomingMessage(wireText('FinalizeTransfer', extra))).toStrictEqual(
      parseIncomingMessage(wireText('FinalizeTransfer')),
    );
  });
});

function faultOf(body: string): unknown {
  try {
    return parseIncomingMessage(body);
  } catch (error) {
    return error;
  }
}
