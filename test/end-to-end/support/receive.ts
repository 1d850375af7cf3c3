/** Takes from a queue until a test has ended. */

import type { TextDelivery, TextQueue } from '../../../lib/client/client.ts';

/** The next messages. None when none came in the time that SQS allows, or the signal was aborted. */
export async function receive(queue: TextQueue, signal: AbortSignal): Promise<readonly TextDelivery[]> {
  try {
    return await queue.receive(signal);
  } catch (error) {
    if (signal.aborted) {
      return [];
    }
    throw error;
  }
}
