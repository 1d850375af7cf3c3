/** A chart with one row for each case, and in it one line for each kind of time: p50, p90, p99. */

import type { Percentiles } from '../percentiles.ts';
import { type Rows, rowHeadings, rowLayout } from './chart-rows.ts';
import { printDuration } from './printed-figures.ts';
import { logScale } from './scales.ts';
import { colorOf, element, FAINT_INK, GRID, label, legend, line, picture } from './svg.ts';

export interface PercentileChart {
  readonly title: string;
  /** What each line of a row stands for. */
  readonly kinds: readonly string[];
  readonly rows: readonly PercentileRow[];
}

export interface PercentileRow extends Rows {
  /** One for each kind, in milliseconds. */
  readonly times: readonly Percentiles[];
}

const LINE_HEIGHT = 20;
const ROOM_IN_ROW = 12;
const KEY = 'small: p50, middle: p90, large: p99';

export function percentileChart({ title, kinds, rows }: PercentileChart): string {
  const rowHeight = kinds.length * LINE_HEIGHT + ROOM_IN_ROW;
  const layout = rowLayout(rows, { rowHeight, hasLegend: true, roomAtEnd: 80 });
  const { left, right, top, bottom } = layout;
  const values = rows.flatMap(({ times }) => times.flatMap(({ p50, p99 }) => [p50, p99]));
  const scale = logScale(values, [left, right]);
  const entries = kinds.map((name, index) => ({ name, color: colorOf(index) }));
  return picture(title, layout, [
    ...scale.ticks.map((tick) => line([scale.at(tick), top], [scale.at(tick), bottom], GRID)),
    ...scale.ticks.map((tick) =>
      label(scale.at(tick), bottom + 16, printDuration(tick), { 'text-anchor': 'middle', fill: FAINT_INK }),
    ),
    label((left + right) / 2, bottom + 34, `logarithmic; ${KEY}`, {
      'text-anchor': 'middle',
      fill: FAINT_INK,
    }),
    legend(left, top - 14, entries),
    ...rowHeadings(rows, layout),
    ...rows.flatMap(({ times }, index) =>
      times.flatMap((percentiles, kind) => {
        const y = layout.middleOf(index) + (kind - (times.length - 1) / 2) * LINE_HEIGHT;
        return drawTimes(percentiles, { y, color: colorOf(kind), at: scale.at });
      }),
    ),
  ]);
}

interface Place {
  readonly y: number;
  readonly color: string;
  readonly at: (value: number) => number;
}

function drawTimes({ p50, p90, p99 }: Percentiles, { y, color, at }: Place): string[] {
  const dot = (value: number, r: number) => element('circle', { cx: at(value), cy: y, r, fill: color });
  const text = printDuration(p99);
  return [
    line([at(p50), y], [at(p99), y], color),
    dot(p50, 3),
    dot(p90, 4.5),
    dot(p99, 6),
    label(at(p99) + 11, y + 4, text, { 'font-size': 11 }),
  ];
}
