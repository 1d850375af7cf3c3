/**
 * What the Python reference implementation did on the same machine, with the same clients, checks and payments: measured once,
 * with PostgreSQL 15, RabbitMQ 3.10 and all its ten processes. It is not part of the benchmark, so these figures stand still.
 */

import { type Load, underWay } from '../load.ts';

export interface ReferenceFigure {
  readonly name: string;
  readonly load: Load;
  readonly transfersPerSecond: number;
  /** Of the whole system but the clients, for one payment; undefined where it was not measured. */
  readonly systemCpuMs: number | undefined;
}

export const REFERENCE_MEASURED_ON = '2026-11-26';

export const REFERENCE: readonly ReferenceFigure[] = [
  { name: 'many-to-many', load: underWay(64), transfersPerSecond: 70, systemCpuMs: 27.1 },
  { name: 'many-to-many', load: underWay(4_000), transfersPerSecond: 115, systemCpuMs: 15.8 },
  { name: 'one-to-many', load: underWay(4_000), transfersPerSecond: 136, systemCpuMs: undefined },
  { name: 'many-to-one', load: underWay(4_000), transfersPerSecond: 131, systemCpuMs: undefined },
];
