/**
 * The measured figures that documents share: one file, written by the benchmark, from which every document takes them. How they
 * are printed is in blocks.ts.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../case-result.ts';
import { CASES } from '../cases.ts';
import type { CaseCounts } from '../cost/cost-model.ts';
import { countsOfCase } from '../cost/counted-case.ts';
import { type Load, printLoad } from '../load.ts';
import { STEP_NAMES, type Step } from '../payment-times.ts';
import { figuresOf } from '../report/case-figures.ts';
import { cpuBySpender } from '../report/cpu-spenders.ts';
import type { BenchResults } from '../results.ts';

/** One case under one load. Amounts are for one payment, with the AccountUpdates that follow. */
export interface Figure {
  readonly name: string;
  readonly load: Load;
  readonly authority: string;
  /** A date, as in `2026-11-27`. */
  readonly measuredOn: string;
  readonly machine: string;
  readonly transferCount: number;
  /** Of the run with the median speed, to which all other figures belong, too. */
  readonly transfersPerSecond: number;
  /** Those of all runs, from the slowest to the fastest. */
  readonly speeds: readonly number[];
  /** In milliseconds. */
  readonly times: Readonly<Record<Step, { readonly p50: number; readonly p99: number }>>;
  /** In milliseconds, by function and process. */
  readonly cpuMs: Readonly<Record<string, number>>;
  readonly handlerCpuMs: number;
  readonly commits: number;
  readonly conflicts: number;
  readonly counts: CaseCounts;
}

const DOCUMENTS = join(import.meta.dirname, '..', '..', '..', 'docs');
const FILE = join(DOCUMENTS, 'figures.json');

export function documentPath(name: string): string {
  return join(DOCUMENTS, name);
}

export function readFigures(): readonly Figure[] {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/** In the project's format, in which a list of numbers is one line. */
export function writeFigures(figures: readonly Figure[]): void {
  const text = JSON.stringify(figures, rounded, 2);
  const lists = text.replace(/\[[\d\s.,]+\]/g, (list) =>
    list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
  writeFileSync(FILE, `${lists}\n`);
}

/**
 * Each figure that was measured anew takes the place of the one before. Of several runs of a case under a load, in one result or
 * in several, the one with the median speed counts. Cases that failed, or tell no usage, change nothing.
 */
export function withResults(
  figures: readonly Figure[],
  ...results: readonly BenchResults[]
): readonly Figure[] {
  const runs = results.flatMap((run) => run.cases.flatMap((result) => figureOf(result, run) ?? []));
  const measured = Object.values(Object.groupBy(runs, nameOfFigure)).map((same = []) => medianOfRuns(same));
  const names = new Set(measured.map(nameOfFigure));
  return [...figures.filter((figure) => !names.has(nameOfFigure(figure))), ...measured].toSorted(compare);
}

/** Of an even number the slower one in the middle. */
function medianOfRuns(runs: readonly Figure[]): Figure {
  const sorted = runs.toSorted((one, other) => one.transfersPerSecond - other.transfersPerSecond);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] as Figure;
  return { ...median, speeds: sorted.map(({ transfersPerSecond }) => transfersPerSecond) };
}

/** The figure of a case under a load, on an authority; undefined when it was not measured. */
export function findFigure(
  figures: readonly Figure[],
  wanted: Pick<Figure, 'name' | 'authority' | 'load'>,
): Figure | undefined {
  return figures.find((figure) => nameOfFigure(figure) === nameOfFigure(wanted));
}

/** @returns such as `many-to-many, 64 under way` */
export function titleOf({ name, load }: Pick<Figure, 'name' | 'load'>): string {
  return `${name}, ${printLoad(load)}`;
}

function figureOf(result: CaseResult, { startedAt, machine }: BenchResults): Figure | undefined {
  const [figures, counts] = [figuresOf(result), countsOfCase(result)];
  const { usage, transferCount, times, faults } = result;
  if (figures === undefined || counts === undefined || usage === undefined || faults.length > 0) {
    return undefined;
  }
  const spent = [...cpuBySpender(usage)].map(([name, ms]) => [name, ms / transferCount] as const);
  const percentiles = STEP_NAMES.map((step) => [step, { p50: times[step].p50, p99: times[step].p99 }]);
  return {
    name: result.name,
    load: result.load,
    authority: result.authority,
    measuredOn: startedAt.slice(0, 10),
    machine: `${machine.processors} × ${machine.processorModel}, Node ${machine.node.slice(1)}`,
    transferCount,
    transfersPerSecond: result.transfersPerSecond,
    speeds: [result.transfersPerSecond],
    times: Object.fromEntries(percentiles),
    cpuMs: Object.fromEntries(spent),
    handlerCpuMs: figures.handlerCpuMs,
    commits: figures.commits,
    conflicts: figures.conflicts,
    counts: { ...counts, name: titleOf(result) },
  };
}

function nameOfFigure(figure: Pick<Figure, 'name' | 'authority' | 'load'>): string {
  return `${titleOf(figure)}, ${figure.authority}`;
}

/** By case in the order of the cases, then by load, paces first, then by authority. */
function compare(one: Figure, other: Figure): number {
  return (
    placeOf(one) - placeOf(other) ||
    sizeOf(one) - sizeOf(other) ||
    one.authority.localeCompare(other.authority)
  );
}

function placeOf({ name }: Figure): number {
  return CASES.findIndex((benchCase) => benchCase.name === name);
}

/** No pace comes near one payment under way, counted so. */
function sizeOf({ load }: Figure): number {
  return load.kind === 'pace' ? load.perSecond / 1e6 : load.count;
}

/** Four digits are more than repeat. */
function rounded(key: string, value: unknown): unknown {
  return typeof value === 'number' && key !== 'count' ? Number(value.toPrecision(4)) : value;
}
