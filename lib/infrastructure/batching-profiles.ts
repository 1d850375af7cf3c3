/**
 * How many messages or records one invocation takes, and how long it waits for them: the one dial between latency and
 * cost. Which function gets which numbers is the business of event-sources.ts.
 */

/** One invocation's batch: it starts when `size` messages are there or `windowSeconds` have passed. */
export interface Batching {
  readonly size: number;
  readonly windowSeconds: number;
}

/** Batches of one stream shard; records of one item are never in two of them at once. */
export interface StreamBatching extends Batching {
  readonly parallelBatchesPerShard: number;
}

export interface BatchingProfile {
  readonly incomingMessages: Batching;
  readonly credits: StreamBatching;
  readonly events: StreamBatching;
  /** Chores are never urgent, so a wave of them must not take the account's Lambda concurrency from transfers. */
  readonly chores: Batching & { readonly maxConcurrency: number };
  /** The default of `APP_ACCOUNT_UPDATE_DELAY_SECONDS`: a longer one folds more balance changes into one message. */
  readonly accountUpdateDelaySeconds: number;
}

export const BATCHING_PROFILES = {
  /** Nothing waits for company; each write, publish and invocation serves few messages. */
  latency: {
    incomingMessages: { size: 10, windowSeconds: 0 },
    credits: { size: 100, windowSeconds: 0, parallelBatchesPerShard: 4 },
    events: { size: 100, windowSeconds: 0, parallelBatchesPerShard: 4 },
    chores: { size: 10, windowSeconds: 0, maxConcurrency: 20 },
    accountUpdateDelaySeconds: 10,
  },
  /**
   * Up to a second of waiting where it saves writes to busy accounts, none where it would save publishing alone. Batches may
   * be large all the same: they are as large as what comes in that second, or is there already.
   */
  balanced: {
    incomingMessages: { size: 1000, windowSeconds: 1 },
    credits: { size: 1000, windowSeconds: 1, parallelBatchesPerShard: 1 },
    events: { size: 500, windowSeconds: 0, parallelBatchesPerShard: 2 },
    chores: { size: 500, windowSeconds: 1, maxConcurrency: 20 },
    accountUpdateDelaySeconds: 120,
  },
  /** Some seconds of waiting at each step, for as few writes, requests and invocations as possible. */
  throughput: {
    // About as many as fit into the 6 MB that Lambda takes, so that a batch has several messages for one account.
    incomingMessages: { size: 5000, windowSeconds: 5 },
    credits: { size: 3000, windowSeconds: 5, parallelBatchesPerShard: 1 },
    events: { size: 1000, windowSeconds: 1, parallelBatchesPerShard: 2 },
    chores: { size: 500, windowSeconds: 10, maxConcurrency: 50 },
    accountUpdateDelaySeconds: 600,
  },
} as const satisfies Record<string, BatchingProfile>;

export type BatchingProfileName = keyof typeof BATCHING_PROFILES;
