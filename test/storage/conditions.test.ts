/** The conditions of writes. Other tests show on a table that they prevent the races. */

import { describe, expect, it } from 'vitest';
import { accountUnchanged, recordUnchanged } from '../../lib/storage/conditions.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aCreditedTransfer,
  aDismissedTransfer,
  anAccount,
  aPreparation,
  aRejectedTransfer,
  aTombstone,
  aTransfer,
} from '../support/builders.ts';

const NOT_THERE = {
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': 'account' },
};

describe('the condition on an account', () => {
  it('is that there is none, where none was loaded', () => {
    expect(accountUnchanged(undefined)).toStrictEqual(NOT_THERE);
  });

  it('is that its version is the one that was loaded', () => {
    expect(accountUnchanged(anAccount({ version: 1_790_000_000_000_007n }))).toStrictEqual({
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': 1_790_000_000_000_007n },
    });
  });
});

describe('the condition on an item of the transfers table', () => {
  it('is that there is none, where none was loaded', () => {
    expect(recordUnchanged(undefined)).toStrictEqual(NOT_THERE);
  });

  it.each([
    ['rejected', aRejectedTransfer()],
    ['dismissed', aDismissedTransfer()],
    ['committed', aCommittedTransfer()],
    ['credited', aCreditedTransfer()],
    ['config-rejected', aConfigRejection()],
    ['purged', aTombstone()],
  ])('is that its status is the one that was loaded: %s', (status, record) => {
    expect(recordUnchanged(record)).toStrictEqual({
      ConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
    });
  });

  it('is, for a prepared transfer, also that it was not announced again meanwhile', () => {
    const preparation = aPreparation({ announcedAt: 1_800_604_800_000_000n });
    expect(recordUnchanged(aTransfer({ preparation }))).toStrictEqual({
      ConditionExpression: '#status = :status AND #announcedAt = :announcedAt',
      ExpressionAttributeNames: { '#status': 'status', '#announcedAt': 'announcedTs' },
      ExpressionAttributeValues: { ':status': 'prepared', ':announcedAt': 1_800_604_800_000_000n },
    });
  });
});
