/** `npm run schemas`: writes the schemas of the messages and the AsyncAPI document into `docs`. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generateDocuments, SCHEMAS_FOLDER } from './documents.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Writes all documents anew, and says which. */
export function writeSchemas(): void {
  mkdirSync(join(ROOT, SCHEMAS_FOLDER), { recursive: true });
  for (const [path, text] of generateDocuments()) {
    writeFileSync(join(ROOT, path), text);
    console.log(path);
  }
}
