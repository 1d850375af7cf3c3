/** The generated documents in `docs` are those that the field table gives today, and their numbers are exact. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JsonObject, parseJson } from '../../lib/protocol/json.ts';
import { generateDocuments } from '../../lib/schemas/documents.ts';
import { type MessageType, WIRE_MEMBERS } from '../support/wire-messages.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENTS = generateDocuments();
const MESSAGE_TYPES = Object.keys(WIRE_MEMBERS) as MessageType[];

describe('the generated documents', () => {
  it.each([...DOCUMENTS.keys()])('%s is as `npm run schemas` writes it', (path) => {
    expect(existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8')).toBe(DOCUMENTS.get(path));
  });

  it('are one schema for each message, and the AsyncAPI document', () => {
    const schemas = MESSAGE_TYPES.map((type) => `docs/schemas/${type}.json`);
    expect([...DOCUMENTS.keys()]).toStrictEqual([...schemas, 'docs/asyncapi.json']);
    const files = readdirSync(join(ROOT, 'docs/schemas')).map((name) => `docs/schemas/${name}`);
    expect(files.sort()).toStrictEqual(schemas.sort());
  });
});

describe('a schema', () => {
  it.each(MESSAGE_TYPES)('of %s has the fields of the message in their order', (type) => {
    const { properties, required } = exactSchema(type);
    expect(Object.keys(properties as JsonObject)).toStrictEqual(Object.keys(WIRE_MEMBERS[type]));
    expect(required).toStrictEqual(Object.keys(WIRE_MEMBERS[type]));
  });

  it.each<[MessageType, string, bigint, bigint]>([
    ['PrepareTransfer', 'debtor_id', -9223372036854775808n, 9223372036854775807n],
    ['PrepareTransfer', 'max_locked_amount', 0n, 9223372036854775807n],
    ['PreparedTransfer', 'transfer_id', 1n, 9223372036854775807n],
    ['AccountUpdate', 'principal', -9223372036854775808n, 9223372036854775807n],
    ['AccountUpdate', 'last_change_seqnum', -2147483648n, 2147483647n],
  ])('of %s prints the bounds of %s with all their digits', (type, field, minimum, maximum) => {
    expect((exactSchema(type).properties as JsonObject)[field]).toMatchObject({ minimum, maximum });
  });

  it('has an example whose numbers keep their digits and points', () => {
    expect(DOCUMENTS.get('docs/schemas/FinalizedTransfer.json')).toContain(
      '"transfer_id": 6557480414330891250,',
    );
    expect(DOCUMENTS.get('docs/schemas/AccountUpdate.json')).toContain('"demurrage_rate": -50.0,');
  });
});

/** The schema with its integers as bigints. */
function exactSchema(type: MessageType): JsonObject {
  return parseJson(DOCUMENTS.get(`docs/schemas/${type}.json`) ?? '') as JsonObject;
}
