/** The positions of a chart's rows, and their headings at the left: the case, and below it the authority. */

import { FAINT_INK, label, TITLE_HEIGHT, textWidth } from './svg.ts';

export interface Rows {
  readonly heading: string;
  readonly subheading: string;
}

export interface RowLayout {
  readonly width: number;
  readonly height: number;
  /** The left and right ends of the values' area. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The vertical place of the row with this index. */
  readonly middleOf: (index: number) => number;
}

export interface RowOptions {
  readonly rowHeight: number;
  readonly hasLegend: boolean;
  /** The right end of what is drawn. */
  readonly roomAtEnd: number;
}

const MARGIN = 16;
const ROOM_FOR_LEGEND = 26;
const ROOM_FOR_AXIS = 46;
const WIDTH_OF_VALUES = 520;
const [HEADING_SIZE, SUBHEADING_SIZE] = [13, 10.5];

export function rowLayout(rows: readonly Rows[], { rowHeight, hasLegend, roomAtEnd }: RowOptions): RowLayout {
  const widest = Math.max(
    0,
    ...rows.flatMap(({ heading, subheading }) => [
      textWidth(heading, HEADING_SIZE) * 1.08,
      textWidth(subheading, SUBHEADING_SIZE),
    ]),
  );
  const left = MARGIN + widest + 12;
  const right = left + WIDTH_OF_VALUES;
  const top = TITLE_HEIGHT + (hasLegend ? ROOM_FOR_LEGEND : 0);
  const bottom = top + rows.length * rowHeight;
  return {
    left,
    right,
    top,
    bottom,
    width: Math.ceil(right + roomAtEnd),
    height: bottom + ROOM_FOR_AXIS,
    middleOf: (index) => top + (index + 0.5) * rowHeight,
  };
}

export function rowHeadings(rows: readonly Rows[], { left, middleOf }: RowLayout): string[] {
  return rows.flatMap(({ heading, subheading }, index) => [
    label(left - 10, middleOf(index) - 1, heading, {
      'text-anchor': 'end',
      'font-size': HEADING_SIZE,
      'font-weight': 'bold',
    }),
    label(left - 10, middleOf(index) + 12, subheading, {
      'text-anchor': 'end',
      'font-size': SUBHEADING_SIZE,
      fill: FAINT_INK,
    }),
  ]);
}
