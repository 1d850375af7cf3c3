/** Lambda handler: chores on single accounts, from their queue. */

import { runChores } from '../lib/shell/run-chores.ts';
import { queueHandler } from './runtime/queue-handler.ts';

export const handler = queueHandler(runChores);
