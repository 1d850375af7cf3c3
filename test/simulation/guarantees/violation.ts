/** How a broken guarantee is reported, and what guarantees are checked against. */

import type { OperationSettings } from '../../../lib/shell/settings.ts';
import type { Authority } from '../authority.ts';
import type { Correspondence } from '../clients/correspondence.ts';
import type { Features } from '../features.ts';
import type { Commit, History } from '../history.ts';
import type { Instant } from '../scheduler.ts';

export interface Violation {
  /** The promise, as a sentence; the same for all ways to break it. */
  readonly guarantee: string;
  readonly details: string;
}

/** What a check of commits may look up; the commit that it is asked about is in the history already. */
export interface CheckContext {
  readonly features: Features;
  readonly settings: OperationSettings;
  readonly history: History;
  readonly correspondence: Correspondence;
}

/** Checks each commit as it happens, and remembers what it needs. */
export type CommitCheck = (commit: Commit) => Violation | undefined;

/** Everything that is known when a world has come to rest. */
export interface Evidence {
  readonly features: Features;
  readonly settings: OperationSettings;
  readonly history: History;
  readonly correspondence: Correspondence;
  readonly authority: Authority;
  /** When the last sweep began. The world may rest much later, if topics took nothing; what became due meanwhile is for a later sweep. */
  readonly lastSweepAt: Instant;
}

export type EndCheck = (evidence: Evidence) => Violation | undefined;

/** Prints a value of any kind for a message. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'undefined';
}

/** The wrapping order of int32 sequence numbers, independent of the code under test. */
export function isAfter(candidate: number, reference: number): boolean {
  return ((candidate - reference) | 0) > 0;
}

/** Whether two records have the same values under the same names. */
export function isSameRecord(a: object, b: object): boolean {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => isSame(left[name], right[name]));
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isRecord(a) && isRecord(b) && isSameRecord(a, b));
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
