/**
 * A standard SQS queue and the mapping that feeds a function from it; the function may take more itself. A message is
 * delivered at least once, in any order. It comes again after the visibility timeout, and goes to the dead-letter queue after
 * too many receives.
 */

import type { Delivery } from '../../../lib/shell/invocation.ts';
import type { QueueDelivery } from '../../../lib/shell/source-queue.ts';
import { DAY, MILLISECOND, MINUTE, SECOND } from '../scheduler.ts';
import { type Cloud, Invocation, timeoutOf } from './invocation.ts';

export interface QueueMessage extends Delivery {
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: number;
}

interface HeldMessage {
  readonly message: QueueMessage;
  visibleAt: number;
  receives: number;
  /** The greatest age of a duplicate that SQS delivers by mistake. */
  maxAge: number;
  /** What the last receive has given to delete the message by. */
  handle: string;
}

export interface QueueOptions {
  readonly name: string;
  /** Returns the IDs of the deliveries that failed and must come again. */
  readonly handle: (
    deliveries: readonly QueueDelivery[],
    invocation: Invocation,
  ) => Promise<readonly string[]>;
  /** The most messages of a batch, where the mapping has its own number. */
  readonly maxBatch?: number;
  /** Whether messages may be received as often as it takes, a quarter of an hour apart. */
  readonly isPatient?: boolean;
  /** Told of a dead letter that nobody redrives; without it, all are redriven. */
  readonly forgotten?: (message: QueueMessage) => void;
  /** Told of messages that the function has returned, when nothing that went wrong in it is reason enough. */
  readonly returned?: (messages: readonly QueueMessage[], invocation: Invocation) => void;
  /** Called for each message that is deleted from the queue after it was handled. */
  readonly deleted?: (message: QueueMessage) => void;
}

/** A message that was received is visible again after so many timeouts of its function. */
const VISIBILITY_IN_TIMEOUTS = 6;
/** SQS keeps a message for 14 days, and once more when it is redriven. */
const RETENTION = 13.5 * DAY;
/** How long an operator takes to see the alarm and redrive the dead letters. */
const MAX_REDRIVE_DELAY = DAY / 2;

export class SimulatedQueue {
  readonly #cloud: Cloud;
  readonly #options: QueueOptions;
  readonly #messages = new Map<string, HeldMessage>();
  /** By receipt handle, also by those of earlier receives. */
  readonly #received = new Map<string, HeldMessage>();
  #sent = 0;
  #invocations = 0;
  #isPollDue = false;

  constructor(cloud: Cloud, options: QueueOptions) {
    this.#cloud = cloud;
    this.#options = options;
  }

  /** @returns the ID that the queue gives the message */
  send(body: string, attributes: Readonly<Record<string, string>> = {}, delay = 0): string {
    const messageId = `${this.#options.name}-${this.#sent}`;
    this.#sent += 1;
    const { scheduler, chaos } = this.#cloud;
    const extra = chaos.strikes('queueDelays') ? chaos.random.spread(MILLISECOND, 600 * SECOND) : 0;
    const message = { messageId, body, attributes, sentAt: scheduler.now };
    const total = delay + extra + chaos.random.spread(MILLISECOND, 50 * MILLISECOND);
    this.#hold({ message, visibleAt: scheduler.now + total, receives: 0, maxAge: RETENTION, handle: '' });
    return messageId;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** A short poll of a function, which asks some of the queue's servers. */
  take(limit: number, hiddenFor: number): QueueDelivery[] {
    const { chaos } = this.#cloud;
    return this.#available()
      .slice(0, chaos.random.between(0, limit))
      .filter((held) => this.#receive(held, hiddenFor))
      .map(deliveryOf);
  }

  /** What a function does with a message that it has received, perhaps not as the last one. */
  deleteByHandle(receiptHandle: string): void {
    const held = this.#heldBy(receiptHandle);
    if (held !== undefined) {
      this.#delete(held);
    }
  }

  delayByHandle(receiptHandle: string, duration: number): void {
    const held = this.#heldBy(receiptHandle);
    const { scheduler } = this.#cloud;
    if (held !== undefined && held.visibleAt > scheduler.now) {
      held.visibleAt = scheduler.now + duration;
      this.#wakeAfter(duration);
    }
  }

  /** The handle of an earlier receive may have no effect any more. */
  #heldBy(receiptHandle: string): HeldMessage | undefined {
    const held = this.#received.get(receiptHandle);
    const isThere = held !== undefined && this.#messages.get(held.message.messageId) === held;
    const isLast = held?.handle === receiptHandle;
    return isThere && (isLast || this.#cloud.chaos.random.chance(0.5)) ? held : undefined;
  }

  #available(): HeldMessage[] {
    const { scheduler, chaos } = this.#cloud;
    return chaos.random.shuffled(
      [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= scheduler.now),
    );
  }

  #hold(held: HeldMessage): void {
    this.#messages.set(held.message.messageId, held);
    this.#wakeAfter(held.visibleAt - this.#cloud.scheduler.now);
  }

  #wakeAfter(delay: number): void {
    this.#cloud.scheduler.after(delay, () => this.#schedulePoll());
  }

  #schedulePoll(): void {
    const { scheduler, chaos } = this.#cloud;
    if (!this.#isPollDue) {
      this.#isPollDue = true;
      scheduler.after(chaos.random.spread(MILLISECOND, SECOND), () => {
        this.#isPollDue = false;
        this.#poll();
      });
    }
  }

  #poll(): void {
    const { chaos, scheduler } = this.#cloud;
    if (chaos.suffers('mappings disabled', scheduler.now)) {
      this.#wakeAfter(chaos.endOfDisaster - scheduler.now);
      return;
    }
    const available = this.#available();
    const batch = available
      .slice(0, chaos.random.between(1, this.#options.maxBatch ?? chaos.features.queueBatch))
      .filter((held) => this.#receive(held, VISIBILITY_IN_TIMEOUTS * timeoutOf(this.#options.name)));
    if (available.length > batch.length) {
      this.#schedulePoll();
    }
    if (batch.length > 0) {
      void this.#invoke(batch);
    }
  }

  /** @returns whether the message is delivered; `false` when it was received too often */
  #receive(held: HeldMessage, hiddenFor: number): boolean {
    const { scheduler, chaos, log } = this.#cloud;
    held.receives += 1;
    held.handle = `${held.message.messageId}/${this.#received.size}`;
    this.#received.set(held.handle, held);
    if (held.receives > chaos.features.maxReceives && this.#options.isPatient !== true) {
      log.add('dead', held.message.messageId);
      chaos.count('deadMessages');
      this.#messages.delete(held.message.messageId);
      const { forgotten } = this.#options;
      if (forgotten !== undefined && chaos.random.chance(0.5)) {
        forgotten(held.message);
        return false;
      }
      const visibleAt = scheduler.now + chaos.random.fraction() * MAX_REDRIVE_DELAY;
      this.#hold({ ...held, visibleAt, receives: 0, maxAge: 2 * RETENTION });
      return false;
    }
    if (held.receives > 1) {
      chaos.count('redeliveries');
    }
    // A copy that stays visible is delivered to another invocation at the same time.
    const isCopied = chaos.strikes('queueDuplicates');
    const delay = isCopied
      ? chaos.random.spread(MILLISECOND, 60 * SECOND)
      : this.#options.isPatient === true
        ? 15 * MINUTE
        : hiddenFor;
    held.visibleAt = scheduler.now + delay;
    this.#wakeAfter(delay);
    return true;
  }

  async #invoke(batch: readonly HeldMessage[]): Promise<void> {
    const { name, handle } = this.#options;
    const { log, chaos } = this.#cloud;
    this.#invocations += 1;
    const invocation = new Invocation(`${name}#${this.#invocations}`, this.#cloud);
    const deliveries = batch.map(deliveryOf);
    log.add('invoke', invocation.name, () => deliveries.map(({ messageId }) => messageId).join(' '));
    chaos.count('invocations');
    const result = await invocation.run(() => handle(deliveries, invocation));
    if (result.kind !== 'done') {
      log.add('failed', invocation.name, () => String(result.kind === 'failed' ? result.error : 'died'));
      return;
    }
    const failed = new Set(result.value);
    log.add('returned', `${invocation.name} ${failed.size}`);
    if (failed.size > 0 && !invocation.mayGiveUp) {
      const returned = batch.map(({ message }) => message).filter(({ messageId }) => failed.has(messageId));
      this.#options.returned?.(returned, invocation);
    }
    for (const held of batch) {
      if (!failed.has(held.message.messageId)) {
        this.#delete(held);
      }
    }
  }

  #delete(held: HeldMessage): void {
    const { scheduler, chaos } = this.#cloud;
    this.#options.deleted?.(held.message);
    const age = scheduler.now - held.message.sentAt;
    if (chaos.strikes('queueLateDuplicates') && age < held.maxAge - DAY) {
      // One of SQS's servers missed the delete, and later delivers the message again.
      held.visibleAt = scheduler.now + chaos.random.spread(SECOND, held.maxAge - age);
      this.#wakeAfter(held.visibleAt - scheduler.now);
      return;
    }
    this.#messages.delete(held.message.messageId);
  }
}

function deliveryOf({ message, handle, receives }: HeldMessage): QueueDelivery {
  const { messageId, body } = message;
  return { messageId, body, receiptHandle: handle, receiveCount: receives };
}
