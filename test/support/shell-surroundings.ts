/** The shell's surroundings in tests: a clock that the test sets, pauses that take no time, and telemetry to inspect. */

import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import type { Surroundings } from '../../lib/shell/surroundings.ts';
import type { Phase, Telemetry } from '../../lib/shell/telemetry.ts';
import { NOW } from './builders.ts';

export class TestSurroundings implements Surroundings {
  /** The present time; the test changes it. */
  time: Timestamp = NOW;
  /** The pauses that the code under test wanted, in milliseconds. */
  readonly pauses: number[] = [];
  readonly now = (): Timestamp => this.time;
  readonly random = (): number => 0.5;

  readonly pause = async (milliseconds: number): Promise<void> => {
    this.pauses.push(milliseconds);
  };
}

/** For code that is to go on to its end. */
export const ENOUGH_TIME = (): boolean => true;

export interface LogLine {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export class TestTelemetry implements Telemetry {
  readonly log: LogLine[] = [];
  readonly phases = new Set<Phase>();
  readonly #counts = new Map<string, number>();

  /** The counts that are not zero. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].filter(([, amount]) => amount !== 0));
  }

  readonly count = (name: string, amount = 1): void => {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + amount);
  };

  readonly time = (phase: Phase): void => {
    this.phases.add(phase);
  };

  readonly info = (message: string, details: Readonly<Record<string, unknown>>): void => {
    this.log.push({ level: 'info', message, details });
  };

  readonly warn = (message: string, details: Readonly<Record<string, unknown>>): void => {
    this.log.push({ level: 'warn', message, details });
  };
}
