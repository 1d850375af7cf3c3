/** The generated documents of the protocol, by their paths in the project's folder. */

import { printMessage } from '../protocol/codec.ts';
import { asyncApiDocument } from './async-api.ts';
import { EXAMPLES } from './examples.ts';
import { type JsonSchema, literally, printDocument } from './json-schema.ts';
import { MESSAGE_TYPES, messageSchemaDocument } from './message-schema.ts';

/** The folder of the messages' schemas, one file each. */
export const SCHEMAS_FOLDER = 'docs/schemas';

/** The text of each generated document, by its path. */
export function generateDocuments(): ReadonlyMap<string, string> {
  const schemas = MESSAGE_TYPES.map((type): [string, string] => {
    const example = literally(printMessage(EXAMPLES[type])) as JsonSchema;
    return [`${SCHEMAS_FOLDER}/${type}.json`, printDocument(messageSchemaDocument(type, example))];
  });
  return new Map([...schemas, ['docs/asyncapi.json', printDocument(asyncApiDocument())]]);
}
