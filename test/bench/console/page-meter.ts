/**
 * Measures a page in Chromium: its long tasks by the clock, as people feel them, and by the processor, since other
 * programs on the machine make every task longer; its processor time; and its heap.
 */

import type { Browser, CDPSession, Page } from 'playwright-core';

/** What the page's main thread did in some time. */
export interface Measures {
  readonly seconds: number;
  /** Milliseconds by the clock, each over 50: what browsers call long tasks. The longest first. */
  readonly longTasks: readonly number[];
  /** The longest task in milliseconds of the processor. */
  readonly longestCpuMs: number;
  /** Milliseconds of the processor, of all tasks together. */
  readonly cpuMs: number;
}

/** An event of Chromium's trace; times are in microseconds, `tdur` is the thread's own time. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const LONG_TASK_MS = 50;
const TASK = /RunTask$/;

export class PageMeter {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(browser: Browser, page: Page, session: CDPSession) {
    this.#browser = browser;
    this.#page = page;
    this.#session = session;
  }

  static async on(browser: Browser, page: Page): Promise<PageMeter> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new PageMeter(browser, page, session);
  }

  async measure(work: () => Promise<void>): Promise<Measures> {
    await this.#browser.startTracing(this.#page, { categories: ['toplevel'] });
    const startedAt = performance.now();
    await work();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { traceEvents } = JSON.parse((await this.#browser.stopTracing()).toString()) as {
      traceEvents: readonly TraceEvent[];
    };
    return { seconds, ...measuresIn(traceEvents) };
  }

  /** Bytes that the page's JavaScript holds, without what the collector would free. */
  async heapBytes(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
  }
}

function measuresIn(events: readonly TraceEvent[]): Omit<Measures, 'seconds'> {
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => TASK.test(name) && ph === 'X' && threads.has(`${pid}/${tid}`),
  );
  const walls = tasks.map(({ dur = 0 }) => dur / 1_000);
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1_000);
  return {
    longTasks: walls.filter((ms) => ms > LONG_TASK_MS).toSorted((a, b) => b - a),
    longestCpuMs: cpu.reduce((longest, ms) => Math.max(longest, ms), 0),
    cpuMs: cpu.reduce((sum, ms) => sum + ms, 0),
  };
}
