import { describe, expect, it } from 'vitest';
import { Feed } from '../../../lib/operations/console/feed.ts';

const anIncoming = (body: string) => ({ kind: 'in', messageId: 'm1', body }) as const;

describe('The feed of the console', () => {
  it('has the fields of a message as texts, with all digits', () => {
    const feed = new Feed(() => 7);
    const body = '{"type":"PrepareTransfer","debtor_id":-9223372036854775808,"recipient":"0"}';
    feed.add(anIncoming(body));
    expect(feed.after(0)).toStrictEqual([
      {
        seq: 1,
        at: 7,
        kind: 'in',
        type: 'PrepareTransfer',
        fields: { debtor_id: '-9223372036854775808', recipient: '0' },
        reason: '',
        label: 'm1',
        hasBody: true,
      },
    ]);
    expect(feed.bodyOf(1)).toBe(body);
  });

  it.each(['hello', '17', 'null', '[]', '{"type":5}'])('takes anything that anybody may send: %s', (body) => {
    const feed = new Feed(() => 7);
    feed.add(anIncoming(body));
    expect([feed.after(0).map(({ type }) => type), feed.bodyOf(1)]).toStrictEqual([[''], body]);
  });

  it('names the function that a fault came over', () => {
    const feed = new Feed(() => 7);
    feed.add({ kind: 'fault', functionLabel: 'process-messages', sentence: 'was killed on purpose.' });
    expect(feed.after(0)).toMatchObject([
      { kind: 'fault', label: 'process-messages', reason: 'was killed on purpose.', hasBody: false },
    ]);
  });

  it('gives what came after an entry, and keeps the latest', () => {
    const feed = new Feed(() => 7);
    for (let count = 0; count < 12_000; count += 1) {
      feed.add(anIncoming('{}'));
    }
    expect(feed.after(11_998).map(({ seq }) => seq)).toStrictEqual([11_999, 12_000]);
    expect(feed.after(12_000)).toStrictEqual([]);
    expect([feed.after(0).length, feed.after(0).at(0)?.seq]).toStrictEqual([5_000, 7_001]);
  });

  it('calls its listeners until they have enough', () => {
    const feed = new Feed(() => 7);
    let count = 0;
    const stop = feed.listen(() => {
      count += 1;
    });
    feed.add(anIncoming('{}'));
    stop();
    feed.add(anIncoming('{}'));
    expect(count).toBe(1);
  });
});
