/** Counts the usage of directly fed handlers under the names of their metrics in the cloud. */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { DeadLetterQueue } from '../../lib/shell/dead-letter-queue.ts';
import type { Telemetry } from '../../lib/shell/telemetry.ts';
import type { CapacityObserver } from '../../lib/storage/ledger-store.ts';
import { type FunctionUsage, NO_FUNCTION_USAGE, type Usage } from './usage.ts';

export class DirectTelemetry implements Telemetry, CapacityObserver {
  deadLetterCount = 0;
  readonly deadLetters: DeadLetterQueue = {
    send: async (letters) => {
      this.deadLetterCount += letters.length;
      return [];
    },
  };
  readonly #metrics: Record<string, number> = {};
  readonly #functions: Record<string, FunctionUsage> = {};
  /** The function at work; several work at once. */
  readonly #currentFunction = new AsyncLocalStorage<string>();
  #clientCpuMs = 0;

  count(name: string, amount = 1): void {
    this.#metrics[name] = (this.#metrics[name] ?? 0) + amount;
  }

  time(phase: string, milliseconds: number): void {
    this.count(`${phase}Time`, milliseconds);
  }

  info(): void {}

  warn(message: string, details: Readonly<Record<string, unknown>>): void {
    this.count('Warnings');
    console.error(message, details);
  }

  consumed({ read, write }: { readonly read: number; readonly write: number }): void {
    this.count('ReadUnits', read);
    this.count('WriteUnits', write);
    const name = this.#currentFunction.getStore();
    if (name === undefined) {
      return;
    }
    const known = this.#functions[name] ?? NO_FUNCTION_USAGE;
    this.#functions[name] = {
      ...known,
      readUnits: known.readUnits + read,
      writeUnits: known.writeUnits + write,
    };
  }

  /** Runs what the benchmark's clients do, so that their CPU time is not taken for the handlers'. */
  asClient(work: () => void): void {
    const start = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(start);
    this.#clientCpuMs += (user + system) / 1_000;
  }

  async invocation<T>(name: string, handle: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await this.#currentFunction.run(name, handle);
    const known = this.#functions[name] ?? NO_FUNCTION_USAGE;
    const { heapTotal, external } = process.memoryUsage();
    this.#functions[name] = {
      ...known,
      invocations: known.invocations + 1,
      durationMs: known.durationMs + performance.now() - start,
      peakMemoryMB: Math.max(known.peakMemoryMB, (heapTotal + external) / 2 ** 20),
    };
    return result;
  }

  /** CPU time of this thread that is not the clients' is the handlers'. It can't be split between handlers. */
  usage(tableEmulatorMs: number): Usage {
    const { user, system } = process.threadCpuUsage();
    const clients = this.#clientCpuMs;
    return {
      metrics: { ...this.#metrics },
      functions: { ...this.#functions },
      cpu: {
        handlers: (user + system) / 1_000 - clients,
        tableEmulator: tableEmulatorMs,
        queueEmulator: 0,
        clients,
      },
    };
  }
}
