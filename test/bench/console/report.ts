/** What the measurement of the console prints, and whether the page was fluent. */

import { availableParallelism } from 'node:os';
import type { BenchResult, ViewResult } from './bench.ts';

/** The longest that a task may keep the page's thread busy. */
const MAX_TASK_MS = 50;
/** More than this share, and memory is not flat. */
const MAX_GROWTH = 0.2;

export function printReport(result: BenchResult): { readonly text: string; readonly isFluent: boolean } {
  const { firstReadingSeconds, loadAverage, views, heapBytes } = result;
  const [start, middle, end] = heapBytes;
  const lines = [
    `The first reading of the tables took ${firstReadingSeconds.toFixed(1)} s; what is read is shown meanwhile.`,
    `The machine has ${availableParallelism()} processors, and its load average was ${loadAverage.toFixed(1)}.`,
    '',
    printRow(['view', 'messages', 'long tasks', 'longest', 'longest, CPU', 'CPU a message', 'CPU share']),
    ...views.map((view) => printRow(cellsOf(view))),
    '',
    'Long tasks took more than 50 ms by the clock; the durations of all of them, in ms:',
    `  ${
      views
        .flatMap(({ longTasks }) => longTasks)
        .map(Math.round)
        .join(' ') || 'none'
    }`,
    `JavaScript heap in the long watch: ${[start, middle, end].map(inMegabytes).join(', ')} at start, middle and end.`,
  ];
  const isFluent =
    views.every(({ longestCpuMs }) => longestCpuMs <= MAX_TASK_MS) && end <= start * (1 + MAX_GROWTH);
  return { text: `${lines.join('\n')}\n`, isFluent };
}

function cellsOf(view: ViewResult): readonly string[] {
  const { name, seconds, messageCount, longTasks, longestCpuMs, cpuMs } = view;
  return [
    name,
    `${messageCount}`,
    `${longTasks.length}`,
    longTasks[0] === undefined ? 'none' : `${Math.round(longTasks[0])} ms`,
    `${Math.round(longestCpuMs)} ms`,
    `${(cpuMs / Math.max(1, messageCount)).toFixed(2)} ms`,
    `${((cpuMs / seconds / 1_000) * 100).toFixed(1)} %`,
  ];
}

function printRow([name = '', ...cells]: readonly string[]): string {
  return `${name.padEnd(31)}${cells.map((cell) => cell.padStart(15)).join('')}`;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
