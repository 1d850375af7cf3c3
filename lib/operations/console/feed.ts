/** The latest events of a ledger, for those who look at them in the console. */

import { parseJson } from '../../protocol/json.ts';
import type { FeedEntry } from './answers.ts';
import type { FeedEvent } from './feed-event.ts';

/** So many are kept, and shown to a page that is opened. */
export const KEPT = 5_000;
/** Longer bodies are cut off, and so are longer values and what has more fields: anybody may send anything. */
const MAX_BODY_CHARACTERS = 10_000;
const MAX_VALUE_CHARACTERS = 2_000;
const MAX_FIELDS = 40;

interface Kept {
  readonly entry: FeedEntry;
  /** What came, as it came. */
  readonly body: string;
}

type Listener = (entry: FeedEntry) => void;

export class Feed {
  readonly #kept: Kept[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #now: () => number;
  #lastSeq = 0;

  /** @param now milliseconds since 1970, on the functions' clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  add(event: FeedEvent): void {
    this.#lastSeq += 1;
    const { body, ...description } = describe(event);
    const entry = { seq: this.#lastSeq, at: this.#now(), ...description, hasBody: body !== '' };
    this.#kept.push({ entry, body });
    // Removing many at once costs less than removing one each time.
    if (this.#kept.length > 2 * KEPT) {
      this.#kept.splice(0, KEPT);
    }
    for (const listener of this.#listeners) {
      listener(entry);
    }
  }

  /** The entries after this one, in order, as far as they are kept. */
  after(seq: number): readonly FeedEntry[] {
    const count = Math.min(this.#lastSeq - seq, KEPT);
    return count <= 0 ? [] : this.#kept.slice(-count).map(({ entry }) => entry);
  }

  /** What came with that entry; undefined when it is no longer kept. */
  bodyOf(seq: number): string | undefined {
    return this.#kept.findLast(({ entry }) => entry.seq === seq)?.body;
  }

  /** @returns a function that ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

type Description = Omit<FeedEntry, 'seq' | 'at' | 'hasBody'> & Pick<Kept, 'body'>;

function describe(event: FeedEvent): Description {
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
    case 'fault': {
      const { kind, sentence: reason, functionLabel: label } = event;
      return { kind, type: '', fields: {}, reason, body: '', label };
    }
  }
}

function ofBody(text: string): Pick<Description, 'type' | 'fields' | 'body'> {
  const body = text.slice(0, MAX_BODY_CHARACTERS);
  try {
    const { type, ...others } = parseJson(text) as Readonly<Record<string, unknown>>;
    const fields = Object.entries(others)
      .slice(0, MAX_FIELDS)
      .map(([name, value]) => [name, printValue(value).slice(0, MAX_VALUE_CHARACTERS)] as const);
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
