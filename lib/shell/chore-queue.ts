/** The queue of chores: work on one account that is due after a while, which is to announce its deferred balance changes. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { MAX_TIMESTAMP, type Timestamp } from '../protocol/timestamps.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { parseAccountKey } from '../storage/account-codec.ts';
import { sendBatches, toQueue, type Unsent } from './batch-calls.ts';

/** To announce the changes of an account that are pending since an instant. */
export interface Chore {
  readonly account: AccountKey;
  /** The account's `pendingUpdateSince` when the chore was made due. */
  readonly since: Timestamp;
}

export interface ChoreQueue {
  /**
   * @param hasTime whether there is time for another call
   * @returns the chores that could not be sent, or of which that is not known
   */
  readonly send: (chores: readonly Chore[], hasTime?: () => boolean) => Promise<readonly Unsent<Chore>[]>;
}

export function sqsChoreQueue(client: SQSClient, queueUrl: string, delaySeconds: number): ChoreQueue {
  const DelaySeconds = Math.round(delaySeconds);
  const call = {
    entryOf: (chore: Chore) => ({ MessageBody: printChore(chore), DelaySeconds }),
    send: toQueue(client, queueUrl),
  };
  return {
    send: (chores, hasTime = () => true) => sendBatches(chores, { ...call, hasTime }),
  };
}

/** Of several chores of one account, that of the latest instant does the work of all. */
export function latestChore(chores: readonly Chore[]): Chore {
  return chores.reduce((a, b) => (b.since > a.since ? b : a));
}

export function printChore({ account, since }: Chore): string {
  return JSON.stringify({ chore: 'announce', account: printAccountKey(account), since: String(since) });
}

/**
 * A chore that an older release has sent has no instant, and announces whatever is pending.
 * @throws {Error} when the text is not a chore that `printChore` writes
 */
export function parseChore(body: string): Chore {
  const { account, since } = JSON.parse(body);
  return { account: parseAccountKey(account), since: since === undefined ? MAX_TIMESTAMP : BigInt(since) };
}
