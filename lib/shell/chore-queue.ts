/** The queue of chores: work on one account that is due after a while. Now: announcing its folded balance changes. */

import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { parseAccountKey } from '../storage/account-codec.ts';
import { inSlices, mapConcurrently } from './concurrency.ts';

export interface ChoreQueue {
  /** @returns the accounts whose chore could not be sent */
  readonly send: (accounts: readonly AccountKey[]) => Promise<readonly AccountKey[]>;
}

const MAX_ENTRIES = 10;
const CALLS_AT_ONCE = 8;

export function sqsChoreQueue(client: SQSClient, queueUrl: string, delaySeconds: number): ChoreQueue {
  const DelaySeconds = Math.round(delaySeconds);
  const sendCall = async (call: readonly AccountKey[]): Promise<readonly AccountKey[]> => {
    const Entries = call.map((account, index) => ({
      Id: String(index),
      MessageBody: printChore(account),
      DelaySeconds,
    }));
    try {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      return Failed.flatMap(({ Id }) => call[Number(Id)] ?? []);
    } catch {
      // The change that made the chore due stays in the stream and comes again.
      return call;
    }
  };
  return {
    send: async (accounts) =>
      (await mapConcurrently(inSlices(accounts, MAX_ENTRIES), CALLS_AT_ONCE, sendCall)).flat(),
  };
}

export function printChore(account: AccountKey): string {
  return JSON.stringify({ chore: 'announce', account: printAccountKey(account) });
}

/** @throws {Error} when the text is not a chore that `printChore` writes */
export function parseChore(body: string): AccountKey {
  return parseAccountKey(JSON.parse(body).account);
}
