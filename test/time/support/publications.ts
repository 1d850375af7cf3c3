/** Searches what was published in a simulated time. */

import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { Publication } from './quiet-cloud.ts';
import type { YearResult } from './simulated-year.ts';
import { DAY } from './year-clients.ts';

/** A message, and when it was published. */
export interface Dated<T> {
  readonly at: Timestamp;
  readonly message: T;
}

export function messagesOf<T>({ cloud }: YearResult, type: string): readonly Dated<T>[] {
  return (cloud.publications as readonly Publication[])
    .filter(({ message }) => message.type === type)
    .map(({ at, message }) => ({ at, message: message as T }));
}

export function byKey<T>(
  list: readonly Dated<T>[],
  keyOf: (message: T) => string,
): ReadonlyMap<string, readonly Dated<T>[]> {
  return Map.groupBy(list, ({ message }) => keyOf(message));
}

function gapsOf(instants: readonly Timestamp[]): bigint[] {
  return instants.slice(1).map((instant, index) => instant - (instants[index] ?? 0n));
}

export function longestGap(instants: readonly Timestamp[]): bigint {
  return gapsOf(instants).reduce((longest, gap) => (gap > longest ? gap : longest), 0n);
}

export function shortestGap(instants: readonly Timestamp[]): bigint {
  return gapsOf(instants).reduce((shortest, gap) => (gap < shortest ? gap : shortest), 1_000_000n * DAY);
}

export function inDays(duration: bigint): number {
  return Number(duration) / Number(DAY);
}
