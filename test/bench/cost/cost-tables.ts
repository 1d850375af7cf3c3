/** Prints costs as aligned Markdown tables, readable in a terminal and ready to paste into docs/cost.md. */

import { type CostLine, SERVICES, totalOf, totalOfService } from './cost-line.ts';
import { type CaseCounts, costOfCase } from './cost-model.ts';

/** One row for each case, in dollars per million transfers by service. */
export function printCases(cases: readonly CaseCounts[]): string {
  const bills = cases.map((counts) => ({ name: counts.name, lines: costOfCase(counts) }));
  const services = SERVICES.filter((service) =>
    bills.some(({ lines }) => totalOfService(lines, service) > 0),
  );
  return printTable(
    ['dollars per million transfers', ...services, 'total'],
    bills.map(({ name, lines }) => [
      name,
      ...services.map((service) => printDollars(totalOfService(lines, service))),
      printDollars(totalOf(lines)),
    ]),
  );
}

/** One row for each case: the counts for one transfer that the costs are computed from. */
export function printCounts(cases: readonly CaseCounts[]): string {
  return printTable(
    [
      'counts per transfer',
      'write units',
      'read units',
      'SQS requests',
      'SNS requests',
      'invocations',
      'GB-seconds',
      'log bytes',
    ],
    cases.map((counts) => [
      counts.name,
      printNumber(counts.writeUnits),
      printNumber(counts.readUnits),
      printNumber(counts.queueRequests),
      printNumber(counts.publishRequests),
      printNumber(counts.invocations),
      printNumber(counts.gigabyteSeconds),
      Math.round(counts.logBytes).toLocaleString('en-US'),
    ]),
  );
}

/** One row for each line of the bill, and the total. Lines that cost nothing are omitted. */
export function printLines(title: string, lines: readonly CostLine[]): string {
  const paid = lines.filter(({ dollars }) => dollars > 0);
  return printTable(
    [title, 'item', 'quantity', 'dollars'],
    [
      ...paid.map(({ service, item, quantity, dollars }) => [
        service,
        item,
        printNumber(quantity),
        printDollars(dollars),
      ]),
      ['total', '', '', printDollars(totalOf(lines))],
    ],
  );
}

/** The bills of idle stacks side by side: for so many accounts, these lines. Lines that cost nothing anywhere are omitted. */
export function printIdle(stacks: readonly (readonly [number, readonly CostLine[]])[]): string {
  const [[, lines] = [0, []]] = stacks;
  const rows = lines.map(({ service, item }, index) => ({
    what: `${service}, ${item}`,
    dollars: stacks.map(([, others]) => others[index]?.dollars ?? 0),
  }));
  return printTable(
    ['dollars a month, idle', ...stacks.map(([accounts]) => `${accounts.toLocaleString('en-US')} accounts`)],
    [
      ...rows
        .filter(({ dollars }) => dollars.some((amount) => amount > 0))
        .map(({ what, dollars }) => [what, ...dollars.map(printDollars)]),
      ['total', ...stacks.map(([, others]) => printDollars(totalOf(others)))],
    ],
  );
}

/** The first column, and columns in which no cell begins with a digit, are left-aligned. */
function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = head.map((_, column) => rows.some((row) => /^[<\d]/.test(row[column] ?? '')));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const printRow = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (isNumeric[column] && column > 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isNumeric[column] && column > 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [printRow(head), `| ${rule.join(' | ')} |`, ...rows.map(printRow)].join('\n');
}

function printDollars(dollars: number): string {
  return dollars > 0 && dollars < 0.005
    ? '<0.01'
    : dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Three digits where small, whole numbers where large. */
function printNumber(value: number): string {
  return value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}
