/** docs/protocol.md as a test: its examples are messages, and those of the schemas. */

import { describe, expect, it } from 'vitest';
import { parseIncomingMessage, parseOutgoingMessage, printMessage } from '../../lib/protocol/codec.ts';
import type { MessageType } from '../../lib/schemas/descriptions.ts';
import { EXAMPLES } from '../../lib/schemas/examples.ts';
import { isValid } from '../support/json-schemas.ts';
import { sourceFile } from '../support/source-files.ts';
import { WIRE_MEMBERS } from '../support/wire-messages.ts';

const GUIDE = sourceFile('docs/protocol.md').text;

/** The text of each example, by the type that it says it is. */
const GUIDE_EXAMPLES = [...GUIDE.matchAll(/```json\n(\{"type": "(\w+)"[^`]*)```/g)].map(
  ([, text = '', type = '']) => ({ type: type as MessageType, text }),
);

describe('docs/protocol.md', () => {
  it('has one example of each message', () => {
    expect(GUIDE_EXAMPLES.map(({ type }) => type).sort()).toStrictEqual(Object.keys(WIRE_MEMBERS).sort());
    expect(GUIDE.match(/```json/g)).toHaveLength(10);
  });

  it.each(GUIDE_EXAMPLES)('has the example of $type that the schemas have', ({ type, text }) => {
    const isIncoming = ['ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer'].includes(type);
    const message = isIncoming ? parseIncomingMessage(text) : parseOutgoingMessage(text);
    expect(printMessage(message)).toBe(printMessage(EXAMPLES[type]));
    expect(isValid(type, JSON.parse(text))).toBe(true);
  });

  it('tells what JSON.parse makes of a transfer ID', () => {
    const { transferId } = EXAMPLES.PreparedTransfer;
    const careless = JSON.stringify(JSON.parse(transferId.toString()));
    expect(careless).not.toBe(transferId.toString());
    expect(GUIDE).toContain(`\`JSON.parse\` makes ${careless} of the transfer ID ${transferId}`);
  });
});
