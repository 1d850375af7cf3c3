/**
 * Stream records that can't be handled until somebody repairs something: the record itself can't be read, or the account to
 * credit can't, or a topic refuses the content of its message. Each is kept whole, as a message in the queue of stream failures. Lambda's own notices in that queue say only where records lie in the stream, which drops them after a day.
 */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import { sendBatches, toQueue } from './batch-calls.ts';
import type { Telemetry } from './telemetry.ts';

/** The functions that are fed from streams. */
export type StreamFunction = 'publish-events' | 'credit-recipients';

/** A record as it came, and why it can't be handled. */
export interface PoisonRecord {
  readonly record: StreamRecord;
  readonly reason: string;
}

export interface KeptRecord extends PoisonRecord {
  /** The function whose work is left to be done. */
  readonly functionName: StreamFunction;
}

export interface RecordKeeper {
  /** @returns the sequence numbers of the records that are not kept */
  readonly keep: (records: readonly PoisonRecord[]) => Promise<readonly string[]>;
}

interface Entry {
  readonly sequenceNumber: string;
  readonly reason: string;
  readonly body: string;
}

export interface RecordKeeperOptions {
  readonly queueUrl: string;
  readonly functionName: StreamFunction;
  readonly telemetry: Telemetry;
}

export function sqsRecordKeeper(
  client: SQSClient,
  { queueUrl, functionName, telemetry }: RecordKeeperOptions,
): RecordKeeper {
  const call = {
    entryOf: ({ body }: Entry) => ({ MessageBody: body }),
    bytesOf: ({ body }: Entry) => Buffer.byteLength(body),
    send: toQueue(client, queueUrl),
  };
  return {
    keep: async (records) => {
      const entries = records.map(({ record, reason }): Entry => {
        const body = printKeptRecord({ functionName, record, reason });
        return { sequenceNumber: sequenceNumberOf(record), reason, body };
      });
      // SQS refuses a record that is too large, which is never shortened. It stays in the stream and comes again; at last
      // Lambda gives it up with a notice.
      const lost = (await sendBatches(entries, call)).map(({ item }) => item.sequenceNumber);
      report(entries, new Set(lost), telemetry);
      return lost;
    },
  };
}

function report(entries: readonly Entry[], lost: ReadonlySet<string>, telemetry: Telemetry): void {
  for (const { sequenceNumber, reason, body } of entries) {
    const isKept = !lost.has(sequenceNumber);
    const bytes = Buffer.byteLength(body);
    telemetry.count(isKept ? 'Records.kept' : 'Records.notKept');
    const outcome = isKept ? 'was put' : 'could not be put';
    const message = `A stream record ${outcome} into the queue of stream failures.`;
    telemetry.warn(message, { sequenceNumber, reason, bytes });
  }
}

/** Noncharacters, which JSON allows and SQS refuses. */
const NOT_TAKEN_BY_SQS = /[\ufffe\uffff]/g;

/** The body of the message: JSON, with the record exactly as it came. */
export function printKeptRecord({ functionName, reason, record }: KeptRecord): string {
  const text = JSON.stringify({ function: functionName, reason, record });
  return text.replaceAll(NOT_TAKEN_BY_SQS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** @returns `undefined` when the text is not one that `printKeptRecord` makes */
export function parseKeptRecord(body: string): KeptRecord | undefined {
  let parsed: { readonly [Key in 'function' | 'reason']?: unknown } & { readonly record?: StreamRecord };
  try {
    parsed = JSON.parse(body) ?? {};
  } catch {
    return undefined;
  }
  const { function: functionName, reason, record } = parsed;
  const isOurs = functionName === 'publish-events' || functionName === 'credit-recipients';
  if (!isOurs || typeof record?.dynamodb?.SequenceNumber !== 'string') {
    return undefined;
  }
  return { functionName, reason: String(reason), record };
}
