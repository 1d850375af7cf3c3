/** The command's connection through SQS. No call that takes messages is ever cut off, since what it took would stay hidden for a minute. */

import type { QueueCalls } from '../aws/calls.ts';
import { queueTransport } from '../aws/queue-transport.ts';
import type { Connection } from './connection.ts';

/** So long a call waits for messages: hardly longer than a person minds when the command ends. */
const WAIT_SECONDS = 1;

export interface QueueConnectionOptions {
  readonly sqs: QueueCalls;
  readonly incomingQueueUrl: string;
  readonly queueUrl: string;
}

type Received = Awaited<ReturnType<QueueCalls['receiveMessage']>>;

/** The transport of the library over calls that can be brought to rest. */
export function queueConnection({ sqs, ...urls }: QueueConnectionOptions): Connection {
  const poll = new Poll(sqs);
  const calls: QueueCalls = {
    sendMessageBatch: (input, options) => sqs.sendMessageBatch(input, options),
    deleteMessageBatch: (input, options) => sqs.deleteMessageBatch(input, options),
    receiveMessage: (input, options) => poll.receive(input, options?.abortSignal),
  };
  return {
    transport: queueTransport({ sqs: calls, ...urls }),
    untilCaughtUp: (signal) => poll.untilEmpty(signal),
    catchUpAndRest: (signal) => poll.untilEmpty(signal, () => poll.end()),
    rest: (signal) => poll.rest(signal),
  };
}

/** The calls for messages, one after the other. Whoever asks again has processed what came before. */
class Poll {
  readonly #sqs: QueueCalls;
  readonly #catchingUp = new Set<() => void>();
  readonly #atRest = Promise.withResolvers<void>();
  #isEnding = false;
  #isIdle = true;

  constructor(sqs: QueueCalls) {
    this.#sqs = sqs;
  }

  async receive(input: Parameters<QueueCalls['receiveMessage']>[0], signal?: AbortSignal): Promise<Received> {
    if (this.#isEnding) {
      this.#atRest.resolve();
      // The client leaves this call when it is closed.
      return rejectionOf(signal);
    }
    this.#isIdle = false;
    try {
      const received = await this.#sqs.receiveMessage({ ...input, WaitTimeSeconds: WAIT_SECONDS });
      this.#isIdle = (received.Messages ?? []).length === 0;
      if (this.#isIdle) {
        this.#wake();
      }
      return received;
    } catch (error) {
      this.#isIdle = true;
      if (this.#isEnding) {
        this.#atRest.resolve();
      }
      throw error;
    }
  }

  /** @param then called before the next call can begin */
  untilEmpty(signal: AbortSignal, then: () => void = () => {}): Promise<void> {
    const caughtUp = new Promise<void>((resolve) => {
      this.#catchingUp.add(() => {
        then();
        resolve();
      });
    });
    return Promise.race([caughtUp, rejectionOf(signal)]);
  }

  /** Makes no more calls. */
  end(): void {
    this.#isEnding = true;
  }

  /** Resolves when the call under way has ended, and what it brought is processed. */
  async rest(signal: AbortSignal): Promise<void> {
    this.end();
    if (!this.#isIdle) {
      await Promise.race([this.#atRest.promise, rejectionOf(signal).catch(() => {})]);
    }
  }

  #wake(): void {
    for (const wake of this.#catchingUp) {
      wake();
    }
    this.#catchingUp.clear();
  }
}

/** Rejects when the signal is aborted. */
function rejectionOf(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
    }
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
