/** What the shell reports about its work. Where it goes (Powertools, a test, a benchmark) is up to who calls the shell. */

/** The phases of handling a batch, whose time is measured. */
export type Phase = 'Parse' | 'Load' | 'Decide' | 'Commit' | 'Publish' | 'SyntheticPayment';

export interface Telemetry {
  /** Adds to a count, e.g. `Messages.PrepareTransfer.applied`. */
  readonly count: (name: string, amount?: number) => void;
  /** Adds to the time spent in a phase; work done side by side adds up. */
  readonly time: (phase: Phase, milliseconds: number) => void;
  /** Tells of progress worth a line in the log. */
  readonly info: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Tells an operator of something to look at. Never carries whole messages. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Runs `work` and counts its time as spent in `phase`, also when it throws. */
export async function measured<T>(
  telemetry: Telemetry,
  phase: Phase,
  work: () => T | Promise<T>,
): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    telemetry.time(phase, performance.now() - start);
  }
}
