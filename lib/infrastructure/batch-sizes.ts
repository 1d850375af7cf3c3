/** How many messages or records an invocation takes at once, and how long it waits for them (docs/decisions/0012-adaptive-batches.md). */

/** What one receive brings. The function takes more itself where there is more. */
export const INCOMING_BATCH = 10;

/** One batch at a time of each shard, or a busy recipient's batches would lose races to each other. */
export const CREDITS = { batchSize: 3_000, parallelBatchesPerShard: 1 };

export const EVENTS = { batchSize: 1_000, parallelBatchesPerShard: 2 };

/**
 * Chores are never urgent, so many at once must not take Lambda's concurrency from transfers. They wait for much longer before
 * they are due, so nobody notices the window, and an invocation handles more of them.
 */
export const CHORES = { batchSize: 500, windowSeconds: 1, maxConcurrency: 20 };

/** Two invocations are the least that Lambda lets a mapping have, and a peer rarely needs more. */
export const TO_PEER = { batchSize: 10, windowSeconds: 0, maxConcurrency: 2 };
