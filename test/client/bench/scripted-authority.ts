/**
 * What an authority would answer to payments that all succeed, without deciding anything: so that what is measured is the
 * library, and not the rules. Messages are texts both ways, as through queues.
 */

import type { Delivery, Transport } from '../../../lib/client/client.ts';
import {
  type AccountTransfer,
  type IncomingMessage,
  type OutgoingMessage,
  printMessage,
} from '../../../lib/client/messages.ts';
import {
  aFinalizedTransfer,
  anAccountTransfer,
  anAccountUpdate,
  aPreparedTransfer,
} from '../support/answers.ts';

/** Whose transfers they are: the account of `test/client/support/answers.ts`. */
export const ACCOUNT = { debtorId: 1n, creditorId: 1_099_511_627_777n };

/** As queues do. */
const BATCH_SIZE = 10;

/** A queue of the client, filled by whoever plays the authority. */
export class ScriptedQueue implements Transport {
  #deliveries: Delivery[] = [];
  #arrived = Promise.withResolvers<void>();
  #handle = 0;
  readonly #answer: (message: IncomingMessage) => readonly OutgoingMessage[];

  constructor(answer: (message: IncomingMessage) => readonly OutgoingMessage[] = () => []) {
    this.#answer = answer;
  }

  put(message: OutgoingMessage): void {
    this.#deliveries.push({ body: printMessage(message), handle: `${this.#handle++}` });
    this.#arrived.resolve();
  }

  async send(messages: readonly IncomingMessage[]): Promise<void> {
    for (const message of messages) {
      // A queue takes texts, and printing them is the library's work.
      printMessage(message);
      for (const answer of this.#answer(message)) {
        this.put(answer);
      }
    }
  }

  async receive(signal: AbortSignal): Promise<readonly Delivery[]> {
    while (this.#deliveries.length === 0 && !signal.aborted) {
      this.#arrived = Promise.withResolvers();
      const onAbort = (): void => this.#arrived.resolve();
      signal.addEventListener('abort', onAbort, { once: true });
      await this.#arrived.promise;
      signal.removeEventListener('abort', onAbort);
    }
    return this.#deliveries.splice(0, BATCH_SIZE);
  }

  async acknowledge(): Promise<void> {}
}

/** The account's transfers in order, each of which brings one unit, or takes one. */
export function* accountTransfers(acquiredAmount: bigint): Generator<AccountTransfer, never, undefined> {
  for (let number = 1n; ; number++) {
    yield anAccountTransfer({
      transferNumber: number,
      previousTransferNumber: number - 1n,
      acquiredAmount,
      principal: number * acquiredAmount,
    });
  }
}

/** Answers each request of a payment at once, and tells the sender's account of it, as it is told of each transfer. */
export function scriptedAuthority(): ScriptedQueue {
  const transfers = accountTransfers(-1n);
  const queue = new ScriptedQueue((message) => {
    switch (message.type) {
      case 'ConfigureAccount':
        return [
          anAccountUpdate({ lastConfigTs: message.ts, lastConfigSeqnum: message.seqnum, ts: message.ts }),
        ];
      case 'PrepareTransfer': {
        const { coordinatorRequestId, maxLockedAmount: lockedAmount, recipient, ts } = message;
        const transferId = coordinatorRequestId;
        const deadline = ts + 7_776_000_000_000n;
        return [
          aPreparedTransfer({ coordinatorRequestId, transferId, lockedAmount, recipient, deadline, ts }),
        ];
      }
      case 'FinalizeTransfer': {
        const { coordinatorRequestId, transferId, committedAmount, ts } = message;
        return [
          aFinalizedTransfer({ coordinatorRequestId, transferId, committedAmount, ts }),
          transfers.next().value,
        ];
      }
      default:
        return message satisfies never;
    }
  });
  return queue;
}
