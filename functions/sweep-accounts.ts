/** Lambda handler: the sweep over all accounts, started by a schedule and continued through its queue. */

import { sweepAccounts } from '../lib/shell/sweep-accounts.ts';
import { sweepHandler } from './runtime/sweep-handler.ts';

export const handler = sweepHandler(sweepAccounts);
