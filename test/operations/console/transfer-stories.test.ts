import { describe, expect, it } from 'vitest';
import type { FeedEntry } from '../../../lib/operations/console/answers.ts';
import { FeedStore } from '../../../lib/operations/console/page/feed-store.ts';
import { matcher } from '../../../lib/operations/console/page/search.ts';
import { isUndecided } from '../../../lib/operations/console/page/transfer-stories.ts';

const NAMES = { debtor_id: '1', creditor_id: '7', coordinator_type: 'direct', coordinator_id: '7' };

/** Numbers entries as they come. */
function entriesOf(
  ...parts: readonly (readonly [FeedEntry['kind'], string, Record<string, string>])[]
): readonly FeedEntry[] {
  return parts.map(([kind, type, fields], index) => ({
    ...{ seq: index + 1, at: index, kind, type, reason: '', label: `m${index + 1}`, hasBody: true },
    fields: { ...NAMES, ...fields },
  }));
}

const REQUEST = { coordinator_request_id: '5' };
const PAYMENT = entriesOf(
  ['in', 'PrepareTransfer', { ...REQUEST, recipient: '8', max_locked_amount: '30' }],
  ['out', 'PreparedTransfer', { ...REQUEST, recipient: '8', locked_amount: '30' }],
  ['in', 'FinalizeTransfer', { ...REQUEST, transfer_note: 'For Tea' }],
  ['out', 'FinalizedTransfer', { ...REQUEST, ts: 'T', committed_amount: '20', status_code: 'OK' }],
  ['out', 'AccountTransfer', { committed_at: 'T', acquired_amount: '-20' }],
  ['out', 'AccountTransfer', { committed_at: 'T', acquired_amount: '20', creditor_id: '8' }],
);

function storyAfter(entries: readonly FeedEntry[]) {
  const store = new FeedStore();
  store.add(entries);
  return store.stories.find('1/direct/7/5');
}

describe('The story of a transfer', () => {
  it.each([
    [1, 'requested', '30'],
    [2, 'prepared', '30'],
    [4, 'committed', '20'],
    [5, 'committed', '20'],
    [6, 'credited', '20'],
  ])('after %d messages is that it is %s', (count, state, amount) => {
    expect(storyAfter(PAYMENT.slice(0, count))).toMatchObject({ state, amount, sender: '7', recipient: '8' });
  });

  it.each([
    [1, []],
    [2, ['PreparedTransfer']],
    [3, ['PreparedTransfer']],
    [4, []],
    [6, []],
  ])('after %d messages lets it be committed or dismissed by: %j', (count, types) => {
    const store = new FeedStore();
    store.add(PAYMENT.slice(0, count));
    const undecided = store.entries.filter((entry) => isUndecided(entry, store.stories));
    expect(undecided.map(({ type }) => type)).toStrictEqual(types);
  });

  it.each([
    ['1:7', true],
    ['1/8', true],
    ['1:9', false],
    ['20', true],
    ['credited for tea', true],
    ['credited for coffee', false],
    ['1/direct/7/5', true],
    ['prepared', false],
    ['', true],
  ])('is found by what is shown of it: "%s"', (typed, isFound) => {
    expect(matcher(typed)(storyAfter(PAYMENT)?.words ?? '')).toBe(isFound);
  });

  it.each([5, 6])('is that of the notices of its payment, as soon as that is known: %d', (seq) => {
    const store = new FeedStore();
    store.add(PAYMENT.slice(4));
    const keyOfNotice = () =>
      store.entries.filter((entry) => entry.seq === seq).map((entry) => store.stories.keyOf(entry));
    expect(keyOfNotice()).toStrictEqual([undefined]);
    store.add(PAYMENT.slice(0, 4));
    expect(keyOfNotice()).toStrictEqual(['1/direct/7/5']);
  });

  it('is that it is refused when its request went to the dead letters', () => {
    const fields = { ...REQUEST, recipient: '8', max_locked_amount: '-5' };
    const [request, letter] = entriesOf(
      ['in', 'PrepareTransfer', fields],
      ['dead', 'PrepareTransfer', fields],
    ) as readonly [FeedEntry, FeedEntry];
    const reason = 'max_locked_amount: must be at least 0';
    expect(storyAfter([request, { ...letter, reason }])).toMatchObject({
      ...{ state: 'refused', recipient: '8', entries: [{ kind: 'in' }, { kind: 'dead', reason }] },
    });
  });

  it('stays prepared when only the message that decides went to the dead letters', () => {
    const letter = entriesOf(['dead', 'FinalizeTransfer', REQUEST]).map((entry) => ({ ...entry, seq: 3 }));
    expect(storyAfter([...PAYMENT.slice(0, 2), ...letter])).toMatchObject({ state: 'prepared' });
  });

  it('tells what was asked for when nothing was paid', () => {
    const [request, prepared, finalize] = PAYMENT as readonly [FeedEntry, FeedEntry, FeedEntry];
    const [rejected, dismissed] = entriesOf(
      ['out', 'RejectedTransfer', REQUEST],
      ['out', 'FinalizedTransfer', { ...REQUEST, committed_amount: '0', status_code: 'OK' }],
    ) as readonly [FeedEntry, FeedEntry];
    expect(storyAfter([request, { ...rejected, seq: 2 }])).toMatchObject({ state: 'rejected', amount: '30' });
    expect(storyAfter([request, prepared, finalize, { ...dismissed, seq: 4 }])).toMatchObject({
      ...{ state: 'dismissed', amount: '30' },
    });
  });

  it('is found by its amount as it is written', () => {
    const request = entriesOf(['in', 'PrepareTransfer', { ...REQUEST, max_locked_amount: '2500' }]);
    const words = storyAfter(request)?.words ?? '';
    expect(['2,500', '2500'].map((typed) => matcher(typed)(words))).toStrictEqual([true, true]);
  });

  it('is the same in whatever order the messages come', () => {
    const story = storyAfter(PAYMENT.toReversed());
    expect([story?.state, story?.entries.map(({ seq }) => seq)]).toStrictEqual([
      'credited',
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it('has the ignored message that its log names by the ID alone', () => {
    const [finalize] = entriesOf(['in', 'FinalizeTransfer', REQUEST]);
    const ignored = { kind: 'ignored', type: 'FinalizeTransfer', fields: {}, seq: 2, label: 'm1' } as const;
    const entries = [finalize as FeedEntry, { ...(finalize as FeedEntry), ...ignored }];
    expect(storyAfter(entries)).toMatchObject({ state: 'ignored', entries: [{ seq: 1 }, { seq: 2 }] });
  });
});

describe('The store of the page', () => {
  it('forgets the oldest messages, and transfers of which none is left', () => {
    const store = new FeedStore();
    store.add(PAYMENT);
    const others = Array.from({ length: 12_000 }, (_, index) => ({
      ...(PAYMENT[0] as FeedEntry),
      seq: index + 10,
      fields: { ...NAMES, coordinator_request_id: `${index + 10}` },
    }));
    for (let start = 0; start < others.length; start += 100) {
      store.add(others.slice(start, start + 100));
    }
    expect(store.entries.length).toBeGreaterThanOrEqual(5_000);
    expect(store.entries.length).toBeLessThanOrEqual(5_500);
    expect(store.stories.find('1/direct/7/5')).toBeUndefined();
    expect(store.stories.latest(20_000, () => true).length).toBe(store.entries.length);
    expect(store.stories.latest(1, () => true)[0]?.key).toBe('1/direct/7/12009');
  });

  it('begins anew when it is cleared', () => {
    const store = new FeedStore();
    store.add(PAYMENT);
    store.clear();
    expect([store.entries.length, store.lastSeq, store.stories.latest(9, () => true)]).toStrictEqual([
      0,
      0,
      [],
    ]);
  });
});
