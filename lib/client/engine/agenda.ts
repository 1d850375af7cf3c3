/**
 * When records are to be looked at next: one item of the store for each, sorted by time. It is written together with its record,
 * so that a crash can't part them.
 */

import type { Timestamp } from '../../protocol/timestamps.ts';
import type { ClientStore, ItemChange } from '../stores/client-store.ts';

export type AgendaSubject = 'transfer' | 'account';

/** A record that is due. */
export interface AgendaItem {
  readonly dueAt: Timestamp;
  readonly subject: AgendaSubject;
  /** The record's `sort` in its partition. */
  readonly sort: string;
}

/** All instants of the protocol as texts of the same order. */
const TIME_DIGITS = 20;
const TEXT = '-';

export class Agenda {
  readonly #store: ClientStore;
  readonly #partition: string;

  constructor(store: ClientStore, name: string) {
    this.#store = store;
    this.#partition = `${name}/agenda`;
  }

  /** The changes that move a record from one time to another; `undefined` is no time. */
  moved(
    record: { readonly subject: AgendaSubject; readonly sort: string },
    before: Timestamp | undefined,
    after: Timestamp | undefined,
  ): ItemChange[] {
    if (before === after) {
      return [];
    }
    const item = (dueAt: Timestamp) => ({
      partition: this.#partition,
      sort: printItem({ ...record, dueAt }),
    });
    return [
      ...(before === undefined ? [] : [{ ...item(before), before: TEXT, after: undefined }]),
      ...(after === undefined ? [] : [{ ...item(after), before: undefined, after: TEXT }]),
    ];
  }

  /** The items in the order of their times, whether due or not: the first ones, or those after an item. */
  async list(limit: number, after?: AgendaItem, signal?: AbortSignal): Promise<AgendaItem[]> {
    const options = { limit, ...(after !== undefined && { after: printItem(after) }) };
    const items = await this.#store.list(this.#partition, options, signal);
    return items.map(({ sort }) => parseItem(sort));
  }
}

function printItem({ dueAt, subject, sort }: AgendaItem): string {
  // The instants before 1970, which a wrong clock may give, are all long due.
  const time = dueAt < 0n ? 0n : dueAt;
  return `${time.toString().padStart(TIME_DIGITS, '0')} ${subject} ${sort}`;
}

function parseItem(text: string): AgendaItem {
  const [time = '', subject, ...rest] = text.split(' ');
  return { dueAt: BigInt(time), subject: subject as AgendaSubject, sort: rest.join(' ') };
}
