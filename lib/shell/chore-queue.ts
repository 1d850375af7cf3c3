/** The queue of chores: work on one account that is due after a while, which is to announce its deferred balance changes. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { parseAccountKey } from '../storage/account-codec.ts';
import { sendBatches, toQueue, type Unsent } from './batch-calls.ts';

export interface ChoreQueue {
  /**
   * @param hasTime whether there is time for another call
   * @returns the accounts whose chore could not be sent, or of which that is not known
   */
  readonly send: (
    accounts: readonly AccountKey[],
    hasTime?: () => boolean,
  ) => Promise<readonly Unsent<AccountKey>[]>;
}

export function sqsChoreQueue(client: SQSClient, queueUrl: string, delaySeconds: number): ChoreQueue {
  const DelaySeconds = Math.round(delaySeconds);
  const call = {
    entryOf: (account: AccountKey) => ({ MessageBody: printChore(account), DelaySeconds }),
    send: toQueue(client, queueUrl),
  };
  return {
    send: (accounts, hasTime = () => true) => sendBatches(accounts, { ...call, hasTime }),
  };
}

export function printChore(account: AccountKey): string {
  return JSON.stringify({ chore: 'announce', account: printAccountKey(account) });
}

/** @throws {Error} when the text is not a chore that `printChore` writes */
export function parseChore(body: string): AccountKey {
  return parseAccountKey(JSON.parse(body).account);
}
