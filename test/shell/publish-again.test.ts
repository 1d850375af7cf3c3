/** Publishing again: which messages of a table go out, and what happens while they can't. */

import { describe, expect, it } from 'vitest';
import { parseOutgoingMessage } from '../../lib/protocol/codec.ts';
import type { UnpublishedEntry } from '../../lib/shell/event-topics.ts';
import { continuePublishingAgain } from '../../lib/shell/publish-again.ts';
import { parseRepeatTask, type RepeatTask } from '../../lib/shell/repeat-tasks.ts';
import type { FailureKind } from '../../lib/shell/send-failures.ts';
import type { SweepTask } from '../../lib/shell/sweep.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  anAccount,
  aTombstone,
  aTransfer,
  NOW,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { ENOUGH_TIME, TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const ALL_TIME = { from: '0', to: String(NOW * 2n) };
const TASK: RepeatTask = {
  segment: 0,
  totalSegments: 1,
  cursor: undefined,
  startedAt: String(NOW),
  itemCount: 0,
  dueCount: 0,
  continuationCount: 0,
  waitCount: 0,
  table: 'transfers',
  ranges: [ALL_TIME],
  purgeRanges: [],
};

class World {
  readonly ledger = new MemoryLedger();
  readonly published: string[] = [];
  readonly sent: (readonly [task: SweepTask, delaySeconds: number])[] = [];
  readonly telemetry = new TestTelemetry();
  readonly surroundings = new TestSurroundings();
  /** Why messages of these types are not taken. */
  readonly failures = new Map<string, FailureKind>();

  run(task: RepeatTask, hasTime = ENOUGH_TIME): Promise<boolean> {
    const { ledger, telemetry, surroundings } = this;
    return continuePublishingAgain(task, {
      ...anInvocation({ store: ledger.store, surroundings, telemetry, hasTime }),
      scan: ledger.scan,
      writesPerSecond: 500,
      queue: {
        countTasks: async () => 0,
        send: async (tasks, delaySeconds = 0) => {
          this.sent.push(...tasks.map((sent) => [sent, delaySeconds] as const));
        },
      },
      topics: {
        publish: async (topic, entries) =>
          entries.flatMap((item): UnpublishedEntry[] => {
            const { type } = parseOutgoingMessage(item.body);
            const kind = this.failures.get(type);
            if (kind !== undefined) {
              return [{ item, kind, reason: 'why' }];
            }
            this.published.push(`${topic} ${type}`);
            return [];
          }),
      },
    });
  }
}

describe('Publishing again', () => {
  it('publishes what the items of the table show for the time, and counts it', async () => {
    const world = new World();
    world.ledger.putRecord(
      aTransfer({ transferId: 1n }),
      aCommittedTransfer({ transferId: 2n }),
      aConfigRejection(),
    );
    await world.run(TASK);
    expect(world.published.toSorted()).toStrictEqual([
      'to_coordinators FinalizedTransfer',
      'to_coordinators PreparedTransfer',
      'to_coordinators PreparedTransfer',
      'to_creditors AccountTransfer',
      'to_creditors RejectedConfig',
    ]);
    expect(world.telemetry.counts).toMatchObject({ 'Again.published': 5, 'Sweep.again-transfers.items': 3 });
    expect(world.sent).toStrictEqual([]);
  });

  it('leaves out messages of other times', async () => {
    const world = new World();
    world.ledger.putRecord(
      aConfigRejection({ rejectedAt: NOW }),
      aConfigRejection({ transferId: -6n, rejectedAt: 5n }),
    );
    await world.run({ ...TASK, ranges: [{ from: String(NOW), to: String(NOW + 1n) }] });
    expect(world.published).toStrictEqual(['to_creditors RejectedConfig']);
    world.published.length = 0;
    await world.run({ ...TASK, ranges: [{ from: String(NOW - 1n), to: String(NOW) }] });
    expect(world.published).toStrictEqual([]);
  });

  it('takes AccountPurge from tombstones for the time of records of the accounts table', async () => {
    const world = new World();
    world.ledger.putRecord(aTombstone(), aConfigRejection());
    await world.run({ ...TASK, ranges: [], purgeRanges: [ALL_TIME] });
    expect(world.published).toStrictEqual(['to_creditors AccountPurge']);
    world.published.length = 0;
    await world.run(TASK);
    expect(world.published).toStrictEqual(['to_creditors RejectedConfig']);
  });

  it('takes the latest AccountUpdate of accounts', async () => {
    const world = new World();
    world.ledger.put(anAccount({ announcedAt: NOW }), anAccount({ creditorId: 7n, announcedAt: 0n }));
    await world.run({ ...TASK, table: 'accounts' });
    expect(world.published).toStrictEqual(['to_creditors AccountUpdate']);
    expect(world.telemetry.counts).toMatchObject({ 'Again.published': 1, 'Sweep.again-accounts.items': 2 });
  });

  it('leaves out accounts of which the latest AccountUpdate is of another time', async () => {
    const world = new World();
    world.ledger.put(
      anAccount({ announcedAt: NOW }),
      anAccount({ creditorId: 7n, announcedAt: NOW }),
      anAccount({ creditorId: 8n, announcedAt: NOW + 1n }),
    );
    await world.run({ ...TASK, table: 'accounts', ranges: [{ from: String(NOW), to: String(NOW + 1n) }] });
    expect(world.published).toStrictEqual(['to_creditors AccountUpdate', 'to_creditors AccountUpdate']);
  });

  it('leaves its task in the queue where nothing can be published', async () => {
    const world = new World();
    world.ledger.putRecord(aConfigRejection());
    world.failures.set('RejectedConfig', 'denied');
    expect([await world.run(TASK), world.sent]).toStrictEqual([false, []]);
    expect(world.telemetry.counts).toStrictEqual({
      'Again.denied': 1,
      'Sweep.again-transfers.postponed': 1,
    });
    expect(world.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'Publishing again waits, since messages can not be published now.',
        details: { kind: 'denied', reason: 'why' },
      },
    ]);
    expect(world.surroundings.pauses).toHaveLength(2);
  });

  it('publishes a page whole even when time is up, so that the page never begins again', async () => {
    const world = new World();
    const transfers = Array.from({ length: 300 }, (_, index) => aTransfer({ transferId: BigInt(index + 1) }));
    world.ledger.putRecord(...transfers);
    await world.run(TASK, () => false);
    expect(world.published).toHaveLength(300);
    expect(world.sent).toStrictEqual([]);
  });

  it('goes on past a message that its topic refuses for its content, and names it', async () => {
    const world = new World();
    world.ledger.putRecord(aConfigRejection(), aTransfer());
    world.failures.set('RejectedConfig', 'refused');
    await world.run(TASK);
    expect([world.published, world.sent]).toStrictEqual([['to_coordinators PreparedTransfer'], []]);
    expect(world.telemetry.counts).toMatchObject({
      'Again.refused': 1,
      'Again.lost': 1,
      'Again.published': 1,
    });
    expect(world.telemetry.log.find(({ level }) => level === 'warn')?.details).toStrictEqual({
      type: 'RejectedConfig',
      debtor_id: '1',
      creditor_id: '1099511627777',
      reason: 'why',
    });
  });

  it('goes on past an item that can not be read, and counts it as lost', async () => {
    const world = new World();
    world.ledger.putRecord(aConfigRejection());
    world.ledger.putItem('transfers', { account: '1:1', transferId: 1n, status: 'nonsense' });
    await world.run(TASK);
    expect(world.published).toStrictEqual(['to_creditors RejectedConfig']);
    expect(world.telemetry.counts).toMatchObject({ 'Again.lost': 1, 'Sweep.again-transfers.corrupt': 1 });
  });
});

describe('A task of publishing again', () => {
  it('is read back', () => {
    expect(parseRepeatTask(JSON.stringify(TASK))).toStrictEqual(TASK);
  });

  it.each([
    ['{}'],
    [JSON.stringify({ ...TASK, table: 'others' })],
    [JSON.stringify({ ...TASK, ranges: undefined })],
    [JSON.stringify({ ...TASK, purgeRanges: [{ from: 'soon', to: '5' }] })],
    [JSON.stringify({ ...TASK, segment: 1 })],
  ])('is refused when it is none: %s', (body) => {
    expect(() => parseRepeatTask(body)).toThrow();
  });
});
