/** Where the command writes, and with which code it ends. */

/** 0 done, 1 refused, 2 wrong usage, 3 no answer in time. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Where the command writes: results to `print`, one a line; everything else to `tell`. */
export interface Output {
  readonly print: (line: string) => void;
  readonly tell: (line: string) => void;
  /** Resolves when what was printed is on its way, so that long lists take little memory and a reader's leaving is noticed. */
  readonly flushed: () => Promise<void>;
}
