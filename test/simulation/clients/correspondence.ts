/** Everything that clients send and receive: how it travels, and the record that the guarantees are checked against. */

import { parseOutgoingMessage, printMessage } from '../../../lib/protocol/codec.ts';
import type {
  AccountUpdate,
  ConfigureAccount,
  IncomingMessage,
  OutgoingMessage,
  PrepareTransfer,
} from '../../../lib/protocol/messages.ts';
import { type AccountKey, printAccountKey } from '../../../lib/rules/account.ts';
import type { Transfer } from '../../../lib/rules/transfer.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import type { Cloud } from '../aws/invocation.ts';
import type { PublishedMessage } from '../aws/simulated-messaging.ts';
import type { SimulatedQueue } from '../aws/simulated-queue.ts';
import { DAY, HOUR, type Instant, MILLISECOND, SECOND } from '../scheduler.ts';

function nameOfRequest(account: AccountKey, request: Transfer['request'], last: bigint): string {
  const { coordinatorType, coordinatorId, coordinatorRequestId } = request;
  return [printAccountKey(account), coordinatorId, coordinatorRequestId, last, coordinatorType].join(' ');
}

/** A message that the queue accepted, perhaps in several copies. */
export interface Sent {
  readonly body: string;
  /** `undefined` for an invalid message. */
  readonly message: IncomingMessage | undefined;
  readonly sentAt: Instant;
  /** When a copy of it was last deleted from the queue. */
  handledAt: Instant | undefined;
}

export interface Received {
  readonly message: OutgoingMessage;
  readonly body: string;
  readonly topic: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly publishedAt: Instant;
}

export interface DeadLetter {
  readonly body: string;
  readonly reason: string | undefined;
}

/** The longest time until a client sends a message again: well within SQS's retention. */
const MAX_RESEND_DELAY = DAY;

export class Correspondence {
  readonly sent: Sent[] = [];
  readonly published: Received[] = [];
  /** Published messages that can't be parsed. */
  readonly unreadable: { readonly body: string; readonly error: unknown }[] = [];
  readonly deadLetters: DeadLetter[] = [];
  /** What has arrived at subscribers, by printed keys. */
  readonly heardUpdates = new Map<string, AccountUpdate>();
  readonly heardTransfers = new Set<string>();
  readonly #configurations = new Map<string, ConfigureAccount[]>();
  readonly #requests = new Map<string, PrepareTransfer>();
  readonly #amounts = new Map<string, bigint[]>();
  readonly #byBody = new Map<string, Sent>();
  readonly #read = new Map<string, OutgoingMessage>();
  readonly #cloud: Cloud;
  readonly #subscribers: ((message: OutgoingMessage) => void)[] = [];

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  subscribe(receive: (message: OutgoingMessage) => void): void {
    this.#subscribers.push(receive);
  }

  send(message: IncomingMessage, queue: SimulatedQueue): void {
    this.sendText(printMessage(message), message, queue);
  }

  /** @param message what the text means; `undefined` when it must be refused */
  sendText(body: string, message: IncomingMessage | undefined, queue: SimulatedQueue): void {
    const { scheduler, chaos, log } = this.#cloud;
    if (!this.#byBody.has(body)) {
      const sent: Sent = { body, message, sentAt: scheduler.now, handledAt: undefined };
      this.sent.push(sent);
      this.#index(message);
      this.#byBody.set(body, sent);
    }
    log.add('send', body);
    chaos.count('messages');
    queue.send(body);
    if (chaos.strikes('veryLateCopies')) {
      scheduler.after(chaos.random.spread(10 * DAY, 80 * DAY), () => queue.send(body));
    }
    if (chaos.strikes('resending')) {
      scheduler.after(chaos.random.spread(MILLISECOND, MAX_RESEND_DELAY), () => queue.send(body));
    }
  }

  #index(message: IncomingMessage | undefined): void {
    if (message?.type === 'PrepareTransfer') {
      this.#requests.set(nameOfRequest(message, message, message.ts), message);
    }
    if (message?.type === 'ConfigureAccount') {
      const key = printAccountKey(message);
      this.#configurations.set(key, [...(this.#configurations.get(key) ?? []), message]);
    }
    if (message?.type === 'FinalizeTransfer') {
      const name = nameOfRequest(message, message, message.transferId);
      this.#amounts.set(name, [...(this.#amounts.get(name) ?? []), message.committedAmount]);
    }
  }

  configurationsOf(key: AccountKey): readonly ConfigureAccount[] {
    return this.#configurations.get(printAccountKey(key)) ?? [];
  }

  /** The message that the transfer was asked for by. */
  requestOf({ sender, request, requestTs }: Transfer): PrepareTransfer | undefined {
    return this.#requests.get(nameOfRequest(sender, request, requestTs));
  }

  /** The amounts that anybody has asked so far to commit of the transfer, naming it rightly. */
  amountsAskedFor({ sender, request, transferId }: Transfer): readonly bigint[] {
    return this.#amounts.get(nameOfRequest(sender, request, transferId)) ?? [];
  }

  handled(body: string): void {
    const sent = this.#byBody.get(body);
    if (sent !== undefined) {
      const { scheduler, chaos } = this.#cloud;
      const age = scheduler.now - sent.sentAt;
      if (age > 20 * DAY) {
        chaos.count(age > 45 * DAY ? 'copies after 45 days' : 'copies after 20 days');
      }
      sent.handledAt = scheduler.now;
    }
  }

  deadLetter(body: string, attributes: Readonly<Record<string, string>>): void {
    this.#cloud.log.add('dead letter', body, () => String(attributes.reason));
    this.deadLetters.push({ body, reason: attributes.reason });
  }

  /** Delivers what arrived at a topic to the subscribers: at some later time, perhaps twice, in any order. */
  publish({ topic, body, attributes }: PublishedMessage): void {
    const { scheduler, chaos, log } = this.#cloud;
    log.add('publish', body, () => topic);
    chaos.count('published');
    const message = this.#messageIn(body);
    if (message === undefined) {
      return;
    }
    this.published.push({ message, body, topic, attributes, publishedAt: scheduler.now });
    const copies = chaos.strikes('topicLosses') ? 0 : chaos.strikes('topicDuplicates') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delay = chaos.random.spread(MILLISECOND, copy === 0 ? 2 * SECOND : HOUR);
      scheduler.after(delay, () => {
        this.#hear(message);
        for (const receive of this.#subscribers) {
          receive(message);
        }
      });
    }
  }

  /** What clients know who keep the latest update of each account, and the transfers that they were told of. */
  #hear(message: OutgoingMessage): void {
    if (message.type === 'PreparedTransfer') {
      this.heardTransfers.add(printRecordKey({ sender: message, transferId: message.transferId }));
    }
    if (message.type === 'AccountUpdate') {
      const known = this.heardUpdates.get(printAccountKey(message));
      if (known === undefined || isLaterUpdate(message, known)) {
        this.heardUpdates.set(printAccountKey(message), message);
      }
    }
  }

  /** The same object for the same body, since many messages are published again. */
  #messageIn(body: string): OutgoingMessage | undefined {
    const known = this.#read.get(body);
    if (known !== undefined) {
      return known;
    }
    try {
      const message = parseOutgoingMessage(body);
      this.#read.set(body, message);
      return message;
    } catch (error) {
      this.unreadable.push({ body, error });
      return undefined;
    }
  }
}

/** The order in which AccountUpdates tell that they were made: of the latest life the latest change. */
export function isLaterUpdate(a: AccountUpdate, b: AccountUpdate): boolean {
  if (a.creationDate !== b.creationDate) {
    return a.creationDate > b.creationDate;
  }
  return a.lastChangeTs === b.lastChangeTs
    ? ((a.lastChangeSeqnum - b.lastChangeSeqnum) | 0) > 0
    : a.lastChangeTs > b.lastChangeTs;
}
