/** Lambda handler: the sweep over all transfers, started by a schedule and continued through its queue. */

import { sweepTransfers } from '../lib/shell/sweep-transfers.ts';
import { sweepHandler } from './runtime/sweep-handler.ts';

export const handler = sweepHandler(sweepTransfers);
