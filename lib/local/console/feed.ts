/** The latest events of a local run, for those who look at them in the console. */

import type { LocalEvent } from '../events.ts';
import { parseWire } from '../wire.ts';

/** An event as the page gets it. */
export interface FeedEntry {
  /** Counts from 1. */
  readonly seq: number;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly at: number;
  readonly kind: LocalEvent['kind'];
  /** Of the message; empty if it has none. */
  readonly type: string;
  /** The message's other fields. Numbers have all their digits. */
  readonly fields: Readonly<Record<string, string>>;
  /** Why it had no effect. */
  readonly reason: string;
  /** What came, as it came; for a warning, the name of the function. */
  readonly body: string;
  /** The queue's name for an incoming message, or the topic of an outgoing one. */
  readonly label: string;
}

/** So many are kept, and shown to a page that is opened. */
const KEPT = 5_000;
/** Longer bodies are cut off. */
const MAX_BODY_CHARACTERS = 10_000;

export class Feed {
  readonly #entries: FeedEntry[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #lastSeq = 0;

  /** @param now milliseconds since 1970, on the functions' clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  add(event: LocalEvent): void {
    this.#lastSeq += 1;
    this.#entries.push({ seq: this.#lastSeq, at: this.#now(), ...describe(event) });
    // Removing many at once costs less than removing one each time.
    if (this.#entries.length > 2 * KEPT) {
      this.#entries.splice(0, KEPT);
    }
    for (const listener of this.#listeners) {
      listener();
    }
  }

  /** The entries after this one, in order, as far as they are kept. */
  after(seq: number): readonly FeedEntry[] {
    const count = Math.min(this.#lastSeq - seq, KEPT);
    return count <= 0 ? [] : this.#entries.slice(-count);
  }

  /** @returns a function that ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

function describe(event: LocalEvent): Omit<FeedEntry, 'seq' | 'at'> {
  switch (event.kind) {
    case 'in':
      return { ...ofBody(event.body), kind: 'in', reason: '', label: event.messageId };
    case 'out':
      return { ...ofBody(event.body), kind: 'out', reason: '', label: event.topicName };
    case 'dead':
      return { ...ofBody(event.body), kind: 'dead', reason: event.reason, label: '' };
    case 'ignored': {
      const [debtor_id = '', creditor_id = ''] = event.account.split(':');
      const { type, reason, messageId: label } = event;
      return { kind: 'ignored', type, fields: { debtor_id, creditor_id }, reason, body: '', label };
    }
    case 'warning':
      return {
        ...{ kind: 'warning', type: '', fields: {}, reason: event.sentence, body: '' },
        label: event.functionLabel,
      };
  }
}

function ofBody(text: string): Pick<FeedEntry, 'type' | 'fields' | 'body'> {
  const body = text.slice(0, MAX_BODY_CHARACTERS);
  try {
    const { type, ...others } = parseWire(text);
    const fields = Object.entries(others).map(([name, value]) => [name, printValue(value)] as const);
    return { type: typeof type === 'string' ? type : '', fields: Object.fromEntries(fields), body };
  } catch {
    return { type: '', fields: {}, body };
  }
}

function printValue(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value, withoutBigints) : String(value);
}

function withoutBigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}
