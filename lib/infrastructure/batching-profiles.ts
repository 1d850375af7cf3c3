/**
 * The batching profiles: how many messages or records an invocation takes and how long it waits for them. This is the one
 * dial between latency and cost. accounting-stack.ts applies it.
 */

/** An invocation starts when it has `size` messages, or when `windowSeconds` have passed. */
export interface Batching {
  readonly size: number;
  readonly windowSeconds: number;
}

/** Batches of one stream shard. Records of one item are never in two parallel batches. */
export interface StreamBatching extends Batching {
  readonly parallelBatchesPerShard: number;
}

export interface BatchingProfile {
  readonly incomingMessages: Batching;
  readonly credits: StreamBatching;
  readonly events: StreamBatching;
  /** Chores are never urgent, so many at once must not take Lambda's concurrency from transfers. */
  readonly chores: Batching & { readonly maxConcurrency: number };
  /** Messages for one peer that one connection takes. */
  readonly toPeers: Batching;
  /** The default of `APP_ACCOUNT_UPDATE_DELAY_SECONDS`. A longer delay puts more balance changes into one message. */
  readonly accountUpdateDelaySeconds: number;
}

export const BATCHING_PROFILES = {
  /** No batch waits for more messages, so each write, publish and invocation serves few. */
  latency: {
    incomingMessages: { size: 10, windowSeconds: 0 },
    credits: { size: 100, windowSeconds: 0, parallelBatchesPerShard: 4 },
    events: { size: 100, windowSeconds: 0, parallelBatchesPerShard: 4 },
    chores: { size: 10, windowSeconds: 0, maxConcurrency: 20 },
    toPeers: { size: 10, windowSeconds: 0 },
    accountUpdateDelaySeconds: 10,
  },
  /**
   * Waits up to a second where that saves writes to busy accounts, but not where it would only save publishing. Batches
   * hold whatever comes in that second or is there already, so they may be large.
   */
  balanced: {
    incomingMessages: { size: 1000, windowSeconds: 1 },
    credits: { size: 1000, windowSeconds: 1, parallelBatchesPerShard: 1 },
    events: { size: 500, windowSeconds: 0, parallelBatchesPerShard: 2 },
    chores: { size: 500, windowSeconds: 1, maxConcurrency: 20 },
    toPeers: { size: 100, windowSeconds: 1 },
    accountUpdateDelaySeconds: 120,
  },
  /** Waits some seconds at each step, for as few writes, requests and invocations as possible. */
  throughput: {
    // About as many as fit into Lambda's 6 MB, so that a batch has several messages for one account.
    incomingMessages: { size: 5000, windowSeconds: 5 },
    credits: { size: 3000, windowSeconds: 5, parallelBatchesPerShard: 1 },
    events: { size: 1000, windowSeconds: 1, parallelBatchesPerShard: 2 },
    chores: { size: 500, windowSeconds: 10, maxConcurrency: 50 },
    toPeers: { size: 100, windowSeconds: 5 },
    accountUpdateDelaySeconds: 600,
  },
} as const satisfies Record<string, BatchingProfile>;

export type BatchingProfileName = keyof typeof BATCHING_PROFILES;
