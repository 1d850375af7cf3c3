/** The one place where tests of the shell make what the code under test works with. */

import type { Invocation } from '../../lib/shell/invocation.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { DEFAULT_SETTINGS } from './builders.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { ENOUGH_TIME, TestSurroundings, TestTelemetry } from './shell-surroundings.ts';

/** What a test does not give is an empty ledger, or as it is when nothing goes wrong. */
export function anInvocation(parts: Partial<Invocation> = {}): Invocation {
  return {
    store: new MemoryLedger().store,
    transactions: new SharedTransactions(),
    settings: DEFAULT_SETTINGS,
    surroundings: new TestSurroundings(),
    telemetry: new TestTelemetry(),
    hasTime: ENOUGH_TIME,
    ...parts,
  };
}
