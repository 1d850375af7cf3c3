/** What a piece of work is given: made in one place for functions, one for the simulation, and one for each kind of test. */

import type { Settings } from '../rules/settings.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import type { SharedTransactions } from './shared-transactions.ts';
import type { Surroundings } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

/** One run of a function, or of a tool that does a function's work. */
export interface Invocation {
  readonly store: LedgerStore;
  /** The same for all invocations of a function. */
  readonly transactions: SharedTransactions;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
  /** Whether there is time to begin another step. Work that is not begun comes again. */
  readonly hasTime: () => boolean;
}

/** One delivery of a message by a queue. */
export interface Delivery {
  readonly messageId: string;
  readonly body: string;
  /** The ARN of the queue that it came from, by which its sender is known. */
  readonly sourceArn?: string | undefined;
}
