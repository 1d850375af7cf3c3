/** Prints the core benchmark's results as messages per second, in one table at the end. */

import { basename } from 'node:path';
import type { Reporter } from 'vitest/node';
import type {} from './measured-case.ts';

type OnBenchmark = NonNullable<Reporter['onTestCaseBenchmark']>;

/** The files in the order in which a message passes them; vitest runs them in any order. */
const FILES = ['decode', 'decide', 'credit', 'items', 'project', 'encode'];

interface Throughput {
  /** The file's place in the table. */
  readonly place: number;
  readonly name: string;
  /** For one message, in milliseconds: the median of all measured calls. */
  readonly medianMs: number;
}

export default class ThroughputReporter implements Reporter {
  readonly #measured: Throughput[] = [];

  onTestCaseBenchmark(...[testCase, { tasks }]: Parameters<OnBenchmark>): void {
    const { messageCount = 1 } = testCase.meta();
    const place = FILES.indexOf(basename(testCase.module.moduleId, '.bench.ts'));
    for (const { name, latency } of tasks) {
      this.#measured.push({ place, name, medianMs: latency.p50 / messageCount });
    }
  }

  onTestRunEnd(): void {
    process.stdout.write(`\n${printThroughputs(this.#measured)}\n`);
  }
}

function printThroughputs(measured: readonly Throughput[]): string {
  const rows = measured
    .toSorted((a, b) => a.place - b.place)
    .map(({ name, medianMs }) => [
      name,
      (1_000 / medianMs).toLocaleString('en-US', { maximumFractionDigits: 0 }),
      (1_000 * medianMs).toFixed(2),
    ]);
  const table = [['one core, medians', 'messages/s', 'µs/message'], ...rows];
  const nameWidth = Math.max(...table.map(([name = '']) => name.length));
  return table
    .map(([name = '', ...figures]) =>
      [name.padEnd(nameWidth), ...figures.map((figure) => figure.padStart(12))].join(''),
    )
    .join('\n');
}
