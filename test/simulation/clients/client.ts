/** What all clients share: the incoming queue, random choices, and a clock. */

import type { IncomingMessage } from '../../../lib/protocol/messages.ts';
import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { SimulatedQueue } from '../aws/simulated-queue.ts';
import type { Chaos } from '../chaos.ts';
import type { Features } from '../features.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Correspondence } from './correspondence.ts';

export interface ClientTools {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly features: Features;
  readonly chaos: Chaos;
  readonly correspondence: Correspondence;
  readonly queue: SimulatedQueue;
}

export abstract class Client {
  protected readonly tools: ClientTools;

  constructor(tools: ClientTools) {
    this.tools = tools;
  }

  protected get random(): Random {
    return this.tools.random;
  }

  protected get features(): Features {
    return this.tools.features;
  }

  /** The present in microseconds. Unlike functions, clients have an exact clock. */
  protected now(): Timestamp {
    return BigInt(this.tools.scheduler.now);
  }

  protected send(message: IncomingMessage): void {
    this.tools.correspondence.send(message, this.tools.queue);
  }
}
