/** The three topics that outgoing messages are published to (SMP 2.1, section 2, wire). */

import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import type { Topic } from '../protocol/routing.ts';
import { inSlices, mapConcurrently } from './concurrency.ts';

export interface TopicEntry {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the failure of this entry is reported under. */
  readonly origin: string;
}

export interface EventTopics {
  /** @returns the origins of the entries that may not have been published */
  readonly publish: (topic: Topic, entries: readonly TopicEntry[]) => Promise<readonly string[]>;
}

/** SNS takes ten entries in a call; with bodies of at most about 4 KB they stay far below its 256 KB. */
const MAX_ENTRIES = 10;
const CALLS_AT_ONCE = 8;

export function snsEventTopics(client: SNSClient, topicArns: Readonly<Record<Topic, string>>): EventTopics {
  return {
    publish: async (topic, entries) => {
      const calls = inSlices(entries, MAX_ENTRIES);
      const failed = await mapConcurrently(calls, CALLS_AT_ONCE, (call) =>
        publishCall(client, topicArns[topic], call),
      );
      return failed.flat();
    },
  };
}

async function publishCall(
  client: SNSClient,
  topicArn: string,
  call: readonly TopicEntry[],
): Promise<string[]> {
  const PublishBatchRequestEntries = call.map(
    ({ body, attributes }, index): PublishBatchRequestEntry => ({
      Id: String(index),
      Message: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  );
  try {
    const output = await client.send(
      new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }),
    );
    return (output.Failed ?? []).flatMap(({ Id }) => call[Number(Id)]?.origin ?? []);
  } catch {
    // Whatever the reason: the records stay in the stream and come again, until the stream's failure destination.
    return call.map(({ origin }) => origin);
  }
}
