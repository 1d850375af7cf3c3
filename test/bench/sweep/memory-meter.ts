/** How much memory this process uses while a sweep runs. */

import { collectGarbage } from '../heap.ts';

export interface MemorySample {
  /** How many items had been swept. */
  readonly itemCount: number;
  readonly rssMB: number;
  /** What is still in use after garbage was collected. */
  readonly heapMB: number;
}

const BYTES_IN_MB = 1_048_576;

export class MemoryMeter {
  readonly samples: MemorySample[] = [];
  readonly #interval: number;
  #peakRss = 0;

  /** @param interval the number of swept items between two samples */
  constructor(interval: number) {
    this.#interval = interval;
  }

  get peakRssMB(): number {
    return inMB(this.#peakRss);
  }

  /** To be called often: reads the resident set each time, and takes a sample now and then. */
  look(itemCount: number): void {
    this.#peakRss = Math.max(this.#peakRss, process.memoryUsage.rss());
    if (itemCount >= this.samples.length * this.#interval) {
      collectGarbage();
      const { rss, heapUsed } = process.memoryUsage();
      this.samples.push({ itemCount, rssMB: inMB(rss), heapMB: inMB(heapUsed) });
    }
  }
}

function inMB(bytes: number): number {
  return Math.round((bytes / BYTES_IN_MB) * 10) / 10;
}
