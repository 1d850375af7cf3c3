/**
 * The worker thread of an execution environment: loads the bundle, then runs one invocation at a time. What the handler
 * writes goes to the function's log file. Which environment gets an invocation is decided in local-function.ts.
 */

import { openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { HandlerError, InvocationResult } from './invocation-outcome.ts';
import { obeyVirtualClock } from './virtual-clock.ts';

export interface WorkerSetup {
  /** A file URL. */
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly logFile: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  /** Of the clock that the handler sees; the machine's if it is omitted. */
  readonly clockMemory?: SharedArrayBuffer | undefined;
}

export interface InvocationRequest {
  readonly requestId: string;
  /** JSON. */
  readonly event: string;
  /** When the invocation times out, in milliseconds since 1970. */
  readonly deadline: number;
}

/** What a worker reports: that it is ready, how an invocation ended, or a line that the handler logged for people. */
export type WorkerReport =
  | InvocationResult
  | { readonly kind: 'ready' }
  | { readonly kind: 'logged'; readonly line: string };

type Handler = (event: unknown, context: object) => unknown;

const setup = workerData as WorkerSetup;
const log = openSync(setup.logFile, 'a');
/** Deadlines go by the machine's clock, whichever clock the handler sees. */
const machineTime = Date.now;

/** Warnings, errors, and why a message has no effect. Every other line is only in the log. */
const FOR_PEOPLE = /"level":"(ERROR|WARN)"|"A message is ignored\."/;

/** Writes at once, in this thread, so that nothing is lost with the worker and the main thread has no work with it. */
function writeToLog(chunk: string | Uint8Array): true {
  writeSync(log, chunk as string);
  if (typeof chunk === 'string' && FOR_PEOPLE.test(chunk)) {
    report({ kind: 'logged', line: chunk });
  }
  return true;
}

function report(message: WorkerReport): void {
  parentPort?.postMessage(message);
}

function describe(thrown: unknown): HandlerError {
  if (!(thrown instanceof Error)) {
    return { name: 'Error', message: String(thrown), stack: '' };
  }
  return { name: thrown.name, message: thrown.message, stack: thrown.stack ?? '' };
}

function contextOf({ requestId, deadline }: InvocationRequest): object {
  return {
    awsRequestId: requestId,
    functionName: setup.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: setup.functionArn,
    memoryLimitInMB: `${setup.memoryMegabytes}`,
    logGroupName: `/aws/lambda/${setup.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - machineTime()),
  };
}

async function invoke(handler: Handler, request: InvocationRequest): Promise<void> {
  const start = usage();
  try {
    const value = await handler(JSON.parse(request.event), contextOf(request));
    logReport(request, 'success', start);
    report({ kind: 'returned', value: value ?? null });
  } catch (error) {
    const described = describe(error);
    writeToLog(`${described.stack || described.message}\n`);
    logReport(request, 'error', start);
    report({ kind: 'failed', error: described });
  }
}

/** Of this thread alone. */
function usage(): { readonly instant: number; readonly cpuMs: number } {
  const { user, system } = process.threadCpuUsage();
  return { instant: performance.now(), cpuMs: (user + system) / 1_000 };
}

/** The line that ends an invocation's log on Lambda, with the CPU time added. The memory is what V8 took for this thread. */
function logReport(
  { requestId }: InvocationRequest,
  status: 'success' | 'error',
  start: ReturnType<typeof usage>,
): void {
  const end = usage();
  const { heapTotal, external } = process.memoryUsage();
  const durationMs = end.instant - start.instant;
  const metrics = {
    durationMs: round(durationMs),
    billedDurationMs: Math.ceil(durationMs),
    memorySizeMB: setup.memoryMegabytes,
    maxMemoryUsedMB: Math.ceil((heapTotal + external) / 2 ** 20),
    cpuMs: round(end.cpuMs - start.cpuMs),
    ...(initDurationMs === undefined ? {} : { initDurationMs: round(initDurationMs) }),
  };
  initDurationMs = undefined;
  const line = { time: new Date(), type: 'platform.report', record: { requestId, status, metrics } };
  writeToLog(`${JSON.stringify(line)}\n`);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}

process.stdout.write = writeToLog as typeof process.stdout.write;
process.stderr.write = writeToLog as typeof process.stderr.write;
const loadStart = performance.now();
if (setup.clockMemory !== undefined) {
  obeyVirtualClock(setup.clockMemory);
}
const handler: Handler = (await import(setup.moduleUrl))[setup.exportName];
/** How long loading took; logged with the first invocation. */
let initDurationMs: number | undefined = performance.now() - loadStart;
if (typeof handler !== 'function') {
  throw new Error(`${setup.moduleUrl} exports no ${setup.exportName}.`);
}
parentPort?.on('message', (request: InvocationRequest) => void invoke(handler, request));
report({ kind: 'ready' });
