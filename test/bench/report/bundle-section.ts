/** How large the functions' bundles are and how long they take to load. */

import type { BundleResult } from '../results.ts';
import { MAX_BUNDLE_KB, MAX_LOAD_MS } from './budgets.ts';
import { printCount } from './printed-figures.ts';
import type { Section } from './section.ts';
import { type Column, markdownTable } from './tables.ts';

const COLUMNS: readonly Column<BundleResult>[] = [
  { title: 'function', cell: ({ name }) => name },
  {
    title: `kilobytes (≤ ${printCount(MAX_BUNDLE_KB)})`,
    isFigure: true,
    cell: ({ kilobytes }) => marked(kilobytes, MAX_BUNDLE_KB),
  },
  {
    title: `load ms (≤ ${MAX_LOAD_MS})`,
    isFigure: true,
    cell: ({ loadMs }) => marked(loadMs, MAX_LOAD_MS),
  },
];

export function bundleSection(bundles: readonly BundleResult[]): Section | undefined {
  return bundles.length === 0
    ? undefined
    : { title: 'Bundles', paragraphs: [markdownTable(COLUMNS, bundles)], charts: {} };
}

function marked(value: number, limit: number): string {
  return `${printCount(value)} ${value <= limit ? '✓' : '✗'}`;
}
