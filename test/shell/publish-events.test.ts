/** Changes of the tables on their way to the topics: what is published, and what comes again when it could not be. */

import type { PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { parseOutgoingMessage } from '../../lib/protocol/codec.ts';
import type { Topic } from '../../lib/protocol/routing.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import type { Chore } from '../../lib/shell/chore-queue.ts';
import { snsEventTopics, type TopicEntry } from '../../lib/shell/event-topics.ts';
import { publishEvents, publishRecords } from '../../lib/shell/publish-events.ts';
import type { FailureKind } from '../../lib/shell/send-failures.ts';
import { handleBatch } from '../../lib/shell/stream-batch.ts';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { type ItemChange, type StreamRecord, sequenceNumberOf } from '../../lib/storage/stream-record.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aDeletedAccount,
  anAccount,
  aRootAccount,
  aTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  DEFAULT_SETTINGS,
  NOW,
  RECIPIENT_ID,
} from '../support/builders.ts';
import { ENOUGH_TIME, TestTelemetry } from '../support/shell-surroundings.ts';

type Images = ReturnType<ItemChange['images']>;

function change(sequenceNumber: string, images: Images): ItemChange {
  return { sequenceNumber, recordedAt: NOW, images: () => images };
}

function accountChange(
  sequenceNumber: string,
  before = anAccount(),
  after = anAccount({ announcedAt: NOW }),
) {
  return change(sequenceNumber, { table: 'accounts', before, after });
}

/** The account has changes to announce, since this instant. */
function pendingChange(sequenceNumber: string, creditorId: bigint, since = NOW): ItemChange {
  const before = anAccount({ creditorId });
  return accountChange(sequenceNumber, before, { ...before, principal: 1n, pendingUpdateSince: since });
}

class World {
  readonly published: { readonly topic: Topic; readonly entry: TopicEntry }[] = [];
  readonly chores: string[][] = [];
  readonly telemetry = new TestTelemetry();
  /** Why no topic takes the messages of changes, by their sequence numbers. */
  readonly unpublished = new Map<string, FailureKind>();
  /** Topics that take nothing. */
  readonly down = new Set<Topic>();
  /** Accounts whose chores no queue takes, for this reason. */
  readonly unsent = new Map<string, FailureKind>();

  /** @returns what is to come again; of what can't be read, sequence number and reason */
  async publish(...changes: readonly ItemChange[]): Promise<readonly string[]> {
    const { failed, unreadable } = await publishEvents(changes, {
      topics: {
        publish: async (topic, entries) => {
          this.published.push(...entries.map((entry) => ({ topic, entry })));
          return entries.flatMap((item) => {
            const kind = this.down.has(topic) ? 'denied' : this.unpublished.get(item.origin);
            return kind === undefined ? [] : [{ item, kind, reason: `why ${item.origin}` }];
          });
        },
      },
      chores: {
        send: async (chores: readonly Chore[]) => {
          this.chores.push(chores.map(({ account, since }) => `${printAccountKey(account)} ${since - NOW}`));
          return chores.flatMap((item) => {
            const kind = this.unsent.get(printAccountKey(item.account));
            return kind === undefined ? [] : [{ item, kind, reason: 'why' }];
          });
        },
      },
      settings: DEFAULT_SETTINGS,
      telemetry: this.telemetry,
      hasTime: ENOUGH_TIME,
    });
    return [...failed, ...unreadable.map(({ sequenceNumber, reason }) => `${sequenceNumber}: ${reason}`)];
  }

  /** Topic and type of what was published, in order. */
  get types(): readonly string[] {
    return this.published.map(({ topic, entry }) => `${topic} ${parseOutgoingMessage(entry.body).type}`);
  }
}

describe('changes', () => {
  it('are published to the topic of their message, with its attributes', async () => {
    const world = new World();
    const root = aRootAccount();
    const failed = await world.publish(
      accountChange('1'),
      accountChange('2', root, { ...root, announcedAt: NOW }),
      change('3', { table: 'transfers', before: undefined, after: aTransfer() }),
      change('4', { table: 'transfers', before: aTransfer(), after: aCommittedTransfer() }),
      change('5', { table: 'transfers', before: undefined, after: aConfigRejection() }),
      change('6', { table: 'accounts', before: aDeletedAccount(), after: undefined }),
    );
    expect(failed).toStrictEqual([]);
    expect(world.types.toSorted()).toStrictEqual([
      'to_coordinators FinalizedTransfer',
      'to_coordinators PreparedTransfer',
      'to_creditors AccountPurge',
      'to_creditors AccountTransfer',
      'to_creditors AccountUpdate',
      'to_creditors RejectedConfig',
      'to_debtors AccountUpdate',
    ]);
    const toDebtors = world.published.find(({ topic }) => topic === 'to_debtors');
    expect(toDebtors?.entry.attributes).toStrictEqual({
      type: 'AccountUpdate',
      debtor_id: '1',
      creditor_id: '0',
      routing_key: '00.00.00.00.00.00.00.01',
    });
    expect(world.telemetry.counts).toStrictEqual({
      'Events.AccountUpdate': 2,
      'Events.PreparedTransfer': 1,
      'Events.FinalizedTransfer': 1,
      'Events.AccountTransfer': 1,
      'Events.RejectedConfig': 1,
      'Events.AccountPurge': 1,
    });
  });

  it('that are no news are not published', async () => {
    const world = new World();
    const credited = { table: 'transfers', before: aCommittedTransfer(), after: undefined } as const;
    expect(
      await world.publish(accountChange('1', anAccount(), anAccount()), change('2', credited)),
    ).toStrictEqual([]);
    expect(world.published).toStrictEqual([]);
  });

  it('that could not be published are reported, with all their messages', async () => {
    const world = new World();
    world.unpublished.set('2', 'unavailable');
    const failed = await world.publish(
      accountChange('1'),
      change('2', { table: 'transfers', before: aTransfer(), after: aCommittedTransfer() }),
      accountChange('3'),
    );
    expect(failed).toStrictEqual(['2']);
  });

  it('that can not be read do not hold up the others', async () => {
    const world = new World();
    const broken: ItemChange = {
      sequenceNumber: '2',
      recordedAt: NOW,
      images: () => {
        throw new Error('broken image');
      },
    };
    expect(await world.publish(accountChange('1'), broken, accountChange('3'))).toStrictEqual([
      '2: Error: broken image',
    ]);
    expect(world.types).toStrictEqual(['to_creditors AccountUpdate', 'to_creditors AccountUpdate']);
    expect(world.telemetry.counts).toMatchObject({ 'Events.unreadable': 1 });
    expect(world.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'A change can not be turned into messages.',
        details: { sequenceNumber: '2', error: new Error('broken image') },
      },
    ]);
  });

  it('that say what no message can are told of like those that can not be read', async () => {
    const world = new World();
    const told = await world.publish(
      accountChange('1', undefined, anAccount({ announcedAt: NOW, interestRate: Number.NaN })),
      accountChange('2'),
    );
    expect(told).toStrictEqual(['1: RangeError: JSON has no number NaN']);
    expect(world.types).toStrictEqual(['to_creditors AccountUpdate']);
  });
});

/** A change with messages to coordinators and to creditors, and one with a message to debtors. */
const committed = (sequenceNumber: string) =>
  change(sequenceNumber, { table: 'transfers', before: aTransfer(), after: aCommittedTransfer() });
const rootChange = (sequenceNumber: string) =>
  change(sequenceNumber, {
    table: 'accounts',
    before: aRootAccount(),
    after: aRootAccount({ announcedAt: NOW }),
  });

function eachTo(count: number, make: (sequenceNumber: string) => ItemChange, first = 100): ItemChange[] {
  return Array.from({ length: count }, (_, index) => make(String(first + index)));
}

describe('while a topic takes nothing', () => {
  it('all comes again after one call to each topic of the first change', async () => {
    const world = new World();
    world.down.add('to_coordinators');
    const failed = await world.publish(...eachTo(30, committed), ...eachTo(30, rootChange, 200));
    expect(failed).toHaveLength(60);
    expect(world.types).toStrictEqual([
      ...Array.from({ length: 10 }, () => 'to_coordinators FinalizedTransfer'),
      ...Array.from({ length: 10 }, () => 'to_creditors AccountTransfer'),
    ]);
    expect(world.telemetry.counts).toStrictEqual({
      'Events.AccountTransfer': 10,
      'Publish.denied': 10,
      'Publish.untried': 70,
    });
    expect(world.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'Messages or chores of changes could not be sent.',
        details: { kind: 'denied', count: 10, sequenceNumber: '100', reason: 'why 100' },
      },
      {
        level: 'warn',
        message: 'Messages or chores of changes could not be sent.',
        details: { kind: 'untried', count: 70, sequenceNumber: '110', reason: 'why 100' },
      },
    ]);
  });

  it('nothing at all is published again when the first change needs only that topic', async () => {
    const world = new World();
    world.down.add('to_debtors');
    expect(await world.publish(rootChange('1'), ...eachTo(20, accountChange))).toHaveLength(21);
    expect(world.types).toStrictEqual(['to_debtors AccountUpdate']);
  });

  it('the others go on, until the first change is one that it did not take', async () => {
    const world = new World();
    world.down.add('to_debtors');
    const failed = await world.publish(accountChange('1'), rootChange('2'), accountChange('3'));
    expect(failed).toStrictEqual(['2']);
    expect(world.types.toSorted()).toStrictEqual([
      'to_creditors AccountUpdate',
      'to_creditors AccountUpdate',
      'to_debtors AccountUpdate',
    ]);
  });

  it('because of a later change, whose message went along, all goes on', async () => {
    const world = new World();
    world.unpublished.set('2', 'throttled');
    expect(await world.publish(accountChange('1'), accountChange('2'), rootChange('3'))).toStrictEqual(['2']);
    expect(world.types).toStrictEqual([
      'to_creditors AccountUpdate',
      'to_creditors AccountUpdate',
      'to_debtors AccountUpdate',
    ]);
  });

  it('chores count as a topic of their own', async () => {
    const world = new World();
    world.unsent.set(`${DEBTOR_ID}:${CREDITOR_ID}`, 'throttled');
    const failed = await world.publish(pendingChange('1', CREDITOR_ID), accountChange('2'));
    expect(failed).toStrictEqual(['1', '2']);
    expect(world.published).toStrictEqual([]);
    expect(world.telemetry.counts).toStrictEqual({ 'Publish.throttled': 1, 'Publish.untried': 1 });
  });
});

describe('a change whose message its topic refuses for its content', () => {
  it('is told of like one that can not be read, and the others go on', async () => {
    const world = new World();
    world.unpublished.set('1', 'refused').set('3', 'refused');
    expect(
      await world.publish(committed('1'), accountChange('2'), accountChange('3'), rootChange('4')),
    ).toStrictEqual(['1: refused: why 1', '3: refused: why 3']);
    expect(world.telemetry.counts).toStrictEqual({ 'Events.AccountUpdate': 2, 'Publish.refused': 3 });
  });
});

describe('accounts with changes to announce', () => {
  it('get one chore each, for the latest of their changes in the batch', async () => {
    const world = new World();
    await world.publish(
      pendingChange('1', CREDITOR_ID),
      pendingChange('2', RECIPIENT_ID),
      pendingChange('3', CREDITOR_ID, NOW + 1n),
    );
    expect(world.chores).toStrictEqual([[`${DEBTOR_ID}:${CREDITOR_ID} 1`, `${DEBTOR_ID}:${RECIPIENT_ID} 0`]]);
    expect(world.published).toStrictEqual([]);
  });

  it('get the chore of the latest instant, also where a clock went back', async () => {
    const world = new World();
    await world.publish(pendingChange('1', CREDITOR_ID, NOW + 5n), pendingChange('2', CREDITOR_ID));
    expect(world.chores).toStrictEqual([[`${DEBTOR_ID}:${CREDITOR_ID} 5`]]);
  });

  it('get no second one while the first is under way', async () => {
    const world = new World();
    const before = anAccount({ pendingUpdateSince: NOW });
    await world.publish(accountChange('1', before, { ...before, principal: 5n }));
    expect(world.chores.flat()).toStrictEqual([]);
  });

  it('come again, with all their changes, when their chore could not be sent', async () => {
    const world = new World();
    world.unsent.set(`${DEBTOR_ID}:${CREDITOR_ID}`, 'refused');
    const failed = await world.publish(
      pendingChange('1', CREDITOR_ID),
      pendingChange('2', RECIPIENT_ID),
      pendingChange('3', CREDITOR_ID, NOW + 1n),
    );
    expect(failed.toSorted()).toStrictEqual(['1', '3']);
    expect(world.telemetry.counts).toStrictEqual({ 'Publish.unavailable': 2 });
  });
});

describe('records of a stream', () => {
  it('are published as what they tell', async () => {
    const published: string[] = [];
    const outcome = await publishRecords(
      [
        {
          dynamodb: {
            SequenceNumber: '7',
            Keys: { account: { S: '1:1099511627777' } },
            NewImage: toWire(encodeAccount(anAccount({ announcedAt: NOW }))),
          },
        },
        {
          dynamodb: {
            SequenceNumber: '8',
            Keys: { account: { S: '1:1' } },
            NewImage: { account: { S: '1:1' } },
          },
        },
      ],
      {
        topics: {
          publish: async (topic, entries) => {
            published.push(...entries.map(({ attributes }) => `${topic} ${attributes.type}`));
            return [];
          },
        },
        chores: { send: async () => [] },
        settings: DEFAULT_SETTINGS,
        telemetry: new TestTelemetry(),
        hasTime: ENOUGH_TIME,
      },
    );
    expect(published).toStrictEqual(['to_creditors AccountUpdate']);
    expect(outcome.failed).toStrictEqual(new Set());
    expect(outcome.unreadable.map(({ sequenceNumber }) => sequenceNumber)).toStrictEqual(['8']);
  });
});

describe('a batch that takes longer than its function may', () => {
  it('is handed back from its earliest unpublished record, until all of it is out', async () => {
    const TIMEOUT_MS = 30_000;
    const TIME_TO_FINISH_MS = 15_000;
    const CALL_MS = 4_000;
    const records = Array.from({ length: 1_000 }, (_, index) => recordOf(String(1_000 + index)));
    const published = new Set<string>();
    const durations: number[] = [];
    let rest: readonly StreamRecord[] = records;
    while (rest.length > 0) {
      let now = 0;
      const client = {
        // Calls that are made at once take the time of one.
        send: async ({ input }: { readonly input: PublishBatchCommandInput }) => {
          const end = now + CALL_MS;
          await new Promise((resolve) => setImmediate(resolve));
          now = Math.max(now, end);
          for (const { Message = '' } of input.PublishBatchRequestEntries ?? []) {
            published.add(
              String((parseOutgoingMessage(Message) as { readonly creditorId: bigint }).creditorId),
            );
          }
          return {};
        },
      } as unknown as SNSClient;
      const batch = rest;
      const earliest = await handleBatch(
        batch,
        (all) =>
          publishRecords(all, {
            topics: snsEventTopics(client, { to_creditors: 'c', to_debtors: 'd', to_coordinators: 'k' }),
            chores: { send: async () => [] },
            settings: DEFAULT_SETTINGS,
            telemetry: new TestTelemetry(),
            hasTime: () => TIMEOUT_MS - now > TIME_TO_FINISH_MS,
          }),
        { keep: async () => [] },
      );
      durations.push(now);
      rest =
        earliest === undefined
          ? []
          : batch.slice(batch.findIndex((one) => sequenceNumberOf(one) === earliest));
      expect(rest.length).toBeLessThan(batch.length);
    }
    expect(published.size).toBe(1_000);
    // The first call is alone, to see whether the topic takes anything; three rounds of eight calls follow.
    expect(durations).toStrictEqual([16_000, 16_000, 16_000, 16_000]);
  });
});

/** The first announcement of an account of its own. */
function recordOf(SequenceNumber: string): StreamRecord {
  const account = anAccount({ creditorId: CREDITOR_ID + BigInt(SequenceNumber), announcedAt: NOW });
  const NewImage = toWire(encodeAccount(account));
  return { dynamodb: { SequenceNumber, Keys: { account: { S: printAccountKey(account) } }, NewImage } };
}
