/** The guide's commands as a test runs them: for its own stack and its own time. */

import { commandBlocks, OPERATIONS_GUIDE } from '../../../support/guide-commands.ts';

/** The guide's first block, which defines `output`. */
const [PRELUDE] = commandBlocks();

const DAY_MS = 86_400_000;

/**
 * The script with the guide's placeholders filled in. Names of tables begin with the stack's; the guide's instant is now.
 * @param words of capitals, to what stands for them
 */
export function scriptFor(
  stackName: string,
  script: string,
  words: Readonly<Record<string, string>> = {},
): string {
  const now = Date.now();
  const after = (days: number) => new Date(now + days * DAY_MS).toISOString();
  const filled = script
    .replaceAll(/\b(Restored|Audit)-/g, `${stackName}-$1-`)
    .replaceAll('2027-01-15T08:00:00Z', after(0))
    .replaceAll('2027-01-08T08:00:00Z', after(-7))
    .replaceAll('2027-01-15T12:00:00Z', after(1));
  const whole = Object.entries(words).reduce(
    (text, [word, value]) => text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), value),
    filled,
  );
  return `${PRELUDE?.script}\n${whole}`;
}

/** The text below a heading, up to the next heading of any level. */
export function sectionOf(heading: string): string {
  const [, text = ''] = OPERATIONS_GUIDE.split(new RegExp(`^#+ ${heading}\n`, 'm'));
  return text.split(/^#+ /m)[0] ?? '';
}
