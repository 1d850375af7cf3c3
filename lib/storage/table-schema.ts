/**
 * The two tables as DynamoDB sees them: their keys, the attribute that expires items, and the status that
 * stream filters select on. How a whole item looks is the business of the item codecs beside this file.
 */

/** Accounts: one item an account, found by its account key alone. No sort key, no index. */
export const ACCOUNTS_TABLE = {
  partitionKey: 'account',
} as const;

/**
 * Transfers: one item a transfer, under its sender's account key. Positive sort keys are transfer IDs;
 * negative ones are rejected configurations, which take the same road to their subscribers.
 */
export const TRANSFERS_TABLE = {
  partitionKey: 'account',
  sortKey: 'transferId',
  timeToLive: 'expiresAt',
  status: 'status',
} as const;

/** The status of a transfer whose sender was debited and whose recipient was not credited yet. */
export const COMMITTED_STATUS = 'committed';
