/** An accounting authority in memory for users' unit tests: real rules, no AWS, no port, and time that passes when the test says so. */

import { parseIncomingMessage, printMessage } from '../../protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../protocol/messages.ts';
import { MICROSECONDS_IN_SECOND, SECONDS_IN_DAY, type Timestamp } from '../../protocol/timestamps.ts';
import type { Settings } from '../../rules/settings.ts';
import { type Client, openClient } from '../engine/client.ts';
import type { ClientOptions } from '../engine/client-options.ts';
import type { Clock, Delivery, Transport } from '../ports.ts';
import { type AccountKey, ownsAccount, ownsRequest, printRole, type Role } from '../roles.ts';
import { MemoryStore } from '../stores/memory-store.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { MemoryQueue } from './memory-queue.ts';
import { VirtualClock } from './virtual-clock.ts';

const DAY = SECONDS_IN_DAY;

/** The authority's defaults, in seconds, except that nothing waits to be announced. */
const DEFAULT_SETTINGS: Settings = {
  messageMaxDelaySeconds: 7 * DAY,
  heartbeatSeconds: 7 * DAY,
  accountUpdateDelaySeconds: 0,
  reminderSeconds: 7 * DAY,
  commitPeriodSeconds: 90 * DAY,
  minCapitalizationSeconds: 14 * DAY,
  maxInterestToPrincipalRatio: 0.0001,
  deletionAttemptsMinSeconds: 14 * DAY,
  intranetExtremeDelaySeconds: 14 * DAY,
};

/** 2027-01-15T08:00:00Z, a moment like any other. */
const DEFAULT_NOW: Timestamp = 1_800_000_000_000_000n;

/** How an authority in memory differs from the usual. */
export interface TestAuthorityOptions {
  /** When the test begins, in microseconds since 1970. Default: 2027-01-15T08:00:00Z. */
  readonly now?: Timestamp;
  /** Whether every message comes twice, both ways, as queues may do. Default false. */
  readonly duplicates?: boolean;
  /** The authority's periods, in seconds, where they differ from its defaults. */
  readonly settings?: Partial<Settings>;
}

/** A message that the authority ignored, and why. A correct client causes none but repetitions. */
export interface IgnoredMessage {
  /** The message that was ignored. */
  readonly message: IncomingMessage;
  /** One sentence of the authority. */
  readonly reason: string;
}

/** An accounting authority in memory, on the project's own rules and a clock of its own, for unit tests. It needs no network. */
export class TestAuthority {
  /** Give it to the client, so that both have the same time. */
  readonly clock: Clock;
  /** What the authority ignored, in order. */
  readonly ignored: IgnoredMessage[] = [];
  readonly #clock: VirtualClock;
  readonly #ledger: MemoryLedger;
  readonly #queues = new Map<string, { readonly role: Role; readonly queue: MemoryQueue }>();
  readonly #copies: number;

  constructor({ now = DEFAULT_NOW, duplicates = false, settings = {} }: TestAuthorityOptions = {}) {
    this.#clock = new VirtualClock(now);
    this.clock = this.#clock;
    this.#ledger = new MemoryLedger({ ...DEFAULT_SETTINGS, ...settings });
    this.#copies = duplicates ? 2 : 1;
  }

  /**
   * A client's way to this authority. From now on the messages for the role are kept until they are acknowledged. Clients of the
   * same role share one queue, as the processes of one client do: they need the same store, too.
   */
  connect(role: Role): Transport {
    const { queue } = this.#queues.get(printRole(role)) ?? { queue: new MemoryQueue() };
    this.#queues.set(printRole(role), { role, queue });
    return {
      send: async (messages) => {
        for (const message of messages) {
          for (let copy = 0; copy < this.#copies; copy++) {
            this.#receive(printMessage(message));
          }
        }
      },
      receive: (signal) => queue.receive(signal),
      acknowledge: async (deliveries: readonly Delivery[]) => queue.acknowledge(deliveries),
    };
  }

  /** A client of the role on this authority and its clock, with a store in memory unless the options say otherwise. */
  open(role: Role, options: Partial<Omit<ClientOptions, 'role'>> = {}): Promise<Client> {
    const { clock } = this;
    return openClient({ store: new MemoryStore(), transport: this.connect(role), clock, ...options, role });
  }

  /** The account's principal in whole units, as the authority has it; 0 where there is no account. */
  principalOf({ debtorId, creditorId }: AccountKey): bigint {
    return this.#ledger.account({ debtorId, creditorId })?.principal ?? 0n;
  }

  /** How much is locked on the account by prepared transfers, in whole units. */
  lockedAmountOf({ debtorId, creditorId }: AccountKey): bigint {
    return this.#ledger.account({ debtorId, creditorId })?.totalLockedAmount ?? 0n;
  }

  /**
   * Lets time pass, a day at a time, with all periodic work that is due meanwhile, and resolves when clients have acknowledged
   * what that brought them.
   */
  async advance(seconds: number): Promise<void> {
    const end = this.#clock.now() + BigInt(Math.round(seconds * 1e6));
    while (this.#clock.now() < end) {
      const nextDay = this.#clock.now() + BigInt(DAY) * MICROSECONDS_IN_SECOND;
      this.#clock.moveTo(nextDay < end ? nextDay : end);
      this.#publish(this.#ledger.runChores(this.#clock.now()));
      // Clients that were woken get to run before the next day comes.
      await new Promise(setImmediate);
      await this.whenQuiet();
    }
  }

  /** Resolves when all open clients have acknowledged their messages. */
  async whenQuiet(): Promise<void> {
    const queues = [...this.#queues.values()].map(({ queue }) => queue);
    // What clients send in answer is decided at once, so that one queue may fill another.
    while (queues.some((queue) => !queue.isQuiet)) {
      await Promise.all(queues.map((queue) => queue.whenQuiet()));
    }
  }

  #receive(body: string): void {
    const message = parseIncomingMessage(body);
    const { outcome, messages } = this.#ledger.receive(message, this.#clock.now());
    if (outcome.kind === 'ignored') {
      this.ignored.push({ message, reason: outcome.reason });
    }
    this.#publish(messages);
  }

  #publish(messages: readonly OutgoingMessage[]): void {
    for (const message of messages) {
      for (const { role, queue } of this.#queues.values()) {
        if (isFor(role, message)) {
          queue.put(Array.from({ length: this.#copies }, () => printMessage(message)));
        }
      }
    }
  }
}

function isFor(role: Role, message: OutgoingMessage): boolean {
  return 'coordinatorId' in message ? ownsRequest(role, message) : ownsAccount(role, message);
}
