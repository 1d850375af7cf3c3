/** Aligned tables: Markdown for the report, plain text for a terminal. Their content is defined elsewhere. */

export interface Column<Row> {
  readonly title: string;
  /** Numbers are right-aligned. */
  readonly isFigure?: boolean;
  readonly cell: (row: Row) => string;
}

export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const { head, body, widths } = layOut(columns, rows, escapeMarkdown);
  const line = (cells: readonly string[]) => `| ${padded(columns, cells, widths).join(' | ')} |`;
  const rule = columns.map(({ isFigure }, index) => {
    const width = Math.max(3, widths[index] ?? 0);
    return isFigure === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

export function textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const { head, body, widths } = layOut(columns, rows, oneLine);
  return [head, ...body].map((cells) => padded(columns, cells, widths).join('  ').trimEnd()).join('\n');
}

/** Escapes text so that a Markdown document, or a table in it, shows it unchanged on one line. */
export function escapeMarkdown(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<|]/g, '\\$&');
}

function layOut<Row>(columns: readonly Column<Row>[], rows: readonly Row[], write: (text: string) => string) {
  const head = columns.map(({ title }) => write(title));
  const body = rows.map((row) => columns.map(({ cell }) => write(cell(row))));
  const widths = head.map((title, index) =>
    Math.max(3, title.length, ...body.map((cells) => cells[index]?.length ?? 0)),
  );
  return { head, body, widths };
}

function padded<Row>(
  columns: readonly Column<Row>[],
  cells: readonly string[],
  widths: readonly number[],
): string[] {
  return columns.map(({ isFigure }, index) => {
    const [cell, width] = [cells[index] ?? '', widths[index] ?? 0];
    return isFigure === true ? cell.padStart(width) : cell.padEnd(width);
  });
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
