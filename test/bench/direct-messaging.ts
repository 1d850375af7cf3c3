/** Topics and the chores' queue as arrays: nothing is lost, and calls are counted as AWS would bill them. */

import type { ChoreQueue } from '../../lib/shell/chore-queue.ts';
import { printChore } from '../../lib/shell/chore-queue.ts';
import type { EventTopics } from '../../lib/shell/event-topics.ts';
import type { Telemetry } from '../../lib/shell/telemetry.ts';

/** The most messages in one call. */
const MAX_ENTRIES = 10;

export function arrayTopics(telemetry: Telemetry, onMessage: (body: string) => void): EventTopics {
  return {
    publish: async (_topic, entries) => {
      telemetry.count('Calls.PublishBatch', Math.ceil(entries.length / MAX_ENTRIES));
      for (const { body } of entries) {
        onMessage(body);
      }
      return [];
    },
  };
}

export function arrayChores(
  telemetry: Telemetry,
  delaySeconds: number,
  onDue: (body: string) => void,
): ChoreQueue {
  return {
    send: async (chores) => {
      telemetry.count('Calls.SendMessageBatch', Math.ceil(chores.length / MAX_ENTRIES));
      const bodies = chores.map(printChore);
      setTimeout(() => {
        for (const body of bodies) {
          onDue(body);
        }
      }, delaySeconds * 1_000);
      return [];
    },
  };
}
