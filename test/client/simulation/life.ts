/**
 * One life of a process: a client whose every call to its store and its queues may be the last one, with or without its effect.
 * A dead process never hears of its calls again, and nothing it does has an effect.
 */

import { Client } from '../../../lib/client/client.ts';
import { parseRecord } from '../../../lib/client/engine/record-text.ts';
import { sortOf } from '../../../lib/client/engine/transfer-book.ts';
import type { Delivery, Transport } from '../../../lib/client/ports.ts';
import type { RunningTransfer } from '../../../lib/client/records.ts';
import { printRole, type Role } from '../../../lib/client/roles.ts';
import type { ClientStore } from '../../../lib/client/stores/client-store.ts';
import type { VirtualClock } from '../../../lib/client/testing/virtual-clock.ts';
import { printMessage } from '../../../lib/protocol/codec.ts';
import type { IncomingMessage } from '../../../lib/protocol/messages.ts';
import type { Random } from '../../simulation/random.ts';
import type { Features } from './features.ts';
import type { Network } from './network.ts';

export interface LifeOptions {
  readonly role: Role;
  readonly store: ClientStore;
  readonly network: Network;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly features: Features;
}

/** One for each call: a shared one would keep all that ever waited for it. */
const never = (): Promise<never> => new Promise(() => {});

export class Life {
  readonly client: Client;
  readonly #options: LifeOptions;
  readonly #taken = new Set<string>();
  #isDead = false;
  #give: ((deliveries: readonly Delivery[]) => void) | undefined;

  constructor(options: LifeOptions) {
    this.#options = options;
    const { role, clock, random } = options;
    this.client = new Client({
      role,
      store: this.#store(options.store),
      transport: this.#transport(),
      clock: {
        now: () => clock.now(),
        waitUntil: (instant, signal) => (this.#isDead ? never() : clock.waitUntil(instant, signal)),
      },
      randomId: () => BigInt.asUintN(62, random.int64()) + 1n,
      onWarning: () => {},
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether the process waits for messages. */
  get isHungry(): boolean {
    return this.#give !== undefined && !this.#isDead;
  }

  /** Gives the process some messages of its queue, in any order. Those that a dead process took come again. */
  deliver(): boolean {
    const { network, role, random, features } = this.#options;
    const waiting = [...network.messagesFor(role).values()].filter(({ isTaken }) => !isTaken);
    const give = this.#give;
    if (give === undefined || waiting.length === 0 || this.#isDead) {
      return false;
    }
    const deliveries = random.shuffled(waiting).slice(0, features.batch);
    for (const delivery of deliveries) {
      delivery.isTaken = true;
      this.#taken.add(delivery.handle);
    }
    this.#give = undefined;
    give(deliveries.map(({ body, handle }) => ({ body, handle })));
    return true;
  }

  /** Dies at once. */
  kill(): void {
    this.#isDead = true;
    this.#release();
  }

  #release(): void {
    const queue = this.#options.network.messagesFor(this.#options.role);
    for (const handle of this.#taken) {
      const message = queue.get(handle);
      if (message !== undefined) {
        message.isTaken = false;
      }
    }
    this.#taken.clear();
  }

  /** Does a call, or dies of it, or lets it fail. */
  async #call<R>(effect: () => Promise<R>): Promise<R> {
    const { random, features, network } = this.#options;
    for (let pause = random.between(0, 2); pause > 0; pause -= 1) {
      await undefined;
    }
    if (this.#isDead) {
      return never();
    }
    const chaos = network.isCalm ? 0 : 1;
    const isLast = random.chance(features.crashes * chaos);
    const fails = random.chance(features.failures * chaos);
    const result = (isLast || fails) && random.chance(0.5) ? undefined : await effect();
    if (isLast) {
      this.kill();
    }
    if (this.#isDead) {
      return never();
    }
    if (fails) {
      throw new Error('the network failed');
    }
    return result as R;
  }

  /** What is sent must be in the store already: a crash right after it must not make the client forget it. */
  async #checkSaved(message: IncomingMessage): Promise<void> {
    const { store, role, network } = this.#options;
    const isDismissal = message.type === 'FinalizeTransfer' && message.committedAmount === 0n;
    if (message.type === 'ConfigureAccount' || isDismissal) {
      return;
    }
    const partition = `${encodeURIComponent(printRole(role))}/transfers`;
    const [text] = await store.read([{ partition, sort: sortOf(message) }]);
    const { transfer } = parseRecord<{ transfer?: RunningTransfer }>(text ?? '{}');
    const isSaved =
      message.type === 'PrepareTransfer' || (transfer !== undefined && 'settlement' in transfer);
    if (transfer === undefined || !isSaved) {
      network.witness.unsaved.push(`${message.type} was sent before it was saved`);
    }
  }

  #store(store: ClientStore): ClientStore {
    return {
      read: (keys) => this.#call(() => store.read(keys)),
      write: (changes) => this.#call(() => store.write(changes)),
      list: (partition, options) => this.#call(() => store.list(partition, options)),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  #transport(): Transport {
    const { network, role } = this.#options;
    return {
      send: async (messages) => {
        for (const message of messages) {
          await this.#call(async () => {
            await this.#checkSaved(message);
            network.send(printMessage(message));
          });
        }
      },
      receive: async () => {
        // Whatever the batch before left unacknowledged comes again.
        this.#release();
        return new Promise((resolve) => {
          this.#give = resolve;
        });
      },
      acknowledge: (deliveries) =>
        this.#call(async () => {
          for (const { handle } of deliveries) {
            network.messagesFor(role).delete(handle);
            this.#taken.delete(handle);
          }
        }),
    };
  }
}
