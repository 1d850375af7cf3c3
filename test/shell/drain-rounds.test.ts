/** When a function goes on taking messages, and how many receives it makes next. */

import { describe, expect, it } from 'vitest';
import { type DrainProgress, mayTakeMore, receivesInNextRound } from '../../lib/shell/drain-rounds.ts';

const KB = 1_024;
const MB = KB * KB;

describe('An event', () => {
  it.each<readonly [string, number, readonly number[], boolean]>([
    ['that is full asks for more', 10, Array(10).fill(1), true],
    ['that is full of messages received five times asks for more', 10, Array(10).fill(5), true],
    ['with one that was received six times does not', 10, [...Array(9).fill(1), 6], false],
    ['that is not full does not', 10, Array(9).fill(1), false],
    ['without messages does not', 10, [], false],
  ])('%s', (_, fullEvent, receiveCounts, expected) => {
    expect(mayTakeMore(receiveCounts, fullEvent)).toBe(expected);
  });
});

describe('The next round', () => {
  const FIRST: DrainProgress = {
    messageCount: 10,
    byteCount: 5 * KB,
    receiveCount: 0,
    broughtCount: 0,
    shareOfTimeUsed: 0,
  };
  it.each<readonly [string, Partial<DrainProgress>, number]>([
    ['the first one is of two receives', {}, 2],
    ['one that brought all doubles', { messageCount: 30, receiveCount: 2, broughtCount: 20 }, 4],
    ['one that brought half doubles', { messageCount: 20, receiveCount: 2, broughtCount: 10 }, 4],
    [
      'one that brought less than half is the last',
      { messageCount: 19, receiveCount: 2, broughtCount: 9 },
      0,
    ],
    ['one that brought nothing is the last', { receiveCount: 2 }, 0],
    ['eight become sixteen', { messageCount: 150, receiveCount: 8, broughtCount: 80 }, 16],
    ['sixteen stay sixteen', { messageCount: 310, receiveCount: 16, broughtCount: 160 }, 16],
    [
      'it asks for no more than five thousand in all',
      { messageCount: 4_955, receiveCount: 16, broughtCount: 160 },
      4,
    ],
    ['five thousand are enough', { messageCount: 5_000, receiveCount: 16, broughtCount: 160 }, 0],
    ['more than five thousand are enough', { messageCount: 5_001, receiveCount: 16, broughtCount: 160 }, 0],
    [
      'it stops short of five thousand rather than go beyond',
      { messageCount: 4_991, receiveCount: 16, broughtCount: 160 },
      0,
    ],
    ['16 MB are enough', { byteCount: 16 * MB }, 0],
    // Ten messages of 250 KB: 2.5 MB for each receive.
    [
      'it asks for what 16 MB leave room for',
      { byteCount: 13 * MB, messageCount: 52, receiveCount: 2, broughtCount: 20 },
      1,
    ],
    ['a quarter of the time is enough', { shareOfTimeUsed: 0.25 }, 0],
    ['a little less than a quarter is not', { shareOfTimeUsed: 0.249 }, 2],
    ['messages without bodies need no room', { byteCount: 0 }, 2],
  ])('%s', (_, progress, expected) => {
    expect(receivesInNextRound({ ...FIRST, ...progress })).toBe(expected);
  });

  it('makes five thousand of a long backlog in 34 rounds', () => {
    let progress = FIRST;
    const rounds: number[] = [];
    for (let count = receivesInNextRound(progress); count > 0; count = receivesInNextRound(progress)) {
      rounds.push(count);
      progress = {
        ...progress,
        messageCount: progress.messageCount + 10 * count,
        receiveCount: count,
        broughtCount: 10 * count,
      };
    }
    expect(rounds).toStrictEqual([2, 4, 8, ...Array(30).fill(16), 5]);
    expect(progress.messageCount).toBe(5_000);
  });
});
