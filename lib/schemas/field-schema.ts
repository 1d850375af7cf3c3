/** The JSON Schema of a field, from its kind and its limits in the field table. */

import * as z from 'zod';
import {
  CONFIG_DATA_MAX_BYTES,
  DEBTOR_INFO_IRI_MAX_CHARACTERS,
  TRANSFER_NOTE_MAX_BYTES,
} from '../protocol/constants.ts';
import { dateTimeKind, floatKind, int32Kind, int64Kind } from '../protocol/field-kinds.ts';
import { FIELDS, type FieldName } from '../protocol/field-table.ts';
import type { JsonSchema } from './json-schema.ts';
import { ACCOUNT_ID_FORM, DATE_FORM, DATE_TIME_FORM } from './text-forms.ts';

/**
 * What the authority checks with code of its own, as far as JSON Schema can say it. `maxLength` counts code points: a text of so
 * many bytes has at most as many.
 */
const CODED_LIMITS: { readonly [N in FieldName]?: JsonSchema } = {
  configData: { maxLength: CONFIG_DATA_MAX_BYTES },
  transferNote: { maxLength: TRANSFER_NOTE_MAX_BYTES },
  debtorInfoIri: { maxLength: DEBTOR_INFO_IRI_MAX_CHARACTERS },
  creationDate: { format: 'date', pattern: DATE_FORM },
  accountId: { pattern: ACCOUNT_ID_FORM },
  sender: { pattern: ACCOUNT_ID_FORM },
  recipient: { pattern: ACCOUNT_ID_FORM },
};

/** The names that code generators know numbers by. */
const FORMATS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [int64Kind, 'int64'],
  [int32Kind, 'int32'],
  [floatKind, 'double'],
]);

/**
 * The JSON Schema of a field whose values in code are those of `schema`: the field's own one, or what a message allows instead.
 * @throws {Error} where the schema has a limit that this file cannot say, so that none is forgotten
 */
export function fieldSchema(name: FieldName, schema: z.ZodType): JsonSchema {
  const kind: unknown = FIELDS[name].kind;
  if (kind === dateTimeKind) {
    return { type: 'string', pattern: DATE_TIME_FORM };
  }
  const { type = null, ...limits } =
    schema instanceof z.ZodBigInt ? bigintSchema(schema) : zodSchema(name, schema);
  const format = FORMATS.get(kind);
  return { type, ...(format !== undefined && { format }), ...limits };
}

function bigintSchema({ minValue, maxValue }: z.ZodBigInt): JsonSchema {
  return { type: 'integer', minimum: minValue, maximum: maxValue };
}

function zodSchema(name: FieldName, schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...limits } = z.toJSONSchema(schema);
  return { ...(limits as JsonSchema), ...(hasCode(schema) ? codedLimits(name) : {}) };
}

function codedLimits(name: FieldName): JsonSchema {
  const limits = CODED_LIMITS[name];
  if (limits === undefined) {
    throw new Error(`the limits of ${name} are code; say in field-schema.ts what they are in JSON Schema`);
  }
  return limits;
}

/** Whether a schema checks something with code, which zod cannot describe. */
export function hasCode(schema: z.ZodType): boolean {
  return schema.def.checks?.some(({ _zod }) => _zod.def.check === 'custom') ?? false;
}
