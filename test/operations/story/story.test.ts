import { describe, expect, it } from 'vitest';
import {
  describeAccount,
  eventsOfAccount,
  eventsOfRecord,
  LatestEvents,
  type StoryEvent,
} from '../../../lib/operations/story/story.ts';
import { printTimestamp } from '../../../lib/protocol/timestamps.ts';
import type { AccountKey } from '../../../lib/rules/account.ts';
import { aTombstone, DEFAULT_SETTINGS } from '../../support/builders.ts';
import { ALICE, aSampleLedger, BOB, CAROL, DAVE, ROOT } from '../../support/sample-ledger.ts';

function storyOf(key: AccountKey): string[] {
  const { world } = aSampleLedger();
  const events = new LatestEvents(100);
  for (const record of world.records.values()) {
    const isOwn = record.sender.creditorId === key.creditorId;
    const isIncoming = record.kind === 'transfer' && record.recipientId === key.creditorId;
    if (record.sender.debtorId === key.debtorId && (isOwn || isIncoming)) {
      events.add(eventsOfRecord(record, key));
    }
  }
  events.add(eventsOfAccount(world.account(key), DEFAULT_SETTINGS));
  return events.inOrder.map(print);
}

function print({ at, words, published }: StoryEvent): string {
  return [printTimestamp(at).slice(5, 16), words, ...published].join(' | ');
}

describe('The story of an account', () => {
  it('ends with its purge, of which the tombstone tells', () => {
    const [event] = eventsOfRecord(aTombstone(), aTombstone().sender);
    expect(event && print(event)).toBe(
      '01-15T08:00 | the account that was created on 2026-01-01 was purged | AccountPurge to to_creditors',
    );
  });

  it('tells what it sent, received, locked and was refused, with what was published', () => {
    expect(storyOf(ALICE)).toStrictEqual([
      '12-20T00:12 | received 1000 from the root account by transfer 4208024406318838867, committed at 2026-12-20T00:11:00+00:00, as number 1, after which the principal was 1000 | AccountTransfer to to_creditors',
      '12-20T00:20 | locked 100 for transfer 4479763790476627870 to account 1099511627778 (direct 1099511627777, request 1797726000000000), until 2027-03-20T00:20:00+00:00; last announced at 2026-12-20T00:20:00+00:00 | PreparedTransfer to to_coordinators',
      '12-20T00:21 | transfer 4479763790476627870 was committed: OK | FinalizedTransfer to to_coordinators',
      '12-20T00:21 | paid 100 to account 1099511627778 by transfer 4479763790476627870 of type direct, as number 2, after which the principal was 900 | AccountTransfer to to_creditors',
      '12-20T00:22 | transfer 4479763790476627870 reached the other account',
      '12-20T00:30 | locked 2 for transfer 1896897527381208054 to account 1099511627778 (direct 1099511627777, request 1797726600000000), until 2027-03-20T00:30:00+00:00; last announced at 2026-12-20T00:30:00+00:00 | PreparedTransfer to to_coordinators',
      '12-20T00:31 | transfer 1896897527381208054 was committed: OK | FinalizedTransfer to to_coordinators',
      '12-20T00:31 | paid 2 to account 1099511627778 by transfer 1896897527381208054 of type direct, as number 3, after which the principal was 898 | AccountTransfer to to_creditors',
      '12-20T00:32 | transfer 1896897527381208054 reached the other account',
      '12-20T00:42 | received 50 from account 1099511627778 by transfer 4452518853403429639, committed at 2026-12-20T00:41:00+00:00, as number 4, after which the principal was 948 | AccountTransfer to to_creditors',
      '12-20T00:50 | locked 2 for transfer 1674899284111232468 to account 1099511627779 (direct 1099511627777, request 1797727800000000), until 2027-03-20T00:50:00+00:00; last announced at 2026-12-20T00:50:00+00:00 | PreparedTransfer to to_coordinators',
      '12-20T00:51 | transfer 1674899284111232468 was committed: OK | FinalizedTransfer to to_coordinators',
      '12-20T00:51 | paid 2 to account 1099511627779 by transfer 1674899284111232468 of type direct, as number 5, after which the principal was 946 | AccountTransfer to to_creditors',
      '12-20T00:52 | transfer 1674899284111232468 reached the other account',
      '12-20T01:20 | locked 5 for transfer 3876503878382867171 to account 1099511627778 (direct 1099511627777, request 1797729600000000), until 2027-03-20T01:20:00+00:00; last announced at 2026-12-20T01:20:00+00:00 | PreparedTransfer to to_coordinators',
      '12-20T01:21 | transfer 3876503878382867171 was dismissed: OK | FinalizedTransfer to to_coordinators',
      '12-20T01:30 | was refused a transfer to account 1099511627778 (direct 1099511627777, request 1797730200000000): INSUFFICIENT_AVAILABLE_AMOUNT | RejectedTransfer to to_coordinators',
      '12-20T01:35 | a configuration of 2026-12-20T01:35:00+00:00 (seqnum 0) was rejected | RejectedConfig to to_creditors',
      '12-20T01:40 | locked 30 for transfer 4208670227538053278 to account 1099511627778 (direct 1099511627777, request 1797730800000000), until 2027-03-20T01:40:00+00:00; last announced at 2026-12-20T01:40:00+00:00 | PreparedTransfer to to_coordinators',
      '01-15T07:58 | locked 8 for transfer 6915487846911202630 to account 1099511627778 (direct 1099511627777, request 1799999880000000), until 2027-04-15T07:58:00+00:00; last announced at 2027-01-15T07:58:00+00:00 | PreparedTransfer to to_coordinators',
      '01-15T07:59 | transfer 6915487846911202630 was committed: OK | FinalizedTransfer to to_coordinators',
      '01-15T07:59 | paid 8 to account 1099511627778 by transfer 6915487846911202630 of type direct, as number 6, after which the principal was 938 | AccountTransfer to to_creditors',
      '01-15T07:59 | was announced | AccountUpdate to to_creditors',
    ]);
  });

  it('tells what came without a number', () => {
    expect(storyOf(BOB)).toStrictEqual([
      '12-20T00:22 | received 100 from account 1099511627777 by transfer 4479763790476627870, committed at 2026-12-20T00:21:00+00:00, as number 1, after which the principal was 100 | AccountTransfer to to_creditors',
      '12-20T00:32 | received 2 from account 1099511627777 by transfer 1896897527381208054, committed at 2026-12-20T00:31:00+00:00, without a number',
      '12-20T00:40 | locked 50 for transfer 4452518853403429639 to account 1099511627777 (direct 1099511627778, request 1797727200000000), until 2027-03-20T00:40:00+00:00; last announced at 2026-12-20T00:40:00+00:00 | PreparedTransfer to to_coordinators',
      '12-20T00:41 | transfer 4452518853403429639 was committed: OK | FinalizedTransfer to to_coordinators',
      '12-20T00:41 | paid 50 to account 1099511627777 by transfer 4452518853403429639 of type direct, as number 2, after which the principal was 52 | AccountTransfer to to_creditors',
      '12-20T00:41 | was announced | AccountUpdate to to_creditors',
      '12-20T00:42 | transfer 4452518853403429639 reached the other account',
      '01-15T07:59 | 8 under way from account 1099511627777 by transfer 6915487846911202630',
    ]);
  });

  it('tells of its deletion', () => {
    expect(storyOf(CAROL)).toStrictEqual([
      '12-20T00:52 | received 2 from account 1099511627777 by transfer 1674899284111232468, committed at 2026-12-20T00:51:00+00:00, as number 1, after which the principal was 2 | AccountTransfer to to_creditors',
      '01-09T00:00 | paid 2 to the root account by transfer 7185482982767119839 of type delete, as number 2, after which the principal was 0 | AccountTransfer to to_creditors',
      '01-09T00:00 | was announced | AccountUpdate to to_creditors',
      '01-09T00:01 | transfer 7185482982767119839 reached the other account',
    ]);
  });

  it('tells of interest', () => {
    expect(storyOf(DAVE)).toStrictEqual([
      '12-20T01:02 | received 1000000 from the root account by transfer 2633603492699999221, committed at 2026-12-20T01:01:00+00:00, as number 1, after which the principal was 1000000 | AccountTransfer to to_creditors',
      '01-05T00:00 | received 4172 from the root account by transfer 6960337790491837069 of type interest, as number 2, after which the principal was 1004172 | AccountTransfer to to_creditors',
      '01-05T00:00 | was announced | AccountUpdate to to_creditors',
      '01-09T00:01 | transfer 6960337790491837069 reached the other account',
    ]);
  });

  it('tells the present state in words', () => {
    const { world } = aSampleLedger();
    expect(describeAccount(world.account(CAROL))).toStrictEqual([
      'created on 2026-12-20, version 1797725040000003',
      'deleted at 2027-01-09T00:00:00+00:00',
      'principal 0, interest 0, interest rate 0 % (before: 0 %)',
      'locked: 0 by 0 prepared transfers',
      'last changed at 2027-01-09T00:00:00+00:00 (seqnum 3)',
      'last configured at 2026-12-20T01:50:00+00:00 (seqnum 0): flags 1, negligible amount 2, data ""',
      'last transfer number 2, committed at 2027-01-09T00:00:00+00:00',
      'interest last capitalized at 2026-12-20T00:04:00+00:00',
      'deletion last attempted at 2027-01-09T00:00:00+00:00',
      'no update is due',
    ]);
  });

  it('tells what is remarkable about the present state', () => {
    const { world } = aSampleLedger();
    const remarkable = { ...world.account(ROOT), clippedAmount: 5n, configFlags: 1, pendingUpdateSince: 0n };
    const usual = describeAccount(world.account(ROOT));
    expect(describeAccount(remarkable).filter((line) => !usual.includes(line))).toStrictEqual([
      'scheduled for deletion',
      'principal held at an end of int64; cut off: 5',
      'last configured at 2026-12-20T00:01:00+00:00 (seqnum 0): flags 1, negligible amount 1000000, data ""',
      'an update has been due since 1970-01-01T00:00:00+00:00',
    ]);
  });
});

describe('The latest events', () => {
  it('are kept in order, and the earlier ones counted', () => {
    const events = new LatestEvents(2);
    for (const at of [5n, 3n, 9n, 1n]) {
      events.add([{ at, words: `${at}`, published: [] }]);
    }
    expect([events.inOrder.map(({ words }) => words), events.droppedCount]).toStrictEqual([['5', '9'], 2]);
  });

  it('are kept in little memory', () => {
    const events = new LatestEvents(1);
    for (let at = 0n; at < 10_000n; at += 1n) {
      events.add([{ at, words: `${at}`, published: [] }]);
    }
    expect([events.inOrder.map(({ words }) => words), events.droppedCount]).toStrictEqual([['9999'], 9_999]);
  });

  it('of one instant stay in the order of their steps', () => {
    const events = new LatestEvents(3);
    events.add(['b', 'a', 'c'].map((words) => ({ at: 1n, words, published: [] })));
    expect(events.inOrder.map(({ words }) => words)).toStrictEqual(['b', 'a', 'c']);
  });
});
