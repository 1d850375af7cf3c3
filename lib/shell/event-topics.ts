/** The three topics to which outgoing messages are published (SMP 2.1, section 2, wire). */

import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import type { Topic } from '../protocol/routing.ts';
import { type BatchCall, MAX_ENTRIES, sendBatches, type Unsent } from './batch-calls.ts';
import { mapConcurrently } from './concurrency.ts';

export interface TopicEntry {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the failure of this entry is reported under. */
  readonly origin: string;
}

export interface EventTopics {
  /**
   * @param hasTime whether there is time for another call
   * @returns the entries that may not have been published. Those of the kind `refused` were tried three times, each alone in
   * its call, and it is not so that the topic refuses whatever comes
   */
  readonly publish: (
    topic: Topic,
    entries: readonly TopicEntry[],
    hasTime?: () => boolean,
  ) => Promise<readonly UnpublishedEntry[]>;
}

export type UnpublishedEntry = Unsent<TopicEntry>;

/** How often an entry must be refused, alone in its call, until it is believed that its content is the reason. */
const TRIES_ALONE = 3;
const CALLS_AT_ONCE = 8;

/** Bodies have about 4 KB at most, so ten of them stay far below the 256 KB that SNS takes in a call. */
export function snsEventTopics(client: SNSClient, topicArns: Readonly<Record<Topic, string>>): EventTopics {
  return {
    publish: async (topic, entries, hasTime = () => true) => {
      const call: PublishCall = {
        entryOf: ({ body, attributes }) => ({ Message: body, MessageAttributes: asStrings(attributes) }),
        send: (PublishBatchRequestEntries) =>
          client.send(new PublishBatchCommand({ TopicArn: topicArns[topic], PublishBatchRequestEntries })),
        hasTime,
      };
      const unsent = await sendBatches(entries, call);
      return unsent.some(isRefused) ? tryRefusedAlone(entries, unsent, call) : unsent;
    },
  };
}

type PublishCall = BatchCall<TopicEntry, Omit<PublishBatchRequestEntry, 'Id'>>;

/**
 * SNS may refuse a whole call for one of its entries, so each refused one is tried alone. Where it refuses ten or more and takes
 * nothing at all, the entries are hardly to blame: then they are told of as `unavailable`, so that they come again.
 */
async function tryRefusedAlone(
  entries: readonly TopicEntry[],
  first: readonly UnpublishedEntry[],
  call: PublishCall,
): Promise<readonly UnpublishedEntry[]> {
  let unsent = first;
  for (let attempt = 1; attempt <= TRIES_ALONE; attempt += 1) {
    const refused = unsent.filter(isRefused);
    const again = await mapConcurrently(refused, CALLS_AT_ONCE, ({ item }) => sendBatches([item], call));
    unsent = [...unsent.filter((entry) => !isRefused(entry)), ...again.flat()];
    const stillRefused = unsent.filter(isRefused);
    if (stillRefused.length >= MAX_ENTRIES && unsent.length === entries.length) {
      return unsent.map((entry) => (isRefused(entry) ? { ...entry, kind: 'unavailable' } : entry));
    }
  }
  return unsent;
}

function isRefused({ kind }: UnpublishedEntry): boolean {
  return kind === 'refused';
}

function asStrings(attributes: TopicEntry['attributes']): PublishBatchRequestEntry['MessageAttributes'] {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
