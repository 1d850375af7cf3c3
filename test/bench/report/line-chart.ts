/** Line charts in panels, some side by side. The x-axis grows by factors (accounts, invocations) or by steps (messages). */

import { factorScale, linearScale } from './scales.ts';
import { colorOf, element, FAINT_INK, GRID, label, legend, line, picture, TITLE_HEIGHT } from './svg.ts';

export interface LineChart {
  readonly title: string;
  /** What grows from left to right, in every panel. */
  readonly axisTitle: string;
  readonly printX: (x: number) => string;
  /** If so, the x-axis is linear; otherwise it is logarithmic, with a mark at every value. */
  readonly growsBySteps?: boolean;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly title: string;
  readonly series: readonly Series[];
  readonly print: (y: number) => string;
}

export interface Series {
  readonly name: string;
  /** x and y. */
  readonly points: readonly (readonly [number, number])[];
}

const PANEL_WIDTH = 440;
const PANELS_IN_ROW = 3;
const PLOT_HEIGHT = 220;
const LINE_OF_LEGEND = 18;
const [LEFT, RIGHT] = [70, 36];
/** With more lines than these the printed values would overlap. */
const MAX_LINES_WITH_VALUES = 2;
/** The same for points. */
const MAX_POINTS_WITH_VALUES = 8;

export function lineChart({ title, panels, ...axis }: LineChart): string {
  const legendLines = Math.max(...panels.map(({ series }) => (series.length > 1 ? series.length : 0)));
  const headHeight = 26 + legendLines * LINE_OF_LEGEND;
  const rowHeight = headHeight + PLOT_HEIGHT + 52;
  const size = {
    width: Math.min(panels.length, PANELS_IN_ROW) * PANEL_WIDTH,
    height: TITLE_HEIGHT + Math.ceil(panels.length / PANELS_IN_ROW) * rowHeight,
  };
  const shapes = panels.flatMap((panel, index) => {
    const start = TITLE_HEIGHT + Math.floor(index / PANELS_IN_ROW) * rowHeight;
    const left = (index % PANELS_IN_ROW) * PANEL_WIDTH + LEFT;
    return drawPanel(panel, { left, start, top: start + headHeight, axis });
  });
  return picture(title, size, shapes);
}

interface PanelPlace {
  readonly left: number;
  /** Where the panel's title is, and where its plot begins. */
  readonly start: number;
  readonly top: number;
  readonly axis: Pick<LineChart, 'axisTitle' | 'printX' | 'growsBySteps'>;
}

function drawPanel({ title, series, print }: Panel, { left, start, top, axis }: PanelPlace): string[] {
  const { axisTitle, printX, growsBySteps = false } = axis;
  const [right, bottom] = [left + PANEL_WIDTH - LEFT - RIGHT, top + PLOT_HEIGHT];
  const points = series.flatMap((one) => one.points);
  const xScale = (growsBySteps ? linearScale : factorScale)(
    points.map(([x]) => x),
    [left + 14, right - 14],
  );
  const yScale = linearScale(
    points.map(([, y]) => y),
    [bottom, top],
  );
  return [
    label(left, start + 10, title, { 'font-size': 13, 'font-weight': 'bold' }),
    ...(series.length > 1
      ? series.map(({ name }, index) =>
          legend(left, start + 30 + index * LINE_OF_LEGEND, [{ name, color: colorOf(index) }]),
        )
      : []),
    ...yScale.ticks.flatMap((tick) => [
      line([left, yScale.at(tick)], [right, yScale.at(tick)], GRID),
      label(left - 8, yScale.at(tick) + 4, print(tick), { 'text-anchor': 'end', fill: FAINT_INK }),
    ]),
    ...xScale.ticks.map((tick) =>
      label(xScale.at(tick), bottom + 18, printX(tick), { 'text-anchor': 'middle', fill: FAINT_INK }),
    ),
    label((left + right) / 2, bottom + 38, axisTitle, { 'text-anchor': 'middle', fill: FAINT_INK }),
    ...series.flatMap(({ points: ofSeries }, index) =>
      drawSeries(
        ofSeries.map(([x, y]) => ({ x: xScale.at(x), y: yScale.at(y), text: print(y) })),
        {
          color: colorOf(index),
          hasValues: series.length <= MAX_LINES_WITH_VALUES && ofSeries.length <= MAX_POINTS_WITH_VALUES,
        },
      ),
    ),
  ];
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

function drawSeries(
  points: readonly Point[],
  { color, hasValues }: { readonly color: string; readonly hasValues: boolean },
): string[] {
  const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return [
    element('polyline', { points: path, fill: 'none', stroke: color, 'stroke-width': 2 }),
    ...points.map(({ x, y }) => element('circle', { cx: x, cy: y, r: 4, fill: color })),
    ...(hasValues
      ? points.map(({ x, y, text }) =>
          label(x, y - 9, text, {
            'text-anchor': 'middle',
            'font-size': 11,
          }),
        )
      : []),
  ];
}
