/** The JSON Schema of each message. */

import type * as z from 'zod';
import { OWN_COORDINATOR_TYPES } from '../protocol/constants.ts';
import { FIELDS, type FieldName } from '../protocol/field-table.ts';
import { INCOMING_MESSAGE_SCHEMAS, OUTGOING_MESSAGE_SCHEMAS } from '../protocol/messages.ts';
import { FIELD_DESCRIPTIONS, MESSAGE_DESCRIPTIONS, type MessageType } from './descriptions.ts';
import { fieldSchema, hasCode } from './field-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { DATE_TIME_FORM } from './text-forms.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The names of the messages, incoming ones first. */
export const INCOMING_TYPES = Object.keys(
  INCOMING_MESSAGE_SCHEMAS,
) as readonly (keyof typeof INCOMING_MESSAGE_SCHEMAS)[];
export const OUTGOING_TYPES = Object.keys(
  OUTGOING_MESSAGE_SCHEMAS,
) as readonly (keyof typeof OUTGOING_MESSAGE_SCHEMAS)[];
export const MESSAGE_TYPES: readonly MessageType[] = [...INCOMING_TYPES, ...OUTGOING_TYPES];

const SCHEMAS: Readonly<Record<MessageType, z.ZodObject>> = {
  ...INCOMING_MESSAGE_SCHEMAS,
  ...OUTGOING_MESSAGE_SCHEMAS,
};

/** The creditor IDs of the reserved agent 0; the highest has 40 bits. */
const RESERVED_AGENT: JsonSchema = { minimum: 0, maximum: 2 ** 40 - 1 };

/** The rules between fields, as far as JSON Schema can say them: it cannot compare two fields. */
const RULES: { readonly [T in MessageType]?: readonly JsonSchema[] } = {
  PrepareTransfer: [
    { properties: { coordinator_type: { not: { enum: OWN_COORDINATOR_TYPES } } } },
    when({ coordinator_type: { const: 'issuing' } }, { creditor_id: { const: 0 } }),
    when(
      { coordinator_type: { const: 'agent' } },
      { creditor_id: { not: RESERVED_AGENT }, coordinator_id: { not: RESERVED_AGENT } },
    ),
  ],
  FinalizeTransfer: [
    when(
      { committed_amount: { minimum: 1 } },
      {
        transfer_note: fieldSchema('transferNote', FIELDS.transferNote.schema),
        transfer_note_format: fieldSchema('transferNoteFormat', FIELDS.transferNoteFormat.schema),
      },
    ),
  ],
  FinalizedTransfer: [when({ status_code: { not: { const: 'OK' } } }, { committed_amount: { const: 0 } })],
};

/** The schema of a message as a document of its own, JSON Schema 2020-12. */
export function messageSchemaDocument(type: MessageType, example: JsonSchema): JsonSchema {
  return { $schema: DIALECT, ...messageSchema(type), examples: [example] };
}

/** The schema of a message. Unknown fields are allowed, since they are ignored. SMP 2.1, JSON form. */
export function messageSchema(type: MessageType): JsonSchema {
  const schema = SCHEMAS[type];
  const names = Object.keys(schema.shape).filter((name) => name !== 'type') as FieldName[];
  const fields = names.map((name) => {
    const limits = fieldSchema(name, schema.shape[name] as z.ZodType);
    const description = FIELD_DESCRIPTIONS[name];
    return [FIELDS[name].wireName, { description, ...limits, ...formatOf(type, limits) }] as const;
  });
  const properties: JsonSchema = { type: { type: 'string', const: type }, ...Object.fromEntries(fields) };
  return {
    title: type,
    description: MESSAGE_DESCRIPTIONS[type],
    type: 'object',
    properties,
    required: Object.keys(properties),
    ...rulesOf(type),
  };
}

/** What the authority writes is RFC 3339; it reads more, so that a validator which asserts the format would refuse too much. */
function formatOf(type: MessageType, { pattern }: JsonSchema): JsonSchema {
  return pattern === DATE_TIME_FORM && type in OUTGOING_MESSAGE_SCHEMAS ? { format: 'date-time' } : {};
}

function rulesOf(type: MessageType): JsonSchema {
  const rules = RULES[type];
  if (rules === undefined && hasCode(SCHEMAS[type])) {
    throw new Error(`${type} has rules in code; say in message-schema.ts what they are in JSON Schema`);
  }
  return rules === undefined ? {} : { allOf: rules };
}

/** A rule about messages that have all `conditions`; a message without these fields is refused elsewhere. */
function when(conditions: JsonSchema, consequences: JsonSchema): JsonSchema {
  return {
    if: { properties: conditions, required: Object.keys(conditions) },
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
    then: { properties: consequences },
  };
}
