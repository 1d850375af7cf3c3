/** All conditions of writes, each with the races that it prevents. */

import type { Account } from '../rules/account.ts';
import { hasStatus, type TransferRecord } from '../rules/transfer.ts';
import { VERSION_ATTRIBUTE } from './account-codec.ts';
import { CONFIG_REJECTION_STATUS } from './config-rejection-codec.ts';
import type { AttributeValue } from './fields.ts';
import { ACCOUNTS_TABLE } from './table-schema.ts';
import { TOMBSTONE_STATUS } from './tombstone-codec.ts';
import { STATE_ATTRIBUTES } from './transfer-codec.ts';

export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/**
 * Both tables have the same partition key. Prevents: two writers create one account, and the second wipes out what the
 * first recorded; a redelivered request locks its amount a second time; a hash collision overwrites another transfer.
 */
const NOT_THERE: Condition = {
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': ACCOUNTS_TABLE.partitionKey },
};

/**
 * The account is as it was loaded. Prevents: of two writers that decided from the same balance, the second undoes the
 * first; a late retry of a write with an unknown outcome applies it again; a purge removes what has just been credited.
 */
export function accountUnchanged(before: Account | undefined): Condition {
  return before === undefined
    ? NOT_THERE
    : {
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': VERSION_ATTRIBUTE },
        ExpressionAttributeValues: { ':version': before.version },
      };
}

/**
 * The item is as it was loaded. Prevents: a transfer is finalized twice, or credited twice by two deliveries of one
 * stream record; a reminder writes back `prepared` over a transfer that was finalized meanwhile.
 */
export function recordUnchanged(before: TransferRecord | undefined): Condition {
  if (before === undefined) {
    return NOT_THERE;
  }
  const status: Condition = {
    ConditionExpression: '#status = :status',
    ExpressionAttributeNames: { '#status': STATE_ATTRIBUTES.status },
    ExpressionAttributeValues: { ':status': statusOf(before) },
  };
  if (!hasStatus(before, 'prepared')) {
    return status;
  }
  // A prepared transfer changes without changing its status: two sweeps side by side must not both announce it.
  return {
    ConditionExpression: `${status.ConditionExpression} AND #announcedAt = :announcedAt`,
    ExpressionAttributeNames: {
      ...status.ExpressionAttributeNames,
      '#announcedAt': STATE_ATTRIBUTES.announcedAt,
    },
    ExpressionAttributeValues: {
      ...status.ExpressionAttributeValues,
      ':announcedAt': before.preparation.announcedAt,
    },
  };
}

/** The status under which the item is kept. What is no transfer never changes. */
function statusOf(record: TransferRecord): string {
  switch (record.kind) {
    case 'transfer':
      return record.status;
    case 'config-rejection':
      return CONFIG_REJECTION_STATUS;
    case 'tombstone':
      return TOMBSTONE_STATUS;
    default:
      return record satisfies never;
  }
}
