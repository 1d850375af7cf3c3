import { describe, expect, it } from 'vitest';
import { Remaining, whyItRemains } from '../../../../lib/operations/peers/drain/remaining.ts';
import { aDeletedAccount, anAccount, aRootAccount, DEFAULT_SETTINGS } from '../../../support/builders.ts';

const CLOSED = { configFlags: 1, negligibleAmount: 1e30 };

describe('What remains of a drained peer', () => {
  it('is told by reason, in the order in which accounts go, and when time alone ends it', () => {
    const remaining = new Remaining();
    const accounts = [
      anAccount(),
      anAccount({ ...CLOSED, pendingTransfersCount: 1 }),
      aRootAccount({ configFlags: 1, principal: -5n }),
      // Configured on 2027-01-15; tried a week later.
      anAccount({ ...CLOSED, lastConfigTs: 1_800_000_000_000_000n }),
      // Tried in vain on that day; tried again two weeks later.
      anAccount({ ...CLOSED, lastDeletionAttemptTs: 1_800_000_000_000_000n }),
      aDeletedAccount({ clippedAmount: 1n }),
      // Deleted on 2027-01-01: 2 days, 90 days and 14 days later.
      aDeletedAccount(),
    ];
    for (const account of accounts) {
      remaining.add(whyItRemains(account, DEFAULT_SETTINGS));
    }
    expect([remaining.total, ...remaining.lines()]).toStrictEqual([
      7,
      '1: not scheduled for deletion',
      '1: scheduled for deletion, but something is locked on it',
      '1: the root account of a currency of which others hold some; it is deleted when all of it has come back',
      '2: scheduled for deletion, which is tried from 2027-01-22, the last from 2027-01-29',
      '1: deleted, and kept for ever, since its principal was once cut off',
      '1: deleted, and removed from 2027-04-17',
    ]);
  });

  it('is nothing when there are no accounts', () => {
    expect([...new Remaining().lines()]).toStrictEqual([]);
  });
});
