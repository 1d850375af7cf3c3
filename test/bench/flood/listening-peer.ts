/** A peer that takes whatever comes, and tells how long its own messages take there and back. */

import type { Agent } from '../../../examples/network/agent.ts';
import { parseMessage } from '../../../lib/client/messages.ts';

export class ListeningPeer {
  readonly #agent: Agent;
  readonly #waiting = new Map<bigint, () => void>();
  readonly #ending = new AbortController();
  #receiving: Promise<void> | undefined;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  async listen(): Promise<void> {
    await this.#agent.listen();
    this.#receiving = this.#receive();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#agent.close();
    await this.#receiving;
  }

  /** @returns after how many milliseconds the root account's AccountUpdate had come */
  async roundTrip(debtorId: bigint): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(debtorId, resolve);
    const begunAt = performance.now();
    await this.#agent.send([
      {
        type: 'ConfigureAccount',
        debtorId,
        creditorId: 0n,
        negligibleAmount: 1,
        configFlags: 0,
        configData: '',
        ts: BigInt(Date.now()) * 1_000n,
        seqnum: 0,
      },
    ]);
    await promise;
    return performance.now() - begunAt;
  }

  async #receive(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const deliveries = await this.#agent.receive(signal).catch((error: unknown) => {
        if (signal.aborted) {
          return [];
        }
        throw error;
      });
      for (const { body } of deliveries) {
        const message = parseMessage(body);
        if (message.type === 'AccountUpdate') {
          this.#waiting.get(message.debtorId)?.();
          this.#waiting.delete(message.debtorId);
        }
      }
      await this.#agent.acknowledge(deliveries);
    }
  }
}
