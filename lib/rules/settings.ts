/** What the rules let an operator choose. Reading and validating the values is `lib/shell/settings.ts`. */

/** Durations are in seconds and may be fractional. */
export interface Settings {
  /** How long a message may be under way, at the most; also the `ttl` of AccountUpdate (SMP 2.1, sections 3 and 4). */
  readonly messageMaxDelaySeconds: number;
  /** AccountUpdate is repeated when none was sent for so long (SMP 2.1, section 6). */
  readonly heartbeatSeconds: number;
  /** A prepared transfer is announced again after so long (SMP 2.1, section 6). */
  readonly reminderSeconds: number;
  /** The commit period: how long a prepared transfer may be committed (SMP 2.1, PrepareTransfer). */
  readonly commitPeriodSeconds: number;
  /** The least time between two capitalizations of interest on one account (SMP 2.1, section 5). */
  readonly minCapitalizationSeconds: number;
  /** Interest is capitalized when its share of the principal is greater (SMP 2.1, section 5). */
  readonly maxInterestToPrincipalRatio: number;
  /** The least time between two attempts to delete one account (SMP 2.1, section 7). */
  readonly deletionAttemptsMinSeconds: number;
  /** How long a message between servers may be under way, in the worst case (SMP 2.1, section 7). */
  readonly intranetExtremeDelaySeconds: number;
}
