/**
 * What handlers report in their log files: metrics in CloudWatch's embedded format, and for each invocation a
 * report like Lambda's, with its CPU time. Reads on where it stopped, so that long logs are read once.
 */

import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FunctionUsage, NO_FUNCTION_USAGE } from './usage.ts';

export interface HandlerUsage {
  readonly metrics: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<string, FunctionUsage>>;
}

/** The sums of what one or more logs tell. */
export class LogSums {
  readonly metrics: Record<string, number> = {};
  readonly functions: Record<string, FunctionUsage> = {};

  /** @param text whole lines of the function's log */
  add(functionName: string, text: string): void {
    const known = this.functions[functionName] ?? NO_FUNCTION_USAGE;
    const usage = { ...known, logBytes: known.logBytes + Buffer.byteLength(text) };
    for (const line of text.split('\n')) {
      // A stack trace is the one thing in a log that is not JSON.
      if (!line.startsWith('{')) {
        continue;
      }
      const entry = JSON.parse(line);
      if (entry._aws !== undefined) {
        this.#addMetrics(entry, usage);
      }
      if (entry.type === 'platform.report') {
        addReport(usage, entry.record.metrics);
      }
    }
    this.functions[functionName] = usage;
  }

  #addMetrics(
    entry: Readonly<Record<string, unknown>> & { readonly _aws: EmbeddedMetrics },
    usage: { readUnits: number; writeUnits: number },
  ): void {
    for (const { Name } of entry._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)) {
      const value = entry[Name];
      const values = (Array.isArray(value) ? value : [value]) as number[];
      const amount = values.reduce((sum, item) => sum + item, 0);
      this.metrics[Name] = (this.metrics[Name] ?? 0) + amount;
      if (Name === 'ReadUnits') {
        usage.readUnits += amount;
      }
      if (Name === 'WriteUnits') {
        usage.writeUnits += amount;
      }
    }
  }
}

interface EmbeddedMetrics {
  readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
}

interface Report {
  readonly durationMs: number;
  readonly cpuMs: number;
  readonly maxMemoryUsedMB: number;
}

function addReport(usage: { -readonly [K in keyof FunctionUsage]: number }, report: Report): void {
  usage.invocations += 1;
  usage.cpuMs += report.cpuMs;
  usage.durationMs += report.durationMs;
  usage.peakMemoryMB = Math.max(usage.peakMemoryMB, report.maxMemoryUsedMB);
}

const CHUNK_BYTES = 1 << 20;

/** Reads all logs in a folder, each from where it was read before. */
export class HandlerLogs {
  readonly #folder: string;
  readonly #sums = new LogSums();
  readonly #positions = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(): HandlerUsage {
    const files = existsSync(this.#folder)
      ? readdirSync(this.#folder).filter((file) => file.endsWith('.log'))
      : [];
    for (const file of files) {
      this.#readOn(file);
    }
    return { metrics: { ...this.#sums.metrics }, functions: { ...this.#sums.functions } };
  }

  #readOn(file: string): void {
    const descriptor = openSync(join(this.#folder, file), 'r');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let position = this.#positions.get(file) ?? 0;
    for (;;) {
      const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, position);
      // What follows the last line's end is still being written.
      const end = chunk.subarray(0, length).lastIndexOf(0x0a) + 1;
      if (end === 0) {
        break;
      }
      this.#sums.add(basename(file, '.log'), chunk.toString('utf8', 0, end));
      position += end;
    }
    closeSync(descriptor);
    this.#positions.set(file, position);
  }
}
