/** Lambda handler: an audit of the whole ledger, started by a schedule. */

import { runScheduledAudit } from '../lib/operations/audit/scheduled-audit.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { settings } from './runtime/environment.ts';
import { instrumented } from './runtime/instrumented.ts';
import { remainingTime } from './runtime/remaining-time.ts';
import { createTableReader } from './runtime/table-reader.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = { reader: createTableReader(), settings, surroundings: REAL_SURROUNDINGS, telemetry };

export const handler = instrumented<object, void>((_, context) =>
  runScheduledAudit({ ...tools, hasTime: remainingTime(context) }),
);
