/** When and where the benchmark was run, and whether the machine was free for it. */

import type { Machine } from '../machine.ts';
import type { BenchResults } from '../results.ts';
import { printInstant } from './printed-figures.ts';
import type { Section } from './section.ts';
import { escapeMarkdown } from './tables.ts';

/** If more processes than this share of the processors wait at the start, the figures are doubtful. */
const MAX_LOAD_OF_PROCESSOR = 0.5;

export function headSection({ startedAt, machine }: BenchResults): Section {
  const { processors, processorModel, memoryGB, node, loadBefore } = machine;
  const warning = loadWarning(machine);
  return {
    title: 'Benchmark',
    paragraphs: [
      [
        `- Date: ${printInstant(startedAt)}`,
        `- Machine: ${processors} × ${escapeMarkdown(processorModel)}, ${memoryGB} GB, Node ${node}`,
        `- Load before: ${loadBefore.toFixed(2)}`,
      ].join('\n'),
      ...(warning === undefined ? [] : [`**⚠ ${warning}**`]),
      'Everything ran on this one machine: emulators and clients share its processors with the handlers.',
    ],
    charts: {},
  };
}

/** @returns `undefined` when the machine was free */
export function loadWarning({ processors, loadBefore }: Machine): string | undefined {
  return loadBefore > MAX_LOAD_OF_PROCESSOR * processors
    ? `The machine was busy before the run began (load ${loadBefore.toFixed(2)}, ${processors} processors): times are longer than they would be.`
    : undefined;
}
