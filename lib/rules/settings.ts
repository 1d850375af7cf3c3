/** What the rules let an operator choose. `lib/shell/settings.ts` reads and validates the values. */

import type { Timestamp } from '../protocol/timestamps.ts';

/** Durations are in seconds and may be fractional. */
export interface Settings {
  /** The longest time that a message may be under way; also the `ttl` of AccountUpdate (SMP 2.1, sections 3 and 4). */
  readonly messageMaxDelaySeconds: number;
  /** AccountUpdate is repeated when none was sent for this long (SMP 2.1, section 6). */
  readonly heartbeatSeconds: number;
  /** Balance changes of one account are told in at most one AccountUpdate in this time; at most 900, the longest SQS delay. */
  readonly accountUpdateDelaySeconds: number;
  /** A prepared transfer is announced again after this long (SMP 2.1, section 6). */
  readonly reminderSeconds: number;
  /** The commit period: how long a prepared transfer may be committed (SMP 2.1, PrepareTransfer). */
  readonly commitPeriodSeconds: number;
  /** The least time between two capitalizations of interest on one account (SMP 2.1, section 5). */
  readonly minCapitalizationSeconds: number;
  /** Interest is capitalized when its share of the principal is greater (SMP 2.1, section 5). */
  readonly maxInterestToPrincipalRatio: number;
  /** The least time between two attempts to delete one account (SMP 2.1, section 7). */
  readonly deletionAttemptsMinSeconds: number;
  /** The longest time that a message between servers may be under way (SMP 2.1, section 7). */
  readonly intranetExtremeDelaySeconds: number;
}

/** What a decision depends on besides the ledger. */
export interface Circumstances {
  readonly now: Timestamp;
  readonly settings: Settings;
}
