/** The generated schemas of the messages, as a validator that knows JSON Schema 2020-12 reads them. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { generateDocuments } from '../../lib/schemas/documents.ts';
import type { MessageType } from './wire-messages.ts';

const DOCUMENTS = generateDocuments();

/** Refuses, unless the schema and all its formats are known and used as they should be. */
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
addFormats.default(ajv);

const VALIDATORS = new Map<MessageType, (value: unknown) => boolean>();

/** Whether the schema of the message's type accepts a JSON value as `JSON.parse` reads it: numbers are doubles. */
export function isValid(type: MessageType, value: unknown): boolean {
  const validate = VALIDATORS.get(type) ?? ajv.compile(schemaOf(type));
  VALIDATORS.set(type, validate);
  return validate(value);
}

/** The schema of the message's type as `JSON.parse` reads it. */
export function schemaOf(type: MessageType): Record<string, unknown> {
  return JSON.parse(DOCUMENTS.get(`docs/schemas/${type}.json`) ?? '');
}
