/** Everything that clients send and receive: how it travels, and the record that the guarantees are checked against. */

import { parseOutgoingMessage, printMessage } from '../../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../lib/protocol/messages.ts';
import type { Cloud } from '../aws/invocation.ts';
import type { PublishedMessage } from '../aws/simulated-messaging.ts';
import type { SimulatedQueue } from '../aws/simulated-queue.ts';
import { DAY, HOUR, type Instant, MILLISECOND, SECOND } from '../scheduler.ts';

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
      this.#byBody.set(body, sent);
    }
    log.add('send', body);
    chaos.count('messages');
    queue.send(body);
    if (chaos.strikes('resending')) {
      scheduler.after(chaos.random.spread(MILLISECOND, MAX_RESEND_DELAY), () => queue.send(body));
    }
  }

  handled(body: string): void {
    const sent = this.#byBody.get(body);
    if (sent !== undefined) {
      sent.handledAt = this.#cloud.scheduler.now;
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
    const copies = chaos.strikes('topicDuplicates') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delay = chaos.random.spread(MILLISECOND, copy === 0 ? 2 * SECOND : HOUR);
      scheduler.after(delay, () => {
        for (const receive of this.#subscribers) {
          receive(message);
        }
      });
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
