/**
 * Makes events of what happens in a local run, as people follow it: messages that come in and go out, and those that have no
 * effect, with the reason. How an event looks is in printed-events.ts.
 */

import type { FeedEvent } from '../operations/console/feed-event.ts';
import type { PublishedMessage, QueuedMessage } from './emulators/queue-and-topic-emulator.ts';

/** The queues whose messages are events. */
export interface WatchedQueues {
  readonly incoming: string | undefined;
  readonly deadLetters: string | undefined;
}

/** The names of the queues in the stack's outputs. */
export function watchedQueues(outputs: Readonly<Record<string, string>>): WatchedQueues {
  const nameIn = (url: string | undefined) => url?.split('/').at(-1);
  return { incoming: nameIn(outputs.IncomingQueueUrl), deadLetters: nameIn(outputs.DeadLetterQueueUrl) };
}

export function eventOfPublished({ topicName, body }: PublishedMessage): FeedEvent {
  return { kind: 'out', topicName, body };
}

/** @returns undefined for a message in any other queue */
export function eventOfQueued(
  { queueName, messageId, body, attributes }: QueuedMessage,
  queues: WatchedQueues,
): FeedEvent | undefined {
  switch (queueName) {
    case queues.incoming:
      return { kind: 'in', messageId, body };
    case queues.deadLetters:
      return { kind: 'dead', body, reason: attributes.reason?.StringValue ?? 'no reason is given' };
    default:
      return undefined;
  }
}

/** The words of the log about a message that also comes as an event of the dead-letter queue. */
const DEAD_LETTER = /goes to the dead-letter queue/;
/** What Powertools adds to every line. */
const STANDARD_KEYS = new Set(
  (
    'level message timestamp service cold_start function_arn function_memory_size function_name function_request_id ' +
    'sampling_rate xray_trace_id correlation_id'
  ).split(' '),
);

/**
 * The event that a line of a function's log tells of.
 * @returns undefined for an error, and for what comes as another event
 */
export function eventOfLogged(functionLabel: string, line: string): FeedEvent | undefined {
  const entry = parseEntry(line);
  if (entry === undefined || entry.level === 'ERROR' || DEAD_LETTER.test(entry.message)) {
    return undefined;
  }
  const { level, message, messageId, type, account, reason } = entry;
  if (level === 'INFO') {
    return { kind: 'ignored', messageId, type, account, reason };
  }
  const details = Object.entries<unknown>({ ...entry })
    .filter(([name]) => !STANDARD_KEYS.has(name))
    .map(([name, value]) => `${name}: ${wordsOf(value)}`);
  return { kind: 'warning', functionLabel, sentence: [message, ...details].join(' ') };
}

interface LogEntry {
  readonly level: string;
  readonly message: string;
  /** These four are only in a line about an ignored message. */
  readonly messageId: string;
  readonly type: string;
  readonly account: string;
  readonly reason: string;
}

function parseEntry(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Powertools logs an error as an object. */
function wordsOf(value: unknown): string {
  const isError = typeof value === 'object' && value !== null && 'message' in value;
  return isError ? String(value.message) : typeof value === 'string' ? value : JSON.stringify(value);
}
