import { describe, expect, it } from 'vitest';
import { messageForms } from '../../../lib/operations/console/message-forms.ts';
import { parseIncomingMessage } from '../../../lib/protocol/codec.ts';

describe('The forms of the console', () => {
  it('are one for each incoming message', () => {
    expect(messageForms().map(({ type }) => type)).toStrictEqual([
      'ConfigureAccount',
      'PrepareTransfer',
      'FinalizeTransfer',
    ]);
  });

  it('can be sent as they are filled in', () => {
    for (const { type, fields } of messageForms()) {
      const members = fields.map(({ name, isText, isInstant, example }) => {
        const value = isInstant ? '2027-01-15T08:00:00Z' : example;
        return `"${name}": ${isText ? JSON.stringify(value) : value}`;
      });
      expect(parseIncomingMessage(`{"type": "${type}", ${members.join(', ')}}`).type).toBe(type);
    }
  });

  it('have no note that somebody would have to delete', () => {
    const fields = messageForms().flatMap((form) => form.fields);
    const notes = fields.filter(({ name }) => name === 'transfer_note');
    expect(notes.map(({ example }) => example)).toStrictEqual(['']);
  });

  it('say what the protocol demands of each field', () => {
    const [{ fields } = { fields: [] }] = messageForms();
    expect(fields.find(({ name }) => name === 'negligible_amount')).toStrictEqual({
      name: 'negligible_amount',
      isText: false,
      isInstant: false,
      demand: 'must be a finite number, at least 0',
      example: '1000000.0',
    });
  });
});
