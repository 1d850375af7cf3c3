/**
 * The authority of a simulated world and the queues around it. Messages wait in bags, and come out in any order, some more than
 * once; a message to a client stays in its bag until it is acknowledged.
 */

import { ownsAccount, ownsRequest, printRole, type Role } from '../../../lib/client/roles.ts';
import { MemoryLedger } from '../../../lib/client/testing/memory-ledger.ts';
import type { VirtualClock } from '../../../lib/client/testing/virtual-clock.ts';
import { parseIncomingMessage, printMessage } from '../../../lib/protocol/codec.ts';
import type { FinalizeTransfer, OutgoingMessage, PrepareTransfer } from '../../../lib/protocol/messages.ts';
import type { Random } from '../../simulation/random.ts';
import { DEFAULT_SETTINGS } from '../../support/builders.ts';
import type { Features } from './features.ts';

export interface QueuedMessage {
  readonly handle: string;
  readonly body: string;
  /** Whether somebody took it and may still be processing it. */
  isTaken: boolean;
}

/** What the world remembers to judge its clients by. */
export interface Witness {
  /** What was committed, by the note. */
  readonly committed: Map<string, bigint[]>;
  /** All different texts of the requests of one triple, without their `ts` where copies may differ in it. */
  readonly prepares: Map<string, Set<string>>;
  readonly finalizes: Map<string, Set<string>>;
  /** What was sent before the store had it. */
  readonly unsaved: string[];
}

export class Network {
  readonly ledger = new MemoryLedger(DEFAULT_SETTINGS);
  readonly witness: Witness = {
    committed: new Map(),
    prepares: new Map(),
    finalizes: new Map(),
    unsaved: [],
  };
  readonly #toAuthority: string[] = [];
  readonly #queues = new Map<
    string,
    { readonly role: Role; readonly messages: Map<string, QueuedMessage> }
  >();
  readonly #random: Random;
  readonly #features: Features;
  readonly #clock: VirtualClock;
  #handles = 0;
  isCalm = false;

  constructor(random: Random, features: Features, clock: VirtualClock) {
    this.#random = random;
    this.#features = features;
    this.#clock = clock;
  }

  addQueue(role: Role): void {
    this.#queues.set(printRole(role), { role, messages: new Map() });
  }

  messagesFor(role: Role): Map<string, QueuedMessage> {
    return this.#queues.get(printRole(role))?.messages ?? new Map();
  }

  get isEmpty(): boolean {
    return (
      this.#toAuthority.length === 0 &&
      [...this.#queues.values()].every(({ messages }) => messages.size === 0)
    );
  }

  get waitingForAuthority(): number {
    return this.#toAuthority.length;
  }

  send(body: string): void {
    this.#toAuthority.push(body);
    this.#remember(body);
  }

  /** The authority gets one of the messages that are under way to it. */
  deliverToAuthority(): void {
    const index = this.#random.between(0, this.#toAuthority.length - 1);
    const [body] = this.#toAuthority.splice(index, 1);
    if (body === undefined) {
      return;
    }
    if (!this.isCalm && this.#random.chance(this.#features.copies)) {
      this.#toAuthority.push(body);
    }
    const message = parseIncomingMessage(body);
    const { messages } = this.ledger.receive(message, this.#clock.now());
    for (const answer of messages) {
      if (answer.type === 'FinalizedTransfer' && answer.committedAmount > 0n) {
        const note = (message as FinalizeTransfer).transferNote;
        const amounts = this.witness.committed.get(note) ?? [];
        this.witness.committed.set(note, [...amounts, answer.committedAmount]);
      }
    }
    this.publish(messages);
  }

  publish(messages: readonly OutgoingMessage[]): void {
    for (const message of messages) {
      const isDropped =
        message.type === 'AccountTransfer' && !this.isCalm && this.#random.chance(this.#features.drops);
      for (const { role, messages: queue } of this.#queues.values()) {
        const isFor = 'coordinatorId' in message ? ownsRequest(role, message) : ownsAccount(role, message);
        if (isFor && !isDropped) {
          this.#put(queue, printMessage(message));
        }
      }
    }
  }

  #put(queue: Map<string, QueuedMessage>, body: string): void {
    const copies = !this.isCalm && this.#random.chance(this.#features.copies) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const handle = `${this.#handles++}`;
      queue.set(handle, { handle, body, isTaken: false });
    }
  }

  #remember(body: string): void {
    const message = parseIncomingMessage(body);
    if (message.type === 'PrepareTransfer') {
      remember(this.witness.prepares, tripleOf(message), body);
    } else if (message.type === 'FinalizeTransfer') {
      const key = `${tripleOf(message)} ${message.transferId}`;
      remember(this.witness.finalizes, key, printMessage({ ...message, ts: 0n }));
    }
  }
}

function remember(texts: Map<string, Set<string>>, key: string, text: string): void {
  texts.set(key, (texts.get(key) ?? new Set()).add(text));
}

function tripleOf(message: PrepareTransfer | FinalizeTransfer): string {
  return `${message.coordinatorType} ${message.coordinatorId} ${message.coordinatorRequestId}`;
}
