/** The two loops of a running client: one takes messages, one does what is due by the clock. Both survive failures of the network. */

import type { OutgoingMessage } from '../../protocol/messages.ts';
import { addSeconds } from '../../protocol/timestamps.ts';
import { runDueChores } from './chores.ts';
import { handleDelivery } from './inbox.ts';
import type { Surroundings } from './surroundings.ts';

const LONGEST_REST_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 30;

/** Takes messages until the signal is aborted. Those of one batch are processed side by side. */
export async function receiveUntil(
  client: Surroundings,
  signal: AbortSignal,
  onMessage?: (message: OutgoingMessage) => Promise<void>,
): Promise<void> {
  const options = { signal, ...(onMessage !== undefined && { onMessage }) };
  await repeat(client, signal, async () => {
    const deliveries = await client.transport.receive(signal);
    const results = await Promise.allSettled(
      deliveries.map((delivery) => handleDelivery(client, delivery, options)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      // The others of the batch were acknowledged; these come again.
      throw failed.reason;
    }
  });
}

/** Does what is due until the signal is aborted. */
export async function runChoresUntil(client: Surroundings, signal: AbortSignal): Promise<void> {
  const longest = Math.min(LONGEST_REST_SECONDS, client.settings.resendSeconds);
  await repeat(client, signal, async () => {
    await client.clock.waitUntil(await runDueChores(client, { longest, signal }), signal);
  });
}

/** Repeats the work. After failures it pauses, longer each time, and tells of the trouble. */
async function repeat(client: Surroundings, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  let failureCount = 0;
  while (!signal.aborted) {
    try {
      await work();
      failureCount = 0;
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      client.notices.tell({ kind: 'trouble', error });
      const seconds = Math.min(0.1 * 2 ** failureCount++, LONGEST_PAUSE_SECONDS);
      const { clock } = client;
      await clock.waitUntil(addSeconds(clock.now(), seconds), signal).catch(() => {});
    }
  }
}
