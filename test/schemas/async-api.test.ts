/** The AsyncAPI document is valid, complete and true to where messages go. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseIncomingMessage, parseOutgoingMessage } from '../../lib/protocol/codec.ts';
import { routeOf } from '../../lib/protocol/routing.ts';
import { generateDocuments } from '../../lib/schemas/documents.ts';
import { schemaOf } from '../support/json-schemas.ts';
import { type MessageType, WIRE_MEMBERS } from '../support/wire-messages.ts';

interface Reference {
  readonly $ref: string;
}

interface AsyncApi {
  readonly channels: Readonly<Record<string, { readonly messages: Readonly<Record<string, Reference>> }>>;
  readonly operations: Readonly<
    Record<
      string,
      { readonly action: string; readonly channel: Reference; readonly messages: readonly Reference[] }
    >
  >;
  readonly components: {
    readonly messages: Readonly<Record<string, AsyncApiMessage>>;
    readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

interface AsyncApiMessage {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly examples: readonly [{ readonly headers?: unknown; readonly payload: unknown }];
}

const TEXT = generateDocuments().get('docs/asyncapi.json') ?? '';
const DOCUMENT: AsyncApi = JSON.parse(TEXT);
const MESSAGE_TYPES = Object.keys(WIRE_MEMBERS) as MessageType[];
const OUTGOING_TYPES = MESSAGE_TYPES.slice(3);

/** The example's body, with all digits: the raw text from the document. */
const BODIES = new Map(
  [...TEXT.matchAll(/"payload": (\{\n\s+"type": "(\w+)",[^}]*\})/g)].map(([, body = '', type = '']) => [
    type,
    body,
  ]),
);

describe('the AsyncAPI document', () => {
  it('is valid by the schema of AsyncAPI 3.0', () => {
    const path = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json');
    // The schema brings its own copy of the schema of schemas. What it misuses is not ours.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
    const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
    validate(DOCUMENT);
    expect(validate.errors).toBeNull();
    validate({ ...DOCUMENT, channels: { incoming: { address: 1 } } });
    expect(validate.errors).not.toBeNull();
  });

  it('has references to what it contains', () => {
    const targets = [...TEXT.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(targets.length).toBeGreaterThan(40);
    const dangling = targets.filter(
      (path) =>
        path
          .split('/')
          .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], DOCUMENT) === undefined,
    );
    expect(dangling).toStrictEqual([]);
  });

  it('has the schemas that stand in files of their own', () => {
    expect(Object.keys(DOCUMENT.components.schemas)).toStrictEqual(MESSAGE_TYPES);
    for (const type of MESSAGE_TYPES) {
      const { $schema: _dialect, examples: _examples, ...schema } = schemaOf(type);
      expect(DOCUMENT.components.schemas[type]).toStrictEqual(schema);
    }
  });

  it('has each message where it is received or sent', () => {
    const accounts = ['RejectedConfig', 'AccountUpdate', 'AccountPurge', 'AccountTransfer'];
    const operations = Object.values(DOCUMENT.operations).map(({ action, channel, messages }) => [
      action,
      channel.$ref,
      messages.map(({ $ref }) => $ref.split('/').at(-1)),
    ]);
    expect(operations).toStrictEqual([
      ['receive', '#/channels/incoming', ['ConfigureAccount', 'PrepareTransfer', 'FinalizeTransfer']],
      ['send', '#/channels/toCreditors', accounts],
      ['send', '#/channels/toDebtors', accounts],
      ['send', '#/channels/toCoordinators', ['RejectedTransfer', 'PreparedTransfer', 'FinalizedTransfer']],
    ]);
  });
});

describe('an example', () => {
  it.each(MESSAGE_TYPES)('of %s is a message that the authority reads', (type) => {
    const parse = OUTGOING_TYPES.includes(type) ? parseOutgoingMessage : parseIncomingMessage;
    expect(parse(BODIES.get(type) ?? '')).toHaveProperty('type', type);
  });

  it.each(OUTGOING_TYPES)('of %s has the attributes with which it is sent', (type) => {
    const message = DOCUMENT.components.messages[type] as AsyncApiMessage;
    const [{ headers }] = message.examples;
    expect(headers).toStrictEqual(routeOf(parseOutgoingMessage(BODIES.get(type) ?? '')).attributes);
    const validate = new Ajv2020().compile(message.headers ?? false);
    expect(validate(headers)).toBe(true);
    expect(validate({ ...(headers as object), type: 'Other' })).toBe(false);
    expect(validate({ ...(headers as object), routing_key: undefined })).toBe(false);
  });
});
