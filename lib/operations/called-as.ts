/** How the tools' texts name the tools: as npm scripts, or as verbs of `swpt` where that was called. */

import type { OperatorOutput } from './operator-command.ts';

/**
 * The same text for somebody who calls `swpt`. What is no verb stays an npm script.
 * @param verbs the names of the tools that `swpt` has
 */
export function asVerbs(text: string, verbs: readonly string[]): string {
  return text.replaceAll(/npm run ([a-z]+)( --(?= ))?/g, (script, name: string) =>
    verbs.includes(name) ? `swpt ${name}` : script,
  );
}

/**
 * An output for a verb of `swpt`: help and messages name verbs. Results stay as they are, since they may quote what
 * clients have written.
 */
export function verbOutput(
  output: OperatorOutput,
  { verbs, isHelp }: { readonly verbs: readonly string[]; readonly isHelp: boolean },
): OperatorOutput {
  return {
    ...output,
    print: (line) => output.print(isHelp ? asVerbs(line, verbs) : line),
    tell: (text) => output.tell(asVerbs(text, verbs)),
  };
}
