/** The three topics to which outgoing messages are published (SMP 2.1, section 2, wire). */

import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import type { Topic } from '../protocol/routing.ts';
import { sendBatches } from './batch-calls.ts';

export interface TopicEntry {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the failure of this entry is reported under. */
  readonly origin: string;
}

export interface EventTopics {
  /**
   * @param hasTime whether there is time for another call
   * @returns the origins of the entries that may not have been published
   */
  readonly publish: (
    topic: Topic,
    entries: readonly TopicEntry[],
    hasTime?: () => boolean,
  ) => Promise<readonly string[]>;
}

/** Bodies have about 4 KB at most, so ten of them stay far below the 256 KB that SNS takes in a call. */
export function snsEventTopics(client: SNSClient, topicArns: Readonly<Record<Topic, string>>): EventTopics {
  return {
    publish: async (topic, entries, hasTime = () => true) => {
      const unsent = await sendBatches(entries, {
        entryOf: ({ body, attributes }) => ({ Message: body, MessageAttributes: asStrings(attributes) }),
        send: (PublishBatchRequestEntries) =>
          client.send(new PublishBatchCommand({ TopicArn: topicArns[topic], PublishBatchRequestEntries })),
        hasTime,
      });
      return unsent.map(({ item }) => item.origin);
    },
  };
}

function asStrings(attributes: TopicEntry['attributes']): PublishBatchRequestEntry['MessageAttributes'] {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
