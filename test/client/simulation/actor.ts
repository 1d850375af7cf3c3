/** A user with intents: calls the client's verbs, and calls them again with the same keys whenever the process was restarted. */

import {
  type AccountKey,
  type Client,
  IdempotencyConflictError,
  MemoryStore,
  type Role,
  TransferFailedError,
  TransferRejectedError,
  UnknownTransferError,
} from '../../../lib/client/client.ts';
import type { Random } from '../../simulation/random.ts';
import { Life, type LifeOptions } from './life.ts';

export interface Intent {
  readonly kind: 'pay' | 'commit' | 'dismiss' | 'forget';
  readonly key: string;
  readonly from: AccountKey;
  readonly to: bigint;
  readonly amount: bigint;
  /** Seconds until a hold's deadline. */
  readonly maxCommitDelay: number;
}

/** How an intent ended, as the client told. */
export type Ending = 'paid' | 'rejected' | 'failed' | 'dismissed' | 'conflict' | 'unknown' | 'held';

export class Actor {
  readonly role: Role;
  readonly account: AccountKey;
  readonly intents: readonly Intent[];
  /** All endings that were told of each intent. */
  readonly endings = new Map<string, Set<Ending>>();
  /** Intents that were begun with a store that is lost. */
  readonly lost = new Set<string>();
  readonly problems: string[] = [];
  hasLostStore = false;
  store = new MemoryStore();
  lives: Life[] = [];
  readonly #world: Omit<LifeOptions, 'role' | 'store'>;
  readonly #random: Random;
  readonly #begun = new Set<string>();
  #incarnation = 0;

  constructor(
    who: { readonly role: Role; readonly account: AccountKey; readonly intents: readonly Intent[] },
    world: Omit<LifeOptions, 'role' | 'store'>,
  ) {
    this.role = who.role;
    this.account = who.account;
    this.intents = who.intents;
    this.#world = world;
    this.#random = world.random;
  }

  /** Starts processes until there are enough. Some users call again for what they began, others trust the library. */
  revive(): void {
    const dead = this.lives.filter(({ isDead }) => isDead).length;
    this.lives = this.lives.filter(({ isDead }) => !isDead);
    if (dead > 0 && this.#random.chance(this.#world.network.isCalm ? 0 : this.#world.features.losses)) {
      this.#loseStore();
    }
    while (this.lives.length < this.#world.features.processes) {
      const { role, store } = this;
      // No two lives draw the same IDs, also when a store is lost.
      const random = this.#random.fork(`life ${this.#incarnation++}`);
      const life = new Life({ ...this.#world, random, role, store });
      this.lives.push(life);
      const isFirst = this.#incarnation === 1;
      if (!isFirst && (this.#world.network.isCalm || this.#random.chance(0.5))) {
        continue;
      }
      this.#open(life.client);
      for (const intent of this.intents) {
        if (this.#begun.has(intent.key) && !this.lost.has(intent.key)) {
          this.#pursue(life.client, intent);
        }
      }
    }
  }

  /** Begins one more intent, or calls again for one that was begun. */
  act(): void {
    const life = this.#random.pick(this.lives);
    const intent = this.#random.pick(this.intents);
    if (life !== undefined && !life.isDead && !this.lost.has(intent.key)) {
      this.#begun.add(intent.key);
      this.#pursue(life.client, intent);
    }
  }

  /** Calls for everything that is not lost. */
  actOnAll(): void {
    for (const { client } of this.lives) {
      this.#open(client);
    }
    for (const intent of this.intents.filter(({ key }) => !this.lost.has(key))) {
      this.#begun.add(intent.key);
      for (const { client } of this.lives) {
        this.#pursue(client, intent);
      }
    }
  }

  #loseStore(): void {
    this.hasLostStore = true;
    for (const life of this.lives) {
      life.kill();
    }
    this.lives = [];
    this.store = new MemoryStore();
    for (const key of this.#begun) {
      this.lost.add(key);
    }
  }

  #open(client: Client): void {
    const isRoot = this.account.creditorId === 0n;
    const negligibleAmount = isRoot ? 1e9 : this.#world.features.negligibleAmount;
    client.openAccount(this.account, { negligibleAmount }).catch((error: unknown) => this.#complain(error));
  }

  #pursue(client: Client, intent: Intent): void {
    this.#call(client, intent).then(
      (ending) => this.#tell(intent, ending),
      (error: unknown) => this.#tellError(intent, error),
    );
  }

  async #call(client: Client, intent: Intent): Promise<Ending> {
    const { kind, key, from, to, amount, maxCommitDelay } = intent;
    const draft = { from, to, amount, idempotencyKey: key };
    if (kind === 'pay') {
      await client.pay({ ...draft, note: key });
      return 'paid';
    }
    await client.hold({ ...draft, minAmount: 1n, maxCommitDelay });
    if (kind === 'commit') {
      await client.commit(key, { amount: 1n, note: key });
      return 'paid';
    }
    if (kind === 'dismiss') {
      await client.dismiss(key);
      return 'dismissed';
    }
    return 'held';
  }

  #tellError(intent: Intent, error: unknown): void {
    const endings: readonly (readonly [new (...args: never[]) => Error, Ending])[] = [
      [TransferRejectedError, 'rejected'],
      [TransferFailedError, 'failed'],
      [IdempotencyConflictError, 'conflict'],
      [UnknownTransferError, 'unknown'],
    ];
    const [, ending] = endings.find(([type]) => error instanceof type) ?? [];
    if (ending === undefined) {
      this.#complain(error);
    } else {
      this.#tell(intent, ending);
    }
  }

  #tell({ key }: Intent, ending: Ending): void {
    this.endings.set(key, (this.endings.get(key) ?? new Set()).add(ending));
  }

  /** Calls that failed because the network did are made again; anything else is a fault of the library. */
  #complain(error: unknown): void {
    if (!String(error).includes('the network failed')) {
      this.problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}
