/** What the benchmark shows on the terminal while it runs. */

import type { CaseResult } from './case-result.ts';
import { printLoad } from './load.ts';

const LINE_EVERY_MS = 10_000;
let shownAt = 0;

/** One line that is overwritten on a terminal; elsewhere a new line now and then. */
export function showProgress(label: string, done: number, total: number): void {
  const text =
    total === 0 ? label : `${label} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || 200) - 1)}`);
  } else if (performance.now() - shownAt > LINE_EVERY_MS) {
    shownAt = performance.now();
    process.stderr.write(`${text}\n`);
  }
}

export function clearProgress(): void {
  if (process.stderr.isTTY) {
    process.stderr.write('\r\x1b[K');
  }
}

export function showResult(result: CaseResult): void {
  clearProgress();
  const { name, authority, load, transferCount, transfersPerSecond, times, faults } = result;
  const columns = [
    name.padEnd(13),
    printLoad(load).padEnd(16),
    transferCount.toLocaleString('en-US').padStart(7),
    `${transfersPerSecond.toFixed(transfersPerSecond < 10 ? 1 : 0)} transfers/s`.padEnd(16),
    `${Math.round(times.whole.p50).toLocaleString('en-US')} ms each`.padEnd(15),
    authority,
    faults.length === 0 ? '✓' : `✗ ${faults[0]}`,
  ];
  console.log(columns.join('  '));
}
