/** What happened in a world, in order: always as a hash, which two runs of one seed must share, and on demand as text. */

import { hashText } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export class EventLog {
  readonly #scheduler: Scheduler;
  readonly #write: ((line: string) => void) | undefined;
  readonly #start: number;
  #hash = 0;
  #other = 1;

  constructor(scheduler: Scheduler, write: ((line: string) => void) | undefined) {
    this.#scheduler = scheduler;
    this.#write = write;
    this.#start = scheduler.now;
  }

  /** @param detail what distinguishes this event from others; `story` is called only when the log is printed */
  add(kind: string, detail: string, story?: () => string): void {
    const seconds = (this.#scheduler.now - this.#start) / 1_000_000;
    this.#hash = hashText(detail, hashText(kind, this.#hash ^ (this.#scheduler.now | 0)));
    this.#other = (Math.imul(this.#other, 31) + this.#hash) | 0;
    this.#write?.(
      `${seconds.toFixed(6).padStart(16)} ${kind.padEnd(12)} ${detail}${story ? ` ${story()}` : ''}`,
    );
  }

  /** 16 hexadecimal digits over all events. */
  get digest(): string {
    return [this.#hash, this.#other].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
