/** The times after which a client's records change by themselves. All are in seconds. */

/** SMP 2.1 leaves these to the client. */
export interface RecordSettings {
  /** A request without an answer is sent again after this time, then after twice the time, and so on up to a day. */
  readonly resendSeconds: number;
  /**
   * How long a finished transfer is remembered. Less than the 60 days of the default is unsafe: copies of its messages could
   * come later, and a call with its idempotency key would pay again.
   */
  readonly keepSeconds: number;
  /** After this time a committed transfer is given up whose FinalizedTransfer never came. SMP 2.1 suggests a year. */
  readonly abandonSeconds: number;
  /** After this time a transfer that is missing in a ledger is bridged by an entry that says so. */
  readonly patchAfterSeconds: number;
}

const DAY = 86_400;

/** What a client does unless it is told otherwise. */
export const DEFAULT_RECORD_SETTINGS: RecordSettings = {
  resendSeconds: 60,
  keepSeconds: 60 * DAY,
  abandonSeconds: 365 * DAY,
  patchAfterSeconds: 21 * DAY,
};

const MAX_RESEND_SECONDS = DAY;

/** How long to wait for an answer after a message was sent that many times. */
export function patienceSeconds(sentCount: number, { resendSeconds }: RecordSettings): number {
  return Math.min(resendSeconds * 2 ** Math.max(0, sentCount - 1), MAX_RESEND_SECONDS);
}
