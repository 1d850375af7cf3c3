/**
 * One execution environment of a function, seen from outside: a worker thread that runs one invocation at a time. It is
 * started when it is first needed, and again after an invocation that timed out or ended the worker.
 */

import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { InvocationRequest, WorkerReport, WorkerSetup } from './handler-worker.ts';
import { type InvocationResult, KILLED } from './invocation-outcome.ts';

export interface EnvironmentDefinition extends WorkerSetup {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Called for each line of the handler's log that people should see. */
  readonly onLogged: (line: string) => void;
}

export interface ExecutionEnvironment {
  /**
   * Loads the handler before the first invocation.
   * @throws when it can't be loaded
   */
  readonly load: () => Promise<void>;
  /** Runs one invocation with an event in JSON. Never throws. */
  readonly run: (event: string) => Promise<InvocationResult>;
  /** Ends the worker in the middle of an invocation; the invocation fails as killed. @returns false if none is running */
  readonly kill: () => boolean;
  /** Ends the worker, even during an invocation. */
  readonly end: () => Promise<void>;
}

const HANDLER_WORKER = new URL('./handler-worker.ts', import.meta.url);

export function createEnvironment(definition: EnvironmentDefinition): ExecutionEnvironment {
  let loading: Promise<RunningWorker> | undefined;
  let running: RunningWorker | undefined;
  const load = () => {
    loading ??= startWorker(definition, () => {
      loading = undefined;
    });
    return loading;
  };
  return {
    load: async () => void (await load()),
    run: async (event) => {
      try {
        running = await load();
        return await running.run(event);
      } catch (error) {
        return failed('InitError', error instanceof Error ? error.message : String(error));
      } finally {
        running = undefined;
      }
    },
    kill: () => {
      running?.kill();
      return running !== undefined;
    },
    end: async () => (await loading?.catch(() => undefined))?.end(),
  };
}

interface RunningWorker {
  readonly run: (event: string) => Promise<InvocationResult>;
  readonly kill: () => void;
  readonly end: () => Promise<void>;
}

async function startWorker(definition: EnvironmentDefinition, onEnded: () => void): Promise<RunningWorker> {
  const { environment, timeoutMs, onLogged, ...setup } = definition;
  const worker = new Worker(HANDLER_WORKER, { workerData: setup satisfies WorkerSetup, env: environment });
  const started = Promise.withResolvers<void>();
  let forget = () => {
    forget = () => {};
    onEnded();
  };
  let settle = (result: InvocationResult): void => {
    if (result.kind === 'failed') {
      started.reject(new Error(result.error.message));
    }
  };
  worker.on('message', (report: WorkerReport) => {
    if (report.kind === 'ready') {
      started.resolve();
    } else if (report.kind === 'logged') {
      onLogged(report.line);
    } else {
      settle(report);
    }
  });
  worker.on('error', (error) => settle(failed(error.name, error.message)));
  let isKilled = false;
  worker.on('exit', (status) => {
    forget();
    settle(
      isKilled
        ? failed(KILLED, 'the invocation was killed on purpose')
        : failed('EnvironmentEnded', `the environment ended with status ${status}`),
    );
  });
  const run = async (event: string): Promise<InvocationResult> => {
    const outcome = Promise.withResolvers<InvocationResult>();
    settle = outcome.resolve;
    const timer = setTimeout(() => {
      outcome.resolve(failed('TimeoutError', `took longer than ${timeoutMs / 1000} s`));
      // Forgotten at once, so that the next invocation does not go to a worker that is about to end.
      forget();
      void worker.terminate();
    }, timeoutMs);
    worker.postMessage({
      requestId: randomUUID(),
      event,
      deadline: Date.now() + timeoutMs,
    } satisfies InvocationRequest);
    return outcome.promise.finally(() => clearTimeout(timer));
  };
  await started.promise;
  const kill = () => {
    isKilled = true;
    forget();
    void worker.terminate();
  };
  return { run, kill, end: async () => void (await worker.terminate()) };
}

function failed(name: string, message: string): InvocationResult {
  return { kind: 'failed', error: { name, message, stack: '' } };
}
