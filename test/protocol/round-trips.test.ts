/**
 * Every message survives being written and read, in any spelling of its text; and any other text is refused with a
 * clear error.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MalformedMessageError,
  parseIncomingMessage,
  parseOutgoingMessage,
  printMessage,
} from '../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import { ARBITRARY_INCOMING_MESSAGES, ARBITRARY_OUTGOING_MESSAGES } from '../support/message-arbitraries.ts';
import { type MessageType, objectText, WIRE_MEMBERS } from '../support/wire-messages.ts';

const INCOMING = Object.entries(ARBITRARY_INCOMING_MESSAGES) as [string, fc.Arbitrary<IncomingMessage>][];
const OUTGOING = Object.entries(ARBITRARY_OUTGOING_MESSAGES) as [string, fc.Arbitrary<OutgoingMessage>][];
const ALL = [...INCOMING, ...OUTGOING] as [string, fc.Arbitrary<IncomingMessage | OutgoingMessage>][];

/** The characters that SQS and SNS accept in a message body. */
const CARRIED_RAW = /^[\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

describe('an incoming message', () => {
  it.each(INCOMING)('%s is read as it was written', (_type, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(parseIncomingMessage(printMessage(message))).toStrictEqual(message);
      }),
    );
  });

  it.each(INCOMING)('%s means the same however its text is spelled', (_type, messages) => {
    fc.assert(
      fc.property(messages, aSpelling(), (message, spelling) => {
        expect(parseIncomingMessage(respell(printMessage(message), spelling))).toStrictEqual(message);
      }),
    );
  });
});

describe('an outgoing message', () => {
  it.each(OUTGOING)('%s is read as it was written', (_type, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(parseOutgoingMessage(printMessage(message))).toStrictEqual(message);
      }),
    );
  });
});

describe('a written message', () => {
  it.each(ALL)('%s has only characters that SQS and SNS carry, and is JSON', (_type, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        const text = printMessage(message);
        expect(text).toMatch(CARRIED_RAW);
        expect(JSON.parse(text)).toHaveProperty('type', message.type);
      }),
    );
  });

  it.each(ALL)('%s has exactly the fields of its table, by their wire names', (type, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(Object.keys(JSON.parse(printMessage(message)))).toStrictEqual(
          Object.keys(WIRE_MEMBERS[type as MessageType]),
        );
      }),
      { numRuns: 5 },
    );
  });
});

describe('a message of an unknown type', () => {
  it('can not be written', () => {
    expect(() => printMessage({ type: 'Unknown' } as never)).toThrow(
      new RangeError('unknown message type Unknown'),
    );
  });
});

describe('anything else', () => {
  it('that is JSON is refused with a MalformedMessageError', () => {
    fc.assert(fc.property(fc.json({ stringUnit: 'binary' }), expectOrderlyEnd), { numRuns: 1000 });
  });

  it('that is text is refused with a MalformedMessageError', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), expectOrderlyEnd), {
      numRuns: 1000,
    });
  });

  it('that was a message before some of its characters were cut or replaced is read or refused', () => {
    const damage = fc.record({ at: fc.nat(600), length: fc.nat(20), insert: fc.string({ unit: 'binary' }) });
    fc.assert(
      fc.property(fc.oneof(...INCOMING.map(([, messages]) => messages)), damage, (message, cut) => {
        const text = printMessage(message);
        expectOrderlyEnd(text.slice(0, cut.at) + cut.insert + text.slice(cut.at + cut.length));
      }),
      { numRuns: 1000 },
    );
  });

  it('that has hostile values in the fields of a message is read or refused', () => {
    const literal = fc.oneof(
      fc.constantFrom(
        '1e999',
        '-0',
        '1.0',
        '1e2',
        '9'.repeat(400),
        `-${'9'.repeat(400)}`,
        'null',
        '"\\ud800"',
      ),
      fc.json({ stringUnit: 'binary', maxDepth: 3 }),
    );
    const type = fc.constantFrom<MessageType>('ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer');
    fc.assert(
      fc.property(type, fc.nat(20), literal, (messageType, index, value) => {
        const members = Object.entries(WIRE_MEMBERS[messageType]);
        const victim = index % members.length;
        expectOrderlyEnd(objectText(members.map(([key, old], i) => [key, i === victim ? value : old])));
      }),
      { numRuns: 2000 },
    );
  });
});

/** Reads the text as a message; the only way to fail is a short printable sentence. */
function expectOrderlyEnd(text: string): void {
  try {
    parseIncomingMessage(text);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMessageError);
    expect((error as Error).message).toMatch(/^[\x20-\x7e]{10,200}$/);
  }
}

interface Spelling {
  readonly spaces: string;
  readonly escapesEverything: boolean;
  readonly turn: number;
  readonly extra: string;
}

function aSpelling(): fc.Arbitrary<Spelling> {
  return fc.record({
    spaces: fc.stringMatching(/^[ \t\n\r]{0,5}$/),
    escapesEverything: fc.boolean(),
    turn: fc.nat(20),
    extra: fc.json({ stringUnit: 'binary' }),
  });
}

/** The same message with spaces, other escapes, its fields in another order, and an unknown field. */
function respell(text: string, { spaces, escapesEverything, turn, extra }: Spelling): string {
  const members = [...text.matchAll(/[{,]("[a-z0-9_]+"):("(?:[^"\\]|\\.)*"|[^,}]+)/g)].map(
    ([, key = '', literal = '']) =>
      [escapesEverything ? escaped(key) : key, escapesEverything ? escaped(literal) : literal] as const,
  );
  const turned = [...members.slice(turn), ['"x"', extra] as const, ...members.slice(0, turn)];
  const body = turned.map(([key, literal]) => [spaces, key, spaces, ':', spaces, literal, spaces].join(''));
  return `${spaces}{${body.join(',')}}${spaces}`;
}

function escaped(literal: string): string {
  if (!literal.startsWith('"')) {
    return literal;
  }
  const units = [...Array((JSON.parse(literal) as string).length).keys()].map((i) =>
    (JSON.parse(literal) as string).charCodeAt(i).toString(16).padStart(4, '0'),
  );
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}
