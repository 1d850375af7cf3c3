/** The names of all metrics that functions report, as the source says them. */

import { sourceFiles } from './source-files.ts';

/** What the variables in names stand for. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'outcome.kind': ['applied', 'rejected', 'ignored', 'refused'],
  reason: ['Conflicts', 'Unavailable'],
  giver: ['publish-events', 'credit-recipients', 'other', 'unknown'],
  chore: [
    'adopt-terms',
    'capitalize-interest',
    'attempt-deletion',
    'announce-overdue-update',
    'heartbeat',
    'purge',
  ],
  phase: ['Parse', 'Load', 'Decide', 'Commit', 'Publish', 'SyntheticPayment'],
};

const SWEEPS = ['accounts', 'transfers'];
const GROUPED_WORK = ['Messages', 'Credits'];

/** @returns whether some function reports a metric of exactly this name */
export function isReported(name: string): boolean {
  return patterns().some((pattern) => pattern.test(name));
}

/** The parts before the first dot of all names that have one. */
export function metricRoots(): Set<string> {
  return new Set(templates().flatMap((text) => (text.includes('.') ? [text.split('.')[0] ?? ''] : [])));
}

function patterns(): RegExp[] {
  return templates().map((text) => {
    const parts = text.split(/(\$\{.*?\})/).map((part) => {
      const variable = /^\$\{(.*)\}$/.exec(part)?.[1];
      return variable === undefined ? part.replaceAll('.', '\\.') : alternatives(variable, text);
    });
    return new RegExp(`^${parts.join('')}$`);
  });
}

function alternatives(variable: string, template: string): string {
  const values =
    VALUES[variable] ??
    (/name$/.test(variable) ? (template.startsWith('Sweep.') ? SWEEPS : GROUPED_WORK) : undefined);
  // Any one word, for types of messages and names of calls.
  return values === undefined ? '[A-Z]\\w+' : `(?:${values.join('|')})`;
}

let found: string[] | undefined;

function templates(): string[] {
  found ??= sourceFiles(['lib/shell', 'lib/operations/audit', 'functions'])
    .flatMap(({ text }) => [...text.matchAll(/(?:\b(?:count|add)\(|const metric =)\s*(`[^`]+`|[^,)\n]+)/g)])
    .flatMap(([, argument = '']) => namesIn(argument));
  return found;
}

/** Both of `isKept ? 'Records.kept' : 'Records.notKept'`; a bare variable, for what it stands for. */
function namesIn(argument: string): string[] {
  const quoted = [...argument.matchAll(/'([^']+)'|`([^`]+)`/g)].map(
    ([, text, template]) => text ?? template ?? '',
  );
  return quoted.length === 0 ? (VALUES[argument.trim()] ?? []).slice() : quoted;
}
