/** What the shell reports about its work. The caller decides where it goes: to Powertools, a test, or a benchmark. */

/** The phases of handling a batch, whose time is measured. */
export type Phase = 'Parse' | 'Load' | 'Decide' | 'Commit' | 'Publish' | 'SyntheticPayment';

export interface Telemetry {
  /** Adds to a count, e.g. `Messages.PrepareTransfer.applied`. */
  readonly count: (name: string, amount?: number) => void;
  /** Adds to the time spent in a phase. The times of concurrent work add up. */
  readonly time: (phase: Phase, milliseconds: number) => void;
  /** Logs progress. */
  readonly info: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Logs something that an operator should look at. Never contains whole messages. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Runs `work` and adds its time to `phase`, also when it throws. */
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
