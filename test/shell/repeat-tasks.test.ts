/** Tasks of publishing again on their way through SQS. */

import { describe, expect, it } from 'vitest';
import {
  parseRepeatTask,
  printTaskRanges,
  type RepeatTask,
  readTaskRanges,
} from '../../lib/shell/repeat-tasks.ts';

const TASK: RepeatTask = {
  segment: 0,
  totalSegments: 3,
  cursor: undefined,
  startedAt: '1800000000000000',
  itemCount: 0,
  dueCount: 0,
  continuationCount: 0,
  waitCount: 0,
  table: 'transfers',
  ranges: [{ from: '-5', to: '1800000000000000' }],
  purgeRanges: [{ from: '0', to: '7' }],
};

describe('a task of publishing again', () => {
  it.each(['accounts', 'transfers'] as const)('of the table of %s is read back', (table) => {
    expect(parseRepeatTask(JSON.stringify({ ...TASK, table }))).toStrictEqual({ ...TASK, table });
  });

  it.each<[string, object]>([
    ['another table', { table: 'others' }],
    ['no ranges', { ranges: undefined }],
    ['no ranges of purges', { purgeRanges: undefined }],
    ['a range without an end', { ranges: [{ from: '1' }] }],
    ['an end as a number', { ranges: [{ from: '1', to: 5 }] }],
    ['an end that has a word before', { ranges: [{ from: 'at 1', to: '5' }] }],
    ['an end that has a word after', { purgeRanges: [{ from: '1', to: '5 us' }] }],
    ['an end that is no integer', { purgeRanges: [{ from: '1.5', to: '5' }] }],
    ['a segment that there is not', { segment: 3 }],
  ])('is none with %s', (_, change) => {
    expect(() => parseRepeatTask(JSON.stringify({ ...TASK, ...change }))).toThrow();
  });

  it('has ranges of any time, exactly', () => {
    const ranges = [{ from: -5n, to: 2n ** 63n - 1n }];
    expect(readTaskRanges(printTaskRanges(ranges))).toStrictEqual(ranges);
  });
});
