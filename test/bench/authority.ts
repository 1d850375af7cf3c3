/** What the benchmark measures, however it is reached: something that takes SMP messages and answers with others. */

import type { Usage } from './usage.ts';

export interface Authority {
  /** For the report: what was measured. */
  readonly description: string;
  /** How long balance changes wait after an AccountUpdate for the next one; undefined where that is unknown. */
  readonly updateDelaySeconds?: number;
  /** Sends messages in no particular order. Resolves when all are in the queue. */
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** Set once, then called with every outgoing message. */
  readonly listen: (onMessage: (body: string) => void) => void;
  /** The usage since the start; undefined where only the authority's operator knows it. */
  readonly usage: () => Promise<Usage | undefined>;
  /** The principals in the accounts table by creditor ID; undefined where the table can't be read. */
  readonly readPrincipals: (
    debtorId: number,
    creditorIds: readonly number[],
  ) => Promise<ReadonlyMap<number, bigint>>;
  /** How many messages are in the dead-letter queue. */
  readonly countDeadLetters: () => Promise<number>;
  readonly stop: () => Promise<void>;
}
