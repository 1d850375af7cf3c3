/** Tells whoever waits in this process what changed: a stream of events for each listener, and one answer for each caller. */

import type { OutgoingMessage } from '../../protocol/messages.ts';
import type { LedgerEntry } from '../records/account-ledger.ts';
import type { RunningTransfer } from '../records/running-transfer.ts';
import type { ClientAccount } from './client-account.ts';

/** Something that a client noticed. Everything was saved before it is told. */
export type ClientEvent =
  /** A transfer changed. */
  | { readonly kind: 'transfer'; readonly transfer: RunningTransfer }
  /** An account, or what is known of its configuration, changed. */
  | { readonly kind: 'account'; readonly account: ClientAccount }
  /** A ledger grew. */
  | {
      readonly kind: 'entry';
      readonly debtorId: bigint;
      readonly creditorId: bigint;
      readonly entry: LedgerEntry;
    }
  /** A message was processed, whether or not it changed anything. */
  | { readonly kind: 'message'; readonly message: OutgoingMessage }
  /** A request had no answer for too long, and was sent again. `sentCount` says how often by now. */
  | {
      readonly kind: 'unanswered';
      readonly request: 'PrepareTransfer' | 'FinalizeTransfer' | 'ConfigureAccount';
      readonly about: string;
      readonly sentCount: number;
    }
  /** A message could not be read or is not for this client. It was kept in the store. */
  | { readonly kind: 'set-aside'; readonly body: string; readonly reason: string }
  /** A call of the transport or the store failed. It is repeated. */
  | { readonly kind: 'trouble'; readonly error: unknown };

export class Notices {
  readonly #listeners = new Set<(event: ClientEvent) => void>();
  readonly #waiters = new Map<string, Set<() => void>>();

  tell(event: ClientEvent): void {
    for (const listener of [...this.#listeners]) {
      listener(event);
    }
  }

  /** Wakes those who wait for this record. */
  wake(record: string): void {
    for (const waiter of this.#waiters.get(record) ?? []) {
      waiter();
    }
  }

  /** Calls the waiter whenever the record changes, until the returned function is called. */
  waitFor(record: string, waiter: () => void): () => void {
    const waiters = this.#waiters.get(record) ?? new Set();
    this.#waiters.set(record, waiters.add(waiter));
    return () => {
      waiters.delete(waiter);
      if (waiters.size === 0 && this.#waiters.get(record) === waiters) {
        this.#waiters.delete(record);
      }
    };
  }

  /** Calls the listener with every event until the returned function is called. */
  listen(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The events from this call on, kept until they are taken. Ends when the signal is aborted. */
  stream(signal: AbortSignal): AsyncGenerator<ClientEvent, void, undefined> {
    const mailbox = new Mailbox();
    return mailbox.take(
      signal,
      this.listen((event) => mailbox.put(event)),
    );
  }
}

/** Events that wait for one listener. */
class Mailbox {
  readonly #waiting: ClientEvent[] = [];
  #wake: () => void = () => {};

  put(event: ClientEvent): void {
    this.#waiting.push(event);
    this.#wake();
  }

  async *take(signal: AbortSignal, stop: () => void): AsyncGenerator<ClientEvent, void, undefined> {
    const onAbort = (): void => this.#wake();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted) {
        yield* this.#waiting.splice(0);
        if (this.#waiting.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      stop();
      signal.removeEventListener('abort', onAbort);
    }
  }
}
