/** How often each function was invoked in the last minutes, as CloudWatch tells it of Lambda: for whoever waits for quiet. */

import { failureReason } from './invocation-outcome.ts';
import type { LocalFunction } from './local-function.ts';

export interface InvocationCounts {
  /** The functions, by their names, with their invocations counted. */
  readonly watchAll: (functions: ReadonlyMap<string, LocalFunction>) => ReadonlyMap<string, LocalFunction>;
  /** Invocations that began or ended in the range; those that failed are counted again as errors. Milliseconds since 1970. */
  readonly sum: (name: string, metric: 'Invocations' | 'Errors', range: TimeRange) => number;
}

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

interface Invocation {
  readonly startedAt: number;
  endedAt: number;
  isError: boolean;
}

/** Longer than anybody asks for. */
const KEPT_MS = 900_000;

/** @param now milliseconds since 1970 */
export function createInvocationCounts(now: () => number = Date.now): InvocationCounts {
  const invocations = new Map<string, Invocation[]>();
  const listOf = (name: string): Invocation[] => {
    const list = invocations.get(name) ?? [];
    const keptFrom = now() - KEPT_MS;
    const forgotten = list.findIndex(({ endedAt }) => endedAt >= keptFrom);
    list.splice(0, forgotten === -1 ? list.length : forgotten);
    invocations.set(name, list);
    return list;
  };
  const watch = (name: string, target: LocalFunction): LocalFunction => ({
    ...target,
    invoke: async (event) => {
      const invocation = { startedAt: now(), endedAt: Number.POSITIVE_INFINITY, isError: false };
      listOf(name).push(invocation);
      const result = await target.invoke(event);
      invocation.endedAt = now();
      invocation.isError = failureReason(result) !== undefined;
      return result;
    },
  });
  return {
    watchAll: (functions) => new Map(Array.from(functions, ([name, target]) => [name, watch(name, target)])),
    sum: (name, metric, { from, to }) =>
      listOf(name).filter(
        ({ startedAt, endedAt, isError }) =>
          startedAt <= to && endedAt >= from && (metric === 'Invocations' || isError),
      ).length,
  };
}
