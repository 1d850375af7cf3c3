/** Lambda handler: the sweep over all transfers, started by a schedule and continued through its queue. */

import { SharedTransactions } from '../lib/shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { sweepTransfers } from '../lib/shell/sweep-transfers.ts';
import { settings } from './runtime/environment.ts';
import { sweepHandler } from './runtime/sweep-handler.ts';
import { createLedgerStore, createTableScan } from './runtime/tables.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = {
  store: createLedgerStore(),
  transactions: new SharedTransactions(),
  scan: createTableScan(),
  settings,
  surroundings: REAL_SURROUNDINGS,
  telemetry,
};

export const handler = sweepHandler(() => sweepTransfers(tools));
