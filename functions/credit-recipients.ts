/** Lambda handler: committed transfers from the stream of the transfers table, as far as its filter lets them through. */

import { creditRecords } from '../lib/shell/credit-recipients.ts';
import { SharedTransactions } from '../lib/shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { settings } from './runtime/environment.ts';
import { streamHandler } from './runtime/stream-records.ts';
import { createLedgerStore } from './runtime/tables.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = {
  store: createLedgerStore(),
  transactions: new SharedTransactions(),
  settings,
  surroundings: REAL_SURROUNDINGS,
  telemetry,
};

export const handler = streamHandler('credit-recipients', (records) => creditRecords(records, tools));
