/** How clients send payments: a bounded number under way, or one after the other at a pace, whatever comes back. */

export type Load =
  /** As real clients do: the next payment starts when one is done (a closed loop). */
  | { readonly kind: 'under-way'; readonly count: number }
  /** Payments start at their instants, even when earlier ones are late (an open loop). */
  | { readonly kind: 'pace'; readonly perSecond: number };

export function underWay(count: number): Load {
  return { kind: 'under-way', count };
}

export function pace(perSecond: number): Load {
  return { kind: 'pace', perSecond };
}

/** All payments are sent before the first answer. In JSON, infinity would be `null`. */
export const ALL_AT_ONCE = underWay(Number.MAX_SAFE_INTEGER);

/** Whether no payment can share a batch with another one. */
export function isOneByOne(load: Load): boolean {
  return load.kind === 'under-way' ? load.count === 1 : load.perSecond <= 1;
}

/** @returns such as `64 under way` or `1 a second` */
export function printLoad(load: Load): string {
  if (load.kind === 'pace') {
    return `${load.perSecond.toLocaleString('en-US')} a second`;
  }
  return load.count === Number.MAX_SAFE_INTEGER
    ? 'all at once'
    : `${load.count.toLocaleString('en-US')} under way`;
}

/** How far a run of payments is. */
export interface Progress {
  readonly startedCount: number;
  readonly doneCount: number;
  /** When the run began and what time it is; instants of `performance.now`. */
  readonly startedAt: number;
  readonly now: number;
}

/**
 * When the next payment is due, as an instant of `performance.now`; undefined when it waits for another one to be done. At a
 * pace, times count from here: a payment that is sent late because the machine was busy is late for its client, too.
 */
export function nextDueAt(
  load: Load,
  { startedCount, doneCount, startedAt, now }: Progress,
): number | undefined {
  if (load.kind === 'pace') {
    return startedAt + (startedCount * 1_000) / load.perSecond;
  }
  return startedCount - doneCount < load.count ? now : undefined;
}
