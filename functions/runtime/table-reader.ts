/** The reader of whole tables, which the audit alone needs. */

import { TableReader } from '../../lib/storage/table-reader.ts';
import { client, tables } from './invocations.ts';

export function createTableReader(): TableReader {
  return new TableReader(client, tables);
}
