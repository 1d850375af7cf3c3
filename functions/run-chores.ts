/** Lambda handler: chores on single accounts, from their queue. */

import { runChores } from '../lib/shell/run-chores.ts';
import { queueHandler } from './runtime/queue-handler.ts';

/** Chores wait for minutes anyway, so their mapping gathers them, and the function need not take more. */
export const handler = queueHandler(runChores, { takesMore: false });
