/** Names of options and settings that were probably misspelled, and would otherwise be ignored in silence. */

import { InvalidOptionError, STACK_OPTION_VARIABLES } from './options.ts';

/** So few wrong, missing or surplus characters are taken for a slip. */
const MAX_EDITS = 2;

export interface GivenNames {
  /** Of the environment. Those that don't begin with `APP_` belong to others. */
  readonly variables: readonly string[];
  /** Of the CDK context, where CDK has names of its own, far from ours. */
  readonly context: readonly string[];
}

/**
 * Refuses unknown names that are close to a known one.
 * @param settingNames the names of the settings, besides those of the options
 * @throws {InvalidOptionError} for the first one
 */
export function refuseMisspelledNames(
  { variables, context }: GivenNames,
  settingNames: readonly string[],
): void {
  const known = [
    ...settingNames,
    ...Object.keys(STACK_OPTION_VARIABLES),
    ...Object.values(STACK_OPTION_VARIABLES),
  ];
  const names = [...variables.filter((name) => name.startsWith('APP_')), ...context];
  for (const name of names.filter((each) => !known.includes(each))) {
    const meant = known.find((each) => editsBetween(name, each) <= MAX_EDITS);
    if (meant !== undefined) {
      throw new InvalidOptionError(`${name} is unknown; did you mean ${meant}?`);
    }
  }
}

/** How many characters have to be changed, added or removed to make one text of the other (the Levenshtein distance). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const [above = 0, beside = 0, diagonal = 0] = [row[j], next[j - 1], row[j - 1]];
      next.push(Math.min(above + 1, beside + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
