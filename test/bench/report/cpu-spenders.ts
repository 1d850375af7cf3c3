/** Who spends CPU time: each function where that is known, what stands in for AWS, and the clients. */

import type { Usage } from '../usage.ts';

export const CLIENTS = 'clients';
/** What all rows of a table have, in this order, after the functions. */
export const PROCESSES = ['local run', 'table emulator', CLIENTS];
const HANDLERS = 'handlers, not told apart';

/** In milliseconds; the functions first, by name. */
export function cpuBySpender({ functions, cpu }: Usage): ReadonlyMap<string, number> {
  const handlers = Object.entries(functions)
    .filter(([, { cpuMs }]) => cpuMs > 0)
    .map(([name, { cpuMs }]) => [name, cpuMs] as const)
    .toSorted(([one], [other]) => one.localeCompare(other));
  return new Map([
    ...(handlers.length > 0 ? handlers : [[HANDLERS, cpu.handlers] as const]),
    ['local run', cpu.queueEmulator],
    ['table emulator', cpu.tableEmulator],
    [CLIENTS, cpu.clients],
  ]);
}
