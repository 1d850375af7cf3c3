/** Charts with one row for each case: horizontal bars of one or several pieces. */

import { type Rows, rowHeadings, rowLayout } from './chart-rows.ts';
import { linearScale } from './scales.ts';
import { colorOf, element, FAINT_INK, GRID, label, legend, line, picture, textWidth } from './svg.ts';

export interface BarChart {
  readonly title: string;
  readonly axisTitle: string;
  /** What each piece of a bar stands for. */
  readonly pieces: readonly string[];
  readonly bars: readonly Bar[];
  readonly printTick: (value: number) => string;
}

export interface Bar extends Rows {
  /** One for each piece, none negative. */
  readonly values: readonly number[];
  /** Written at the bar's end. */
  readonly note: string;
  /** Written into each piece that has room for it. */
  readonly pieceNotes?: readonly string[];
}

const ROW_HEIGHT = 38;
const BAR_HEIGHT = 22;
const ROOM_FOR_NOTE = 150;

export function barChart({ title, axisTitle, pieces, bars, printTick }: BarChart): string {
  const hasLegend = pieces.length > 1;
  const layout = rowLayout(bars, { rowHeight: ROW_HEIGHT, hasLegend, roomAtEnd: ROOM_FOR_NOTE });
  const { left, right, top, bottom } = layout;
  const scale = linearScale(
    bars.map(({ values }) => sumOf(values)),
    [left, right],
  );
  const entries = pieces.map((name, index) => ({ name, color: colorOf(index) }));
  return picture(title, layout, [
    ...scale.ticks.map((tick) => line([scale.at(tick), top], [scale.at(tick), bottom], GRID)),
    ...scale.ticks.map((tick) =>
      label(scale.at(tick), bottom + 16, printTick(tick), { 'text-anchor': 'middle', fill: FAINT_INK }),
    ),
    label((left + right) / 2, bottom + 34, axisTitle, { 'text-anchor': 'middle', fill: FAINT_INK }),
    ...(hasLegend ? [legend(left, top - 14, entries)] : []),
    ...rowHeadings(bars, layout),
    ...bars.flatMap((bar, index) => drawBar(bar, layout.middleOf(index), scale.at)),
  ]);
}

function drawBar({ values, note, pieceNotes }: Bar, middle: number, at: (value: number) => number): string[] {
  let sum = 0;
  const pieces = values.flatMap((value, index) => {
    const [start, end] = [at(sum), at(sum + value)];
    sum += value;
    const pieceNote = pieceNotes?.[index] ?? '';
    const hasRoom = pieceNote !== '' && textWidth(pieceNote, 11) + 6 < end - start;
    return [
      element('rect', {
        x: start,
        y: middle - BAR_HEIGHT / 2,
        width: end - start,
        height: BAR_HEIGHT,
        fill: colorOf(index),
      }),
      ...(hasRoom ? [noteInPiece(pieceNote, (start + end) / 2, middle)] : []),
    ];
  });
  return [...pieces, label(at(sum) + 8, middle + 4, note)];
}

/** Dark text on a light patch, readable on every colour. */
function noteInPiece(note: string, x: number, middle: number): string {
  const width = textWidth(note, 11) + 4;
  return element(
    'g',
    {},
    element('rect', {
      x: x - width / 2,
      y: middle - 8,
      width,
      height: 16,
      rx: 3,
      fill: '#ffffff',
      'fill-opacity': '0.85',
    }),
    label(x, middle + 4, note, { 'text-anchor': 'middle', 'font-size': 11 }),
  );
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
