/** Reads and writes messages as JSON text. The schemas and the field table hold all that is particular to a field. */

import type * as z from 'zod';
import { describeFaults, describeKind, type Fault } from './faults.ts';
import type { FieldKind } from './field-kinds.ts';
import { FIELDS, type FieldName } from './field-table.ts';
import { JsonObjectError, type MemberValue, parseJsonMembers } from './json-members.ts';
import {
  INCOMING_MESSAGE_SCHEMAS,
  type IncomingMessage,
  OUTGOING_MESSAGE_SCHEMAS,
  type OutgoingMessage,
} from './messages.ts';
import { quoted } from './quoting.ts';

type Message = IncomingMessage | OutgoingMessage;

/**
 * A text that is not a valid message. `message` is printable ASCII of a few hundred characters, so that it fits into logs and
 * attributes. It names all wrong fields, says why they are wrong as far as there is room, and repeats at most 40 characters of
 * what was sent.
 */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

interface MessageForm {
  readonly schema: z.ZodType;
  readonly fields: readonly MessageField[];
}

interface MessageField {
  readonly name: FieldName;
  readonly wireName: string;
  readonly kind: FieldKind<unknown>;
  /** What stands before the value in the JSON text. */
  readonly separator: string;
}

const INCOMING_FORMS = formsOf(INCOMING_MESSAGE_SCHEMAS);
const OUTGOING_FORMS = formsOf(OUTGOING_MESSAGE_SCHEMAS);

/**
 * The message that the body of an SQS message holds. SMP 2.1, JSON form and bad input.
 * @throws {MalformedMessageError} for a text that is no JSON object, a key that occurs twice, an unknown type, or a field
 *   that breaks its table
 */
export function parseIncomingMessage(body: string): IncomingMessage {
  return parseMessage(body, INCOMING_FORMS) as IncomingMessage;
}

/** The message that the body of an SNS message holds, for clients. Throws like `parseIncomingMessage`. */
export function parseOutgoingMessage(body: string): OutgoingMessage {
  return parseMessage(body, OUTGOING_FORMS) as OutgoingMessage;
}

/**
 * The JSON text of a message, with its fields in the order of its schema, in characters that SQS and SNS carry raw.
 * Does not check limits.
 * @throws {RangeError} for a value that has no text: a float that is not finite, an instant outside the years 1 … 9999
 */
export function printMessage(message: Message): string {
  const form = INCOMING_FORMS.get(message.type) ?? OUTGOING_FORMS.get(message.type);
  if (form === undefined) {
    throw new RangeError(`unknown message type ${message.type}`);
  }
  const values = message as unknown as Readonly<Record<FieldName, unknown>>;
  let text = `{"type":"${message.type}"`;
  for (const { name, kind, separator } of form.fields) {
    text += separator + kind.print(values[name]);
  }
  return `${text}}`;
}

function parseMessage(body: string, forms: ReadonlyMap<string, MessageForm>): unknown {
  const members = parseBody(body);
  const type = members.get('type');
  if (typeof type !== 'string') {
    const words = type === undefined ? 'is missing' : `must be a string${describeKind(type, 'string')}`;
    throw new MalformedMessageError(`type: ${words}`);
  }
  const form = forms.get(type);
  if (form === undefined) {
    throw new MalformedMessageError(`type: unknown message type ${quoted(type)}`);
  }
  const candidate: Record<string, unknown> = { type };
  for (const { name, wireName, kind } of form.fields) {
    const json = members.get(wireName);
    // What is missing or of another kind becomes `undefined`, which the field's schema refuses.
    candidate[name] = json === undefined ? undefined : kind.parse(json);
  }
  const result = form.schema.safeParse(candidate);
  if (result.success) {
    return result.data;
  }
  const faults = faultsOf(result.error, form, members);
  throw new MalformedMessageError(describeFaults(type, faults), { cause: result.error });
}

/** One for each field that is wrong, in the order of the fields. */
function faultsOf(
  { issues }: z.ZodError,
  { fields }: MessageForm,
  members: ReadonlyMap<string, MemberValue>,
): readonly Fault[] {
  return fields.flatMap(({ name, wireName, kind }) => {
    const issue = issues.find(({ path }) => path[0] === name);
    if (issue === undefined) {
      return [];
    }
    const json = members.get(wireName);
    const words = json === undefined ? 'is missing' : `${issue.message}${describeKind(json, kind.jsonKind)}`;
    return [{ field: wireName, words }];
  });
}

function parseBody(body: string): Map<string, MemberValue> {
  try {
    return parseJsonMembers(body);
  } catch (error) {
    if (error instanceof JsonObjectError) {
      throw new MalformedMessageError(error.message, { cause: error });
    }
    throw error;
  }
}

function formsOf(schemas: Readonly<Record<string, z.ZodObject>>): Map<string, MessageForm> {
  const entries = Object.entries(schemas).map(([type, schema]): [string, MessageForm] => {
    const names = Object.keys(schema.shape).filter((name) => name !== 'type') as FieldName[];
    return [type, { schema, fields: names.map(messageField) }];
  });
  return new Map(entries);
}

function messageField(name: FieldName): MessageField {
  const { wireName, kind } = FIELDS[name];
  return { name, wireName, kind: kind as FieldKind<unknown>, separator: `,"${wireName}":` };
}
