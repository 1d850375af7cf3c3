/** Lambda's failure notices: which of them become work, and when they are deleted. */

import { describe, expect, it } from 'vitest';
import { parseTimestamp } from '../../lib/protocol/timestamps.ts';
import type { TakenNotice } from '../../lib/shell/notice-queue.ts';
import type { RepeatTask } from '../../lib/shell/repeat-tasks.ts';
import type { SweepTask } from '../../lib/shell/sweep.ts';
import { takeNotices } from '../../lib/shell/take-notices.ts';
import { NOW } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { TestTelemetry } from '../support/shell-surroundings.ts';

interface NoticeParts {
  readonly functionName?: string;
  readonly table?: string;
  readonly from?: string;
  readonly to?: string;
}

function aNotice({ functionName = 'PublishEvents', table = 'Accounts', from, to }: NoticeParts = {}): string {
  return JSON.stringify({
    requestContext: {
      functionArn: `arn:aws:lambda:x:1:function:Stack-${functionName}0A1B-xyz`,
      condition: 'RecordAgeExceeded',
    },
    DDBStreamBatchInfo: {
      streamArn: `arn:aws:dynamodb:x:1:table/${table}/stream/2026-01-01T00:00:00.000`,
      shardId: 'shardId-1',
      startSequenceNumber: '1',
      endSequenceNumber: '2',
      batchSize: 2,
      approximateArrivalOfFirstRecord: from,
      approximateArrivalOfLastRecord: to,
    },
  });
}

const AT_EIGHT = { from: '2027-01-14T08:00:00Z', to: '2027-01-14T08:10:00Z' };

class World {
  readonly log: string[] = [];
  readonly sent: RepeatTask[] = [];
  readonly telemetry = new TestTelemetry();
  readonly counts: Record<string, number> = { accounts: 1, transfers: 120_000 };
  taskCount = 0;
  canSend = true;
  timeLeft = 1_000;
  /** How often the queue was asked for notices. */
  takeCount = 0;
  #waiting: TakenNotice[];

  constructor(...bodies: readonly string[]) {
    this.#waiting = bodies.map((body, index) => ({ body, receiptHandle: String(index) }));
  }

  take(): Promise<void> {
    return takeNotices({
      ...anInvocation({ telemetry: this.telemetry, hasTime: () => this.timeLeft-- > 0 }),
      queue: {
        countTasks: async () => this.taskCount,
        send: async (tasks: readonly SweepTask[]) => {
          if (!this.canSend) {
            throw new Error('no');
          }
          this.log.push(`sent ${tasks.length}`);
          this.sent.push(...(tasks as RepeatTask[]));
        },
      },
      notices: {
        take: async () => {
          this.takeCount += 1;
          return this.#waiting.splice(0, 10);
        },
        delete: async (notices) => {
          this.log.push(`deleted ${notices.map(({ receiptHandle }) => receiptHandle)}`);
        },
      },
      accountsTableName: 'Accounts',
      writesPerSecond: 500,
      scan: { countItems: async (table) => this.counts[table] ?? 0 },
    });
  }
}

function micros(text: string): string {
  return String(parseTimestamp(text));
}

/** The time of `AT_EIGHT`, with a quarter of an hour around it. */
const AROUND_EIGHT = { from: micros('2027-01-14T07:45:00Z'), to: micros('2027-01-14T08:25:00Z') };

describe('Notices of publish-events', () => {
  it('become tasks of both tables, which are stored before the notices are deleted', async () => {
    const world = new World(aNotice(AT_EIGHT), aNotice({ table: 'Transfers', ...AT_EIGHT }));
    await world.take();
    expect(world.log).toStrictEqual(['sent 4', 'deleted 0,1']);
    const start = {
      cursor: undefined,
      startedAt: String(NOW),
      itemCount: 0,
      dueCount: 0,
      continuationCount: 0,
      waitCount: 0,
    };
    const ofTransfers = { table: 'transfers', ranges: [AROUND_EIGHT], purgeRanges: [AROUND_EIGHT] };
    expect(world.sent).toStrictEqual([
      { segment: 0, totalSegments: 1, ...start, table: 'accounts', ranges: [AROUND_EIGHT], purgeRanges: [] },
      { segment: 0, totalSegments: 3, ...start, ...ofTransfers },
      { segment: 1, totalSegments: 3, ...start, ...ofTransfers },
      { segment: 2, totalSegments: 3, ...start, ...ofTransfers },
    ]);
    expect(world.telemetry.counts).toStrictEqual({ 'Notices.publish-events': 2, 'Again.started': 1 });
    expect(world.telemetry.log.at(-1)?.details).toStrictEqual({
      noticeCount: 2,
      taskCount: 4,
      ranges: JSON.stringify([AROUND_EIGHT]),
    });
  });

  it('about transfers need only their table', async () => {
    const world = new World(aNotice({ table: 'Transfers', ...AT_EIGHT }));
    await world.take();
    expect(world.sent.map(({ table, purgeRanges }) => [table, purgeRanges])).toStrictEqual([
      ['transfers', []],
      ['transfers', []],
      ['transfers', []],
    ]);
  });

  it('are merged when their times are close', async () => {
    const world = new World(
      ...Array.from({ length: 25 }, (_, hour) =>
        aNotice({ table: 'Transfers', from: AT_EIGHT.from, to: `2027-01-14T${10 + (hour % 10)}:00:00Z` }),
      ),
      aNotice({ table: 'Transfers', from: '2027-01-10T00:00:00Z', to: '2027-01-10T00:00:00Z' }),
    );
    await world.take();
    expect(world.sent[0]?.ranges).toStrictEqual([
      { from: micros('2027-01-09T23:45:00Z'), to: micros('2027-01-10T00:15:00Z') },
      { from: AROUND_EIGHT.from, to: micros('2027-01-14T19:15:00Z') },
    ]);
  });

  it('that do not say when may be about anything of the last 15 days', async () => {
    const world = new World(aNotice({ table: 'Transfers' }));
    await world.take();
    expect(world.sent[0]?.ranges).toStrictEqual([
      { from: micros('2026-12-31T07:45:00Z'), to: micros('2027-01-15T08:15:00Z') },
    ]);
  });

  it('wait while publishing again is still under way', async () => {
    const world = new World(aNotice(AT_EIGHT));
    world.taskCount = 1;
    await world.take();
    expect(world.log).toStrictEqual([]);
    expect(world.telemetry.counts).toStrictEqual({ 'Notices.postponed': 1 });
    expect(world.telemetry.log.map(({ details }) => details)).toStrictEqual([{ taskCount: 1 }]);
  });

  it('come again when their tasks could not be stored', async () => {
    const world = new World(aNotice(AT_EIGHT));
    world.canSend = false;
    await expect(world.take()).rejects.toThrow('no');
    expect(world.log).toStrictEqual([]);
  });

  it('beyond the time that there is wait for the next time', async () => {
    const world = new World(...Array.from({ length: 25 }, () => aNotice(AT_EIGHT)));
    world.timeLeft = 2;
    await world.take();
    expect(world.telemetry.counts['Notices.publish-events']).toBe(20);
  });

  it('are asked for until none come', async () => {
    const world = new World(...Array.from({ length: 25 }, () => aNotice(AT_EIGHT)));
    await world.take();
    expect([world.takeCount, world.telemetry.counts['Notices.publish-events']]).toStrictEqual([4, 25]);
  });

  it('beyond 5,000 wait for the next time', async () => {
    const world = new World(...Array.from({ length: 5_010 }, () => aNotice(AT_EIGHT)));
    await world.take();
    expect(world.telemetry.counts['Notices.publish-events']).toBe(5_000);
  });
});

describe('Other notices', () => {
  it('about credits are only told of, since the sweep over transfers makes the credits', async () => {
    const world = new World(aNotice({ functionName: 'CreditRecipients', table: 'Transfers', ...AT_EIGHT }));
    await world.take();
    expect(world.log).toStrictEqual(['deleted 0']);
    expect(world.telemetry.counts).toStrictEqual({ 'Notices.credit-recipients': 1 });
    expect(world.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'A function has given up stream records.',
        details: {
          functionName: 'credit-recipients',
          table: 'Transfers',
          shardId: 'shardId-1',
          batchSize: 2,
          condition: 'RecordAgeExceeded',
        },
      },
    ]);
  });

  it('of a function by another name are treated like those of publish-events', async () => {
    const world = new World(aNotice({ functionName: 'Somebody', table: 'Transfers', ...AT_EIGHT }));
    await world.take();
    expect([world.sent.length, world.telemetry.counts['Notices.other']]).toStrictEqual([3, 1]);
  });

  it('that are none stay in the queue', async () => {
    const world = new World('{}', aNotice({ functionName: 'CreditRecipients' }));
    await world.take();
    expect(world.log).toStrictEqual(['deleted 1']);
    expect(world.telemetry.counts['Notices.unknown']).toBe(1);
    expect(world.telemetry.log[0]).toStrictEqual({
      level: 'warn',
      message: 'A message in the queue of failure notices is none.',
      details: { bytes: 2 },
    });
  });
});
