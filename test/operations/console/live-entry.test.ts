import { describe, expect, it } from 'vitest';
import { withWords } from '../../../lib/operations/console/page/live-entry.ts';
import { matcher } from '../../../lib/operations/console/page/search.ts';

const ENTRY = withWords({
  ...{ seq: 1, at: Date.UTC(2027, 0, 15, 8, 0, 0, 7), kind: 'dead', type: 'PrepareTransfer' },
  fields: { debtor_id: '1', creditor_id: '4294967298', max_locked_amount: '-5' },
  ...{ reason: 'max_locked_amount: must be at least 0', label: '', hasBody: true },
});

describe('An entry of the feed', () => {
  it.each([
    '1:4294967298',
    '1/4294967298',
    'preparetransfer 1:42949',
    '✗ dead letter',
    '08:00:00.007',
    'must be at least',
    'creditor_id=4294967298',
    'max_locked_amount=-5',
  ])('is found by what is shown of it: %s', (typed) => {
    expect(matcher(typed)(ENTRY.words)).toBe(true);
  });

  it.each(['1:5', 'dead letters'])('is not found by what is not: %s', (typed) => {
    expect(matcher(typed)(ENTRY.words)).toBe(false);
  });
});
