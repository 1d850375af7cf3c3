/** Mutants that no test can tell from the code, each with the reason. A mutant is named by its text, so that lines may move. */

export interface Equivalent {
  readonly file: string;
  /** In one line, as `npm run mutate` prints them. */
  readonly code: string;
  readonly mutant: string;
  readonly why: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [
  {
    file: 'lib/protocol/integers.ts',
    code: 'value < MIN_INT64',
    mutant: 'value <= MIN_INT64',
    why: 'the end of the range is returned for itself',
  },
  {
    file: 'lib/protocol/integers.ts',
    code: 'value > MAX_INT64',
    mutant: 'value >= MAX_INT64',
    why: 'the end of the range is returned for itself',
  },
];
