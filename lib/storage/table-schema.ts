/**
 * The two tables as DynamoDB sees them: their keys, the attribute that expires items, and the status that
 * stream filters select on. The item codecs define all other attributes.
 */

/** One item for each account, found by its account key. No sort key, no index. */
export const ACCOUNTS_TABLE = {
  partitionKey: 'account',
} as const;

/**
 * One item for each transfer, under its sender's account key. Positive sort keys are transfer IDs; negative ones are IDs of
 * rejected configurations, which reach their subscribers through the same stream.
 */
export const TRANSFERS_TABLE = {
  partitionKey: 'account',
  sortKey: 'transferId',
  timeToLive: 'expiresAt',
  status: 'status',
} as const;

/** The status of a transfer whose sender is debited and whose recipient is not credited yet. */
export const COMMITTED_STATUS = 'committed';
