/** An authority's usage as sums that only grow, and the difference between two moments. */

/** CPU time in milliseconds by who spent it. */
export interface CpuTimes {
  readonly handlers: number;
  readonly tableEmulator: number;
  /** The queue and topic emulator, and what feeds the handlers. */
  readonly queueEmulator: number;
  /** The benchmark's own: the clients. */
  readonly clients: number;
}

export interface FunctionUsage {
  readonly invocations: number;
  readonly cpuMs: number;
  readonly durationMs: number;
  /** Not a sum, but the maximum over all invocations. */
  readonly peakMemoryMB: number;
  /** What the function wrote to its log, in bytes. */
  readonly logBytes: number;
  /** Capacity units of the tables. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface Usage {
  /** The handlers' metrics, by their names. */
  readonly metrics: Readonly<Record<string, number>>;
  /** By the functions' names. */
  readonly functions: Readonly<Record<string, FunctionUsage>>;
  readonly cpu: CpuTimes;
}

export const NO_FUNCTION_USAGE: FunctionUsage = {
  invocations: 0,
  cpuMs: 0,
  durationMs: 0,
  peakMemoryMB: 0,
  logBytes: 0,
  readUnits: 0,
  writeUnits: 0,
};

/** All CPU time between two moments, in milliseconds. */
export function cpuBetween(before: Usage, after: Usage): number {
  return totalCpu(after.cpu) - totalCpu(before.cpu);
}

/** In milliseconds. */
export function totalCpu({ handlers, tableEmulator, queueEmulator, clients }: CpuTimes): number {
  return handlers + tableEmulator + queueEmulator + clients;
}

/** The usage between two moments. */
export function usageBetween(before: Usage, after: Usage): Usage {
  const functions = Object.entries(after.functions).map(([name, usage]) => {
    const start = before.functions[name] ?? NO_FUNCTION_USAGE;
    return [name, { ...difference(start, usage), peakMemoryMB: usage.peakMemoryMB }];
  });
  return {
    metrics: difference(before.metrics, after.metrics),
    functions: Object.fromEntries(functions),
    cpu: difference(before.cpu, after.cpu),
  };
}

function difference<T extends object>(before: T, after: T): T {
  const start = before as Readonly<Record<string, number>>;
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - (start[name] ?? 0)]),
  ) as T;
}
