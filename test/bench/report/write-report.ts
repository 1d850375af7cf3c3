/** Writes the report of a run: Markdown with its charts beside it. The section files hold the content. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResults } from '../results.ts';
import { budgetSection } from './budgets.ts';
import { bundleSection } from './bundle-section.ts';
import { contentionSection } from './contention-section.ts';
import { costSection } from './cost-section.ts';
import { cpuSection } from './cpu-section.ts';
import { headSection } from './head-section.ts';
import { loadSections } from './load-section.ts';
import { memorySection } from './memory-section.ts';
import { redeliverySection } from './redelivery-section.ts';
import { faultsOf } from './report.ts';
import { scalingSection } from './scaling-section.ts';
import type { Section } from './section.ts';
import { escapeMarkdown } from './tables.ts';
import { throughputSection } from './throughput-section.ts';
import { transferSection } from './transfer-section.ts';

/** Writes `report.md` and its SVG files into the folder, and creates the folder if needed. */
export function writeReport(results: BenchResults, folder: string): void {
  const sections = sectionsOf(results);
  mkdirSync(folder, { recursive: true });
  for (const { charts } of sections) {
    for (const [name, svg] of Object.entries(charts)) {
      writeFileSync(join(folder, name), svg);
    }
  }
  writeFileSync(join(folder, 'report.md'), printSections(sections));
}

/** Sections without measurements are omitted. */
function sectionsOf(results: BenchResults): Section[] {
  const { cases, machine, scaling, redelivery, contention, memory, bundles } = results;
  return [
    headSection(results),
    faultSection(results),
    budgetSection(results),
    ...loadSections(cases),
    throughputSection(cases),
    transferSection(cases),
    cpuSection(cases, machine.processors),
    scalingSection(scaling),
    redeliverySection(redelivery),
    contentionSection(contention),
    memorySection(memory),
    bundleSection(bundles),
    costSection(cases),
  ].filter((section) => section !== undefined);
}

function faultSection(results: BenchResults): Section | undefined {
  const faults = faultsOf(results);
  return faults.length === 0
    ? undefined
    : {
        title: 'Faults',
        paragraphs: [faults.map((fault) => `- ✗ ${escapeMarkdown(fault)}`).join('\n')],
        charts: {},
      };
}

function printSections(sections: readonly Section[]): string {
  const parts = sections.map(({ title, paragraphs }, index) =>
    [`${index === 0 ? '#' : '##'} ${title}`, ...paragraphs].join('\n\n'),
  );
  return `${parts.join('\n\n')}\n`;
}
