import { describe, expect, it } from 'vitest';
import { ShardProgress } from '../../../lib/local/lambda/shard-progress.ts';

describe('Progress in a shard', () => {
  it('stays before the first record that is not finished', () => {
    const progress = new ShardProgress('4');
    for (const number of ['5', '6', '7', '8']) {
      progress.add(number);
    }
    progress.finish('6');
    expect(progress.position).toBe('4');
    progress.finish('5');
    expect(progress.position).toBe('6');
    progress.finish('8');
    progress.finish('7');
    expect(progress.position).toBe('8');
  });

  it('is nowhere before a first record is finished', () => {
    const progress = new ShardProgress(undefined);
    progress.add('1');
    expect(progress.position).toBe(undefined);
  });

  it('does not go back when a record is finished twice', () => {
    const progress = new ShardProgress(undefined);
    progress.add('1');
    progress.add('2');
    progress.finish('1');
    progress.finish('2');
    progress.finish('1');
    expect(progress.position).toBe('2');
  });
});
