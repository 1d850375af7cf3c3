/** Whether memory stays flat while a process handles very many messages. */

import { MAX_GROWTH_MB } from '../memory-growth.ts';
import type { MemoryResult } from '../results.ts';
import { lineChart } from './line-chart.ts';
import { printCount, printUnits } from './printed-figures.ts';
import { image, type Section } from './section.ts';
import { type Column, escapeMarkdown, markdownTable } from './tables.ts';

const TITLE = 'Memory';

const COLUMNS: readonly Column<MemoryResult>[] = [
  { title: 'messages', isFigure: true, cell: (memory) => printCount(messageCountOf(memory)) },
  {
    title: 'MB at the start',
    isFigure: true,
    cell: ({ growth }) => printUnits(growth?.startMB ?? Number.NaN),
  },
  { title: 'MB at the end', isFigure: true, cell: ({ growth }) => printUnits(growth?.endMB ?? Number.NaN) },
  {
    title: 'bytes per message',
    isFigure: true,
    cell: ({ growth }) => printUnits(growth?.bytesPerMessage ?? Number.NaN),
  },
  {
    title: `MB of growth (≤ ${MAX_GROWTH_MB})`,
    isFigure: true,
    cell: ({ growth }) => printUnits(growth?.growthMB ?? Number.NaN),
  },
  { title: 'peak MB, resident', isFigure: true, cell: (memory) => printCount(peakResidentMBOf(memory)) },
  { title: 'result', cell: ({ faults }) => (faults.length === 0 ? 'flat' : '✗') },
];

export function memorySection(memory: MemoryResult | undefined): Section | undefined {
  if (memory === undefined) {
    return undefined;
  }
  return {
    title: TITLE,
    paragraphs: [
      `${escapeMarkdown(memory.title)}; ${escapeMarkdown(memory.authority)}. What is in use is looked at when nothing is under way and garbage is collected, the start when a tenth of the messages is handled; growth is that of the line through all samples since. What is resident is the whole process, clients included, while it is busy.`,
      markdownTable(COLUMNS, [memory]),
      image(TITLE, 'memory.svg'),
    ],
    charts: { 'memory.svg': chart(memory) },
  };
}

/** For a terminal. */
export function printMemory(memory: MemoryResult): string {
  const peak = `at most ${printCount(peakResidentMBOf(memory))} MB resident`;
  const messages = `${printCount(messageCountOf(memory))} messages`;
  const { growth } = memory;
  return growth === undefined
    ? `Memory: unknown, after ${messages}; ${peak}`
    : `Memory: ${printUnits(growth.startMB)} MB at the start, ${printUnits(growth.endMB)} MB after ${messages}, ` +
        `${printUnits(growth.bytesPerMessage)} bytes a message; ${peak}`;
}

export function messageCountOf({ samples }: MemoryResult): number {
  return samples.at(-1)?.messageCount ?? 0;
}

function peakResidentMBOf({ samples }: MemoryResult): number {
  return Math.max(0, ...samples.map(({ peakResidentMB }) => peakResidentMB));
}

function chart({ samples }: MemoryResult): string {
  const series = (name: 'inUseMB' | 'peakResidentMB') => [
    { name, points: samples.map((sample) => [sample.messageCount, sample[name]] as const) },
  ];
  return lineChart({
    title: TITLE,
    axisTitle: 'thousands of messages',
    printX: (messageCount) => printCount(messageCount / 1_000),
    growsBySteps: true,
    panels: [
      { title: 'In use, MB', series: series('inUseMB'), print: printCount },
      { title: 'Resident, at most, MB', series: series('peakResidentMB'), print: printCount },
    ],
  });
}
