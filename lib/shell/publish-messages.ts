/** Publishes messages that were made from items, outside of the streams: what fails for a moment is tried again on the spot. */

import { printMessage } from '../protocol/codec.ts';
import type { OutgoingMessage } from '../protocol/messages.ts';
import { routeOf, type Topic } from '../protocol/routing.ts';
import { groupBy } from './concurrency.ts';
import type { EventTopics, UnpublishedEntry } from './event-topics.ts';
import type { Surroundings } from './surroundings.ts';

const BASE_PAUSE_MS = 200;

export interface PublishingTools {
  readonly topics: EventTopics;
  readonly surroundings: Surroundings;
  /** How often it is tried, the first time included. A message that is refused for its content is not tried again. */
  readonly maxAttempts: number;
}

/** @returns what may not have been published, after all attempts */
export async function publishMessages(
  messages: readonly OutgoingMessage[],
  { topics, surroundings, maxAttempts }: PublishingTools,
): Promise<readonly UnpublishedEntry[]> {
  const refused: UnpublishedEntry[] = [];
  let waiting: readonly UnpublishedEntry[] = [];
  let entries = messages.map((message, index) => {
    const { topic, attributes } = routeOf(message);
    return { topic, entry: { body: printMessage(message), attributes, origin: String(index) } };
  });
  for (let attempt = 1; entries.length > 0 && attempt <= maxAttempts; attempt += 1) {
    if (attempt > 1) {
      await surroundings.pause(BASE_PAUSE_MS * 2 ** attempt * surroundings.random());
    }
    const calls = [...groupBy(entries, ({ topic }) => topic)].map(([topic, group]) =>
      topics.publish(
        topic as Topic,
        group.map(({ entry }) => entry),
      ),
    );
    const unpublished = (await Promise.all(calls)).flat();
    refused.push(...unpublished.filter(({ kind }) => kind === 'refused'));
    waiting = unpublished.filter(({ kind }) => kind !== 'refused');
    const left = new Set(waiting.map(({ item }) => item.origin));
    entries = entries.filter(({ entry }) => left.has(entry.origin));
  }
  return [...refused, ...waiting];
}
