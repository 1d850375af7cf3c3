/** Reads the dead-letter queue as an operator does: each message with the reason in its attributes. */

import { attributesOf, deleteMessages, receive } from './queues.ts';
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
    const messages = await receive(stack, stack.deadLetterQueueUrl, patience);
    const ours = messages.filter((message) => missing.has(attributesOf(message).original_message_id ?? ''));
    for (const message of ours) {
      const { original_message_id = '', reason = '' } = attributesOf(message);
      missing.delete(original_message_id);
      letters.set(original_message_id, { body: message.Body ?? '', reason });
    }
    await deleteMessages(stack, stack.deadLetterQueueUrl, ours);
  }
  return letters;
}
