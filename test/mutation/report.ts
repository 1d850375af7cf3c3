/** The results that Stryker keeps of a part, as far as they are read here. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Part, reportFile, swapsFile } from './parts.ts';

export interface Report {
  readonly part: Part;
  readonly mutants: readonly Mutant[];
}

export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** What the code says, and what the mutant says instead; white space does not count. */
  readonly code: string;
  readonly mutant: string;
  readonly status: string;
}

/** How Stryker calls what no test noticed. */
export const UNNOTICED: ReadonlySet<string> = new Set(['Survived', 'NoCoverage']);

interface Place {
  readonly line: number;
  readonly column: number;
}

interface StrykerReport {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        mutants: readonly {
          readonly replacement?: string;
          readonly status: string;
          readonly location: { readonly start: Place; readonly end: Place };
        }[];
      }
    >
  >;
}

/**
 * Lets Stryker try again what no test noticed. By itself it does so only where it sees that a new test reaches the mutant, which it does
 * not see of code that runs while files are imported.
 */
export function forgetUnnoticed(part: Part): void {
  const path = reportFile(part);
  if (!existsSync(path)) {
    return;
  }
  const report: StrykerReport = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of Object.values(report.files)) {
    file.mutants = file.mutants.filter(({ status }) => !UNNOTICED.has(status));
  }
  writeFileSync(path, JSON.stringify(report));
}

/** Without mutants where the part was not run yet. */
export function readReport(part: Part): Report {
  const path = reportFile(part);
  const { files }: StrykerReport = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { files: {} };
  const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map(({ location, replacement = '', status }) => ({
      file,
      line: location.start.line,
      code: inOneLine(textAt(source, location.start, location.end)),
      mutant: inOneLine(replacement),
      status,
    })),
  );
  return { part, mutants: [...mutants, ...readSwaps(part)] };
}

function readSwaps(part: Part): readonly Mutant[] {
  const path = swapsFile(part);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

function textAt(source: string, start: Place, end: Place): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) =>
      line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined),
    )
    .join('\n');
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
