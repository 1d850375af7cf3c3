/** Items that can't be read for a while. What is written to them is still written. */

import type { Item } from '../../../lib/storage/fields.ts';

export class ItemDamage {
  readonly #now: () => number;
  readonly #damaged = new Set<string>();
  readonly #repairedAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  begin(table: string, key: string): void {
    this.#damaged.add(`${table}/${key}`);
  }

  repair(table: string, key: string): void {
    this.#repair(`${table}/${key}`);
  }

  repairAll(): void {
    for (const name of [...this.#damaged]) {
      this.#repair(name);
    }
  }

  /** The item, or the same with attributes that nobody can make sense of, or in a form that is still to come. */
  asRead(table: string, key: string, item: Item): Item {
    if (this.#damaged.size === 0 || !this.#damaged.has(`${table}/${key}`)) {
      return item;
    }
    return key.length % 2 === 0
      ? { ...item, principal: 'abc', request: 'abc', configTs: 'abc' }
      : { ...item, form: 99n };
  }

  /** Whether the item was damaged at any time since then. */
  was(table: string, key: string, since: number): boolean {
    const name = `${table}/${key}`;
    return this.#damaged.has(name) || (this.#repairedAt.get(name) ?? Number.NEGATIVE_INFINITY) >= since;
  }

  #repair(name: string): void {
    if (this.#damaged.delete(name)) {
      this.#repairedAt.set(name, this.#now());
    }
  }
}
