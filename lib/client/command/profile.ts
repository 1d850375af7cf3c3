/** Whom the command speaks for, where it keeps its records, and how it reaches the authority: from flags, then the profile file. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { coordinator, creditor, creditorRange, issuer, type Role } from '../roles.ts';
import { readId } from './arguments.ts';
import { UsageError } from './usage-error.ts';

export const DEFAULT_PROFILE_FILE = '.swpt/profile.json';

/** The members of a profile file; every one may be missing. Paths in it start at its folder. */
export interface Profile {
  /** As `parseRole` reads it. Default: what the account in the command line says. */
  readonly as?: string | undefined;
  readonly outputs?: string | undefined;
  readonly stack?: string | undefined;
  /** The store's file. */
  readonly store?: string | undefined;
  /** The URL of a queue that exists, such as a peer's *out* queue. Default: the command makes one for each role. */
  readonly queue?: string | undefined;
}

const MEMBERS = ['as', 'outputs', 'stack', 'store', 'queue'] as const;
const PATHS: readonly string[] = ['outputs', 'store'];

/** The flags that every verb for clients has. */
export const PROFILE_FLAGS = {
  as: { type: 'string' },
  outputs: { type: 'string' },
  stack: { type: 'string' },
  store: { type: 'string' },
  queue: { type: 'string' },
  profile: { type: 'string' },
} as const;

/**
 * What the flags say, completed by the profile.
 * @throws {UsageError} where a profile that is named does not exist, or one has another form
 */
export function readProfile(flags: Profile & { readonly profile?: string | undefined }): Profile {
  const file = flags.profile ?? DEFAULT_PROFILE_FILE;
  const saved = flags.profile === undefined && !existsSync(file) ? {} : parseProfile(file);
  return Object.fromEntries(MEMBERS.map((name) => [name, flags[name] ?? saved[name]]));
}

function parseProfile(file: string): Profile {
  const wrong = (reason: string, cause?: unknown): UsageError =>
    new UsageError(
      `The profile ${file} ${reason}; it may look like {"as": "creditor:4294967297", "store": "swpt.sqlite"}.`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof SyntaxError ? 'is not JSON' : 'can not be read', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('is not a JSON object');
  }
  for (const [name, member] of Object.entries(value)) {
    if (!MEMBERS.some((known) => known === name) || typeof member !== 'string') {
      throw wrong(`has ${JSON.stringify(name)}, and its members are the texts ${MEMBERS.join(', ')}`);
    }
  }
  const folder = dirname(file);
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [name, PATHS.includes(name) ? resolve(folder, text) : text]),
  );
}

/**
 * `creditor:ID`, `creditors:FIRST:LAST`, `issuer:DEBTOR` or `coordinator:TYPE:ID`, as the library prints roles.
 * @throws {UsageError} for any other text
 */
export function parseRole(text: string): Role {
  const [kind, ...rest] = text.split(':');
  const [first = '', second = ''] = rest;
  if (kind === 'creditor' && rest.length === 1) {
    return creditor(readId(first, 'creditor ID'));
  }
  if (kind === 'creditors' && rest.length === 2) {
    return rangeOf(readId(first, 'creditor ID'), readId(second, 'creditor ID'));
  }
  if (kind === 'issuer' && rest.length === 1) {
    return issuer(readId(first, 'debtor ID'));
  }
  if (kind === 'coordinator' && rest.length === 2 && first !== '') {
    return coordinator(first, readId(second, 'coordinator ID'));
  }
  throw new UsageError(
    `${JSON.stringify(text)} is not a role; write creditor:ID, creditors:FIRST:LAST, issuer:DEBTOR or coordinator:TYPE:ID.`,
  );
}

function rangeOf(first: bigint, last: bigint): Role {
  try {
    return creditorRange(first, last);
  } catch (error) {
    throw new UsageError(`The range is empty: ${error instanceof Error ? error.message : error}.`, {
      cause: error,
    });
  }
}
