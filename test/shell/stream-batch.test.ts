/** What comes of a batch of stream records: which of them are kept elsewhere, and where the stream has to start again. */

import { describe, expect, it } from 'vitest';
import type { PoisonRecord } from '../../lib/shell/kept-records.ts';
import { handleBatch } from '../../lib/shell/stream-batch.ts';
import { type StreamRecord, sequenceNumberOf } from '../../lib/storage/stream-record.ts';

const RECORDS: readonly StreamRecord[] = ['1', '2', '3', '4'].map((SequenceNumber) => ({
  dynamodb: { SequenceNumber, NewImage: { text: { S: `of ${SequenceNumber}` } } },
}));

interface Batch {
  /** What is to come again anyway. */
  readonly failed?: readonly string[];
  readonly unreadable?: readonly string[];
  /** What the keeper does not take. */
  readonly notKept?: readonly string[];
}

async function outcomeOf({ failed = [], unreadable = [], notKept = [] }: Batch) {
  const calls: (readonly PoisonRecord[])[] = [];
  const earliest = await handleBatch(
    RECORDS,
    async () => ({
      failed: new Set(failed),
      unreadable: unreadable.map((sequenceNumber) => ({ sequenceNumber, reason: `why ${sequenceNumber}` })),
    }),
    {
      keep: async (records) => {
        calls.push(records);
        return records.map(({ record }) => sequenceNumberOf(record)).filter((name) => notKept.includes(name));
      },
    },
  );
  return { earliest, calls };
}

function kept(...names: readonly string[]): PoisonRecord[] {
  return names.map((name) => ({
    record: { dynamodb: { SequenceNumber: name, NewImage: { text: { S: `of ${name}` } } } },
    reason: `why ${name}`,
  }));
}

describe('A batch of stream records', () => {
  it.each<readonly [string, Batch, string | undefined, PoisonRecord[][]]>([
    ['is done with when nothing failed', {}, undefined, []],
    ['comes again from its earliest failure on', { failed: ['4', '2'] }, '2', []],
    [
      'is done with when what can not be read is kept',
      { unreadable: ['1', '3'] },
      undefined,
      [kept('1', '3')],
    ],
    [
      'is done with when its last record can not be read and is kept',
      { unreadable: ['4'] },
      undefined,
      [kept('4')],
    ],
    [
      'comes again from the record that can neither be read nor kept',
      { unreadable: ['1', '3'], notKept: ['3'] },
      '3',
      [kept('1', '3')],
    ],
    [
      'comes again from the earliest of both kinds of failures',
      { failed: ['4'], unreadable: ['1', '3'], notKept: ['1'] },
      '1',
      [kept('1', '3')],
    ],
    [
      'leaves what can not be read for the next time where it comes again anyway',
      { failed: ['2'], unreadable: ['1', '3'] },
      '2',
      [kept('1')],
    ],
    ['keeps nothing when all of it comes again', { failed: ['1'], unreadable: ['2', '3'] }, '1', []],
  ])('%s', async (_, batch, earliest, calls) => {
    expect(await outcomeOf(batch)).toStrictEqual({ earliest, calls });
  });
});
