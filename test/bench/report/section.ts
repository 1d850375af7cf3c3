/** One section of the report, and what all sections share. */

import type { CaseResult } from '../case-result.ts';
import { printLoad } from '../load.ts';
import type { Column } from './tables.ts';

export interface Section {
  readonly title: string;
  /** Markdown; each entry is a paragraph, list, table or image. */
  readonly paragraphs: readonly string[];
  /** The content of SVG files that the paragraphs show, by the files' names. */
  readonly charts: Readonly<Record<string, string>>;
}

/** A picture's line in the report. */
export function image(title: string, fileName: string): string {
  return `![${title}](${fileName})`;
}

/** The first columns of every table with a row a case. */
export const CASE_COLUMNS: readonly Column<CaseResult>[] = [
  { title: 'case', cell: ({ name }) => name },
  { title: 'load', cell: ({ load }) => printLoad(load) },
  { title: 'authority', cell: ({ authority }) => authority },
];

/** The same columns for rows that contain what the columns show. */
export function columnsOf<Row, Part>(
  columns: readonly Column<Part>[],
  partOf: (row: Row) => Part,
): Column<Row>[] {
  return columns.map((column) => ({ ...column, cell: (row: Row) => column.cell(partOf(row)) }));
}

/** How a chart's row names a case. */
export function headingsOf({ name, load, authority }: CaseResult) {
  return { heading: name, subheading: `${printLoad(load)}, ${authority}` };
}

/** Distinct values in the order of their first occurrence. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}
