/** Shows how far a long task is: as a bar on a terminal, elsewhere as a line now and then. */

export interface Progress {
  /** Begins a step of about `total` items; 0 if unknown. */
  readonly start: (label: string, total: number) => void;
  readonly advance: (count: number) => void;
  readonly end: () => void;
}

export const NO_PROGRESS: Progress = { start: () => {}, advance: () => {}, end: () => {} };

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  /** The width of the terminal. */
  readonly columns?: number | undefined;
  readonly write: (text: string) => unknown;
}

const BAR_WIDTH = 30;
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;

/** @param now milliseconds; decides how often something is written */
export function progressTo(output: ProgressOutput, now: () => number = Date.now): Progress {
  const isTerminal = output.isTTY === true;
  const interval = isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
  let [label, total, done, writtenAt] = ['', 0, 0, 0];
  const write = (isEnd: boolean): void => {
    const line = printProgress(label, done, isEnd ? done : Math.max(total, done + 1));
    // A line that the terminal wraps could not be drawn over.
    const fitting = line.slice(0, (output.columns || Number.POSITIVE_INFINITY) - 1);
    output.write(isTerminal ? `\r\x1b[K${fitting}${isEnd ? '\n' : ''}` : `${line}\n`);
    writtenAt = now();
  };
  return {
    start: (newLabel, newTotal) => {
      [label, total, done, writtenAt] = [newLabel, newTotal, 0, now()];
    },
    advance: (count) => {
      done += count;
      if (now() - writtenAt >= interval) {
        write(false);
      }
    },
    end: () => write(true),
  };
}

/** @param total an estimate, greater than `done` until all is done */
export function printProgress(label: string, done: number, total: number): string {
  const share = total === 0 ? 1 : done / total;
  const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
  const count = done < total ? `${group(done)} of about ${group(total)}` : group(done);
  return `${label.padEnd(12)} [${bar}] ${count}`;
}

function group(count: number): string {
  return count.toLocaleString('en-US');
}
