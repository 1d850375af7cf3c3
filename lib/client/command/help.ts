/** What `--help` prints: the list of all verbs, and the page of each. */

import { DEFAULT_PROFILE_FILE } from './profile.ts';
import type { FlagHelp, Verb } from './verb.ts';

/** A verb that another part of the project brings along, with its help. */
export interface OtherVerb {
  readonly name: string;
  readonly summary: string;
}

const EXIT_CODES = `Exit codes: 0 done, 1 refused (with the status code), 2 wrong usage, 3 no answer in time.`;

const COMMON_FLAGS: readonly FlagHelp[] = [
  [
    '--json',
    'print one JSON object a line; integers of 64 bits are strings there, since many readers of JSON round them',
  ],
  ['--timeout SECONDS', 'how long to wait for answers (default 60)'],
  [
    '--outputs FILE',
    "where the authority is (default .local/outputs.json, the local run's, else cdk.out/outputs.json)",
  ],
  ['--stack NAME', 'which stack, if that file has several'],
  [
    '--as ROLE',
    'whom to speak for: creditor:ID, creditors:FIRST:LAST, issuer:DEBTOR or coordinator:TYPE:ID (default: what the account says)',
  ],
  [
    '--store FILE',
    'the SQLite file of your records (default one for each authority: .local/clients/swpt.sqlite, .swpt/….sqlite)',
  ],
  ['--queue URL', 'receive from this queue instead of one that the command makes'],
  [
    '--profile FILE',
    `a JSON object with any of as, outputs, stack, store, queue (default ${DEFAULT_PROFILE_FILE}, if it is there)`,
  ],
  ['--help', 'show this'],
];

/** The list of all verbs. */
export function overview(verbs: readonly Verb[], others: readonly OtherVerb[]): string {
  const list = (rows: readonly OtherVerb[]): string =>
    rows.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n');
  const operators = others.length === 0 ? '' : `\n\nFor operators:\n\n${list(others)}`;
  return `Speaks with a Swaptacular accounting authority: accounts, payments, ledgers.

  swpt VERB [ARGUMENTS] [FLAGS]        swpt VERB --help tells more

${list(verbs)}
  completion  print what makes your shell complete this command${operators}

Accounts are written DEBTOR/CREDITOR; creditor 0 is the root account, which issues. Amounts are whole numbers up to 2^63 − 1.
${EXIT_CODES}`;
}

/** The page of one verb. */
export function helpOf({ name, summary, usage, details, flagHelp, example }: Verb): string {
  const head = `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
  const usageLine = ['  swpt', name, usage, '[FLAGS]'].filter((part) => part !== '').join(' ');
  return `${head}

${usageLine}

${details}

${flagLines([...flagHelp, ...COMMON_FLAGS])}

${EXIT_CODES}

Example:

  ${example}`;
}

const FLAG_WIDTH = 24;
const LINE_WIDTH = 118;

function flagLines(flags: readonly FlagHelp[]): string {
  return flags
    .map(([flag, meaning]) => {
      const [first = '', ...rest] = wrapped(meaning, LINE_WIDTH - FLAG_WIDTH - 2);
      return [
        `  ${flag.padEnd(FLAG_WIDTH)}${first}`,
        ...rest.map((line) => ' '.repeat(FLAG_WIDTH + 2) + line),
      ].join('\n');
    })
    .join('\n');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${line} ${word}`;
    }
  }
  return lines;
}
