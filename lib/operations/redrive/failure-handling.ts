/** What the two kinds of letters in the queue of stream failures have in common: how they are handled by `npm run redrive`. */

import type { OperationSettings } from '../../shell/settings.ts';
import type { WorkTools } from './take-up.ts';

/** How one kind of letter is handled. */
export interface Handling<T> {
  readonly describe: (letter: T) => string;
  /** @returns whether the letter is done with */
  readonly handle: (letter: T) => Promise<boolean>;
}

/** What both kinds of letters are handled with; without `work` nothing is done. */
export interface HandlingTools {
  readonly settings: OperationSettings;
  readonly work: WorkTools | undefined;
  readonly forgetsGone: boolean;
  readonly say: (line: string) => void;
}
