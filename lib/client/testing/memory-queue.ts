/** A queue in memory that keeps messages until they are acknowledged. */

import type { Delivery } from '../ports.ts';

export class MemoryQueue {
  readonly #waiting: Delivery[] = [];
  readonly #underWay = new Map<string, Delivery>();
  readonly #receivers = new Set<AbortSignal>();
  readonly #wakers = new Set<() => void>();
  #settlers: (() => void)[] = [];
  #nextHandle = 0;

  /** Whether nothing is left that somebody is about to process. */
  get isQuiet(): boolean {
    return this.#receivers.size === 0 || (this.#waiting.length === 0 && this.#underWay.size === 0);
  }

  put(bodies: readonly string[]): void {
    this.#waiting.push(...bodies.map((body) => ({ body, handle: `${this.#nextHandle++}` })));
    this.#wake();
  }

  /** All messages that wait. Those that a former receiver took and did not acknowledge come again. */
  async receive(signal: AbortSignal): Promise<readonly Delivery[]> {
    signal.throwIfAborted();
    this.#join(signal);
    while (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => this.#wakers.add(resolve));
      signal.throwIfAborted();
    }
    const deliveries = this.#waiting.splice(0);
    for (const delivery of deliveries) {
      this.#underWay.set(delivery.handle, delivery);
    }
    return deliveries;
  }

  acknowledge(deliveries: readonly Delivery[]): void {
    for (const { handle } of deliveries) {
      this.#underWay.delete(handle);
    }
    this.#settle();
  }

  whenQuiet(): Promise<void> {
    return this.isQuiet ? Promise.resolve() : new Promise((resolve) => this.#settlers.push(resolve));
  }

  #join(signal: AbortSignal): void {
    if (this.#receivers.has(signal)) {
      // It asks for more before it acknowledged everything, so it failed with the rest.
      this.#returnAll();
      return;
    }
    this.#receivers.add(signal);
    const leave = (): void => {
      this.#receivers.delete(signal);
      this.#returnAll();
      this.#wake();
      this.#settle();
    };
    signal.addEventListener('abort', leave, { once: true });
  }

  #returnAll(): void {
    this.#waiting.unshift(...this.#underWay.values());
    this.#underWay.clear();
  }

  #wake(): void {
    for (const waker of this.#wakers) {
      waker();
    }
    this.#wakers.clear();
  }

  #settle(): void {
    if (this.isQuiet) {
      for (const settler of this.#settlers.splice(0)) {
        settler();
      }
    }
  }
}
