/**
 * Stream records that can never be handled, since they can't be read: kept whole, each as a message in the queue of stream
 * failures. Lambda's own notices in that queue only say where records lie in the stream, which forgets them after a day.
 */

import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import { mapConcurrently } from './concurrency.ts';
import { inSizedCalls } from './message-packing.ts';
import type { Telemetry } from './telemetry.ts';

/** The functions that are fed from streams. */
export type StreamFunction = 'publish-events' | 'credit-recipients';

/** A record as it came, and why it can't be read. */
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

const CALLS_AT_ONCE = 8;

export function sqsRecordKeeper(
  client: SQSClient,
  queueUrl: string,
  functionName: StreamFunction,
  telemetry: Telemetry,
): RecordKeeper {
  return {
    keep: async (records) => {
      const entries = records.map(({ record, reason }): Entry => {
        const body = printKeptRecord({ functionName, record, reason });
        return { sequenceNumber: sequenceNumberOf(record), reason, body };
      });
      const calls = inSizedCalls(entries, ({ body }) => Buffer.byteLength(body));
      const lost = await mapConcurrently(calls, CALLS_AT_ONCE, (call) => sendCall(client, queueUrl, call));
      report(entries, new Set(lost.flat()), telemetry);
      return lost.flat();
    },
  };
}

async function sendCall(client: SQSClient, QueueUrl: string, call: readonly Entry[]): Promise<string[]> {
  const Entries = call.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
  try {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    return Failed.flatMap(({ Id }) => call[Number(Id)]?.sequenceNumber ?? []);
  } catch {
    // Also where SQS refuses one that is too large, which is never cut. The record stays in the stream and comes again; at
    // last Lambda gives it up with a notice.
    return call.map(({ sequenceNumber }) => sequenceNumber);
  }
}

function report(entries: readonly Entry[], lost: ReadonlySet<string>, telemetry: Telemetry): void {
  for (const { sequenceNumber, reason, body } of entries) {
    const isKept = !lost.has(sequenceNumber);
    const bytes = Buffer.byteLength(body);
    telemetry.count(isKept ? 'Records.kept' : 'Records.notKept');
    telemetry.warn(
      isKept
        ? 'A stream record that can not be read was put into the queue of stream failures.'
        : 'A stream record that can not be read could not be put into the queue of stream failures.',
      { sequenceNumber, reason, bytes },
    );
  }
}

/** Noncharacters that JSON takes and SQS refuses. */
const NOT_TAKEN_BY_SQS = /[\ufffe\uffff]/g;

/** The body of the message: JSON, with the record exactly as it came. */
export function printKeptRecord({ functionName, reason, record }: KeptRecord): string {
  const text = JSON.stringify({ function: functionName, reason, record });
  return text.replaceAll(NOT_TAKEN_BY_SQS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** @returns `undefined` when the text is none that `printKeptRecord` makes */
export function parseKeptRecord(body: string): KeptRecord | undefined {
  let parsed: {
    readonly function?: unknown;
    readonly reason?: unknown;
    readonly record?: StreamRecord;
  } | null;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { function: functionName, reason, record } = parsed ?? {};
  const isOurs = functionName === 'publish-events' || functionName === 'credit-recipients';
  if (!isOurs || typeof record?.dynamodb?.SequenceNumber !== 'string') {
    return undefined;
  }
  return { functionName, reason: String(reason), record };
}
