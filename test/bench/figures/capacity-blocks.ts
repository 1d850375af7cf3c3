/** The table of docs/capacity.md that is printed from the measured figures. */

import { ALL_AT_ONCE, underWay } from '../load.ts';
import { printUnits } from '../report/printed-figures.ts';
import { type Column, markdownTable } from '../report/tables.ts';
import { type Figure, titleOf } from './figures.ts';

export interface MeasuredFigures {
  readonly local: readonly Figure[];
  readonly direct: readonly Figure[];
}

interface Need {
  readonly what: string;
  readonly amountOf: (figure: Figure) => number;
  readonly from: string;
}

/** Each transfer is put three times (prepared, committed, credited), each time in a transaction, which takes two units. */
const TRANSFER_UNITS = 6;

const NEEDS: readonly Need[] = [
  {
    what: 'Transfers table, write units',
    amountOf: () => TRANSFER_UNITS,
    from: 'three puts (prepared, committed, credited), each in a transaction, so 2 units',
  },
  {
    what: 'Accounts table, write units',
    amountOf: ({ counts }) => counts.writeUnits - TRANSFER_UNITS,
    from: 'the account items of three transactions; all transfers of a batch share them',
  },
  { what: 'both', amountOf: ({ counts }) => counts.writeUnits, from: 'measured' },
  { what: 'read units', amountOf: ({ counts }) => counts.readUnits, from: 'measured' },
  { what: 'commits', amountOf: ({ commits }) => commits, from: 'measured' },
];

/** An isolated transfer, and one of a burst from one sender to 100 recipients; both from directly fed handlers. */
export function printNeeds({ direct }: MeasuredFigures): string {
  const isolated = find(direct, { name: 'isolated', load: underWay(1) });
  const burst = find(direct, { name: 'burst', load: ALL_AT_ONCE });
  const column = (title: string, figure: Figure | undefined): Column<Need> => ({
    title,
    isFigure: true,
    cell: ({ amountOf }) => printUnits(figure === undefined ? Number.NaN : amountOf(figure)),
  });
  return markdownTable<Need>(
    [
      { title: 'one transfer takes', cell: ({ what }) => what },
      column('isolated', isolated),
      column('in a burst', burst),
      { title: 'from', cell: ({ from }) => from },
    ],
    NEEDS,
  );
}

function find(figures: readonly Figure[], wanted: Pick<Figure, 'name' | 'load'>): Figure | undefined {
  return figures.find((figure) => titleOf(figure) === titleOf(wanted));
}
