/** Reads the dead-letter queue as an operator does: each message with the reason in its attributes. */

import { receive } from './receive.ts';
import type { StackUnderTest } from './stack-under-test.ts';

export interface DeadLetter {
  readonly body: string;
  readonly reason: string;
}

/**
 * The dead letters of the messages with these IDs, by message ID; others are left in the queue.
 * @throws {Error} when one does not come within the stack's patience
 */
export async function receiveDeadLetters(
  stack: StackUnderTest,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, DeadLetter>> {
  const missing = new Set(messageIds);
  const letters = new Map<string, DeadLetter>();
  const patience = AbortSignal.timeout(stack.patienceMs);
  while (missing.size > 0) {
    if (patience.aborted) {
      throw new Error(`${missing.size} messages are not in the dead-letter queue.`);
    }
    const deliveries = await receive(stack.deadLetters, patience);
    const ours = deliveries.filter(({ attributes }) => missing.has(attributes.original_message_id ?? ''));
    for (const { body, attributes } of ours) {
      const { original_message_id = '', reason = '' } = attributes;
      missing.delete(original_message_id);
      letters.set(original_message_id, { body, reason });
    }
    await stack.deadLetters.acknowledge(ours);
  }
  return letters;
}
