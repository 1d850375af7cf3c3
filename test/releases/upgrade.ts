/**
 * An upgrade as CodeDeploy makes it, in virtual time: each invocation goes by chance to the old or the new release, the new
 * one's share grows by a tenth every two minutes, and an alarm ends it. What it leaves out is in docs/reliability.md.
 */

import type { Release } from './release.ts';

/** A part of the ledger whose invocations are divided. */
export type Part = 'process-messages' | 'credit-recipients' | 'publish-events';

export interface InvokedVersion {
  readonly release: Release;
  readonly isNew: boolean;
}

const STEP_SECONDS = 120;
const STEPS = 10;
/** The first tenth moves at once, and the last one 18 minutes later. */
const SHIFT_SECONDS = STEP_SECONDS * (STEPS - 1);
/** As the stack's alarms have it. */
const ALARM_PERIOD_SECONDS = 300;
/** Until CloudWatch has a metric and CodeDeploy has looked at its alarm. */
const LATENESS_SECONDS = 60;

export class Upgrade {
  readonly #versions: { readonly old: Release; readonly new: Release };
  readonly #startsAt: number;
  readonly #random: () => number;
  #alarmAt = Number.POSITIVE_INFINITY;
  #undoneAt = Number.POSITIVE_INFINITY;
  /** When the new release was invoked. */
  readonly newInvocations: { readonly second: number; readonly part: Part }[] = [];

  /** @param startsAt in seconds, as all times here */
  constructor(
    versions: { old: Release; new: Release },
    { startsAt, seed }: { startsAt: number; seed: number },
  ) {
    this.#versions = versions;
    this.#startsAt = startsAt;
    this.#random = randomFrom(seed);
  }

  /** When all invocations went back; `undefined` when they did not. */
  get wentBackAt(): number | undefined {
    return this.#alarmAt <= this.#startsAt + SHIFT_SECONDS ? this.#alarmAt : undefined;
  }

  get endsAt(): number {
    return this.wentBackAt ?? this.#startsAt + SHIFT_SECONDS;
  }

  /** Which release does the next invocation of this part. */
  invoke(part: Part, second: number): InvokedVersion {
    const isNew = this.#random() < this.#share(second);
    if (isNew) {
      this.newInvocations.push({ second, part });
    }
    return { release: isNew ? this.#versions.new : this.#versions.old, isNew };
  }

  /** Something that an alarm of the upgrade counts. It is raised when the period of five minutes is over. */
  alarm(second: number): void {
    const periodEnd = (Math.floor(second / ALARM_PERIOD_SECONDS) + 1) * ALARM_PERIOD_SECONDS;
    this.#alarmAt = Math.min(this.#alarmAt, periodEnd + LATENESS_SECONDS);
  }

  /** An operator deploys the old release again, all at once. */
  undo(second: number): void {
    this.#undoneAt = second;
  }

  #share(second: number): number {
    const hasGoneBack = this.wentBackAt !== undefined && second >= this.wentBackAt;
    if (second < this.#startsAt || hasGoneBack || second >= this.#undoneAt) {
      return 0;
    }
    return Math.min(1, (1 + Math.floor((second - this.#startsAt) / STEP_SECONDS)) / STEPS);
  }
}

/** Numbers from 0 to below 1, always the same ones for a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
