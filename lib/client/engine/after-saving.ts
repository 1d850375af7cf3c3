/** What follows a change that is saved: its messages are sent, and whoever waits is told. */

import type { IncomingMessage } from '../../protocol/messages.ts';
import { transferKeyOf } from '../records/running-transfer.ts';
import { type AccountChange, printAccount } from './account-book.ts';
import { clientAccount } from './client-account.ts';
import type { Surroundings } from './surroundings.ts';
import { sortOf, type TransferChange } from './transfer-book.ts';

/** Sends what a saved change made due. The change's record repeats it until it is answered, should this fail. */
export async function sendSaved(
  { transport }: Surroundings,
  messages: readonly IncomingMessage[],
  signal?: AbortSignal,
): Promise<void> {
  if (messages.length > 0) {
    await transport.send(messages, signal);
  }
}

/** The same for a user's call, which must not fail because sending did: what is saved is repeated until it is answered. */
export async function trySending(
  client: Surroundings,
  messages: readonly IncomingMessage[],
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await sendSaved(client, messages, signal);
  } catch (error) {
    signal?.throwIfAborted();
    client.notices.tell({ kind: 'trouble', error });
  }
}

export function reportTransfer({ notices }: Surroundings, { transfer, isChanged }: TransferChange): void {
  if (isChanged && transfer !== undefined) {
    notices.tell({ kind: 'transfer', transfer });
    notices.wake(sortOf(transferKeyOf(transfer)));
  }
}

export function reportAccount(
  { notices }: Surroundings,
  { account, entries, isChanged }: AccountChange,
): void {
  if (!isChanged) {
    return;
  }
  const { debtorId, creditorId } = account.data;
  for (const entry of entries) {
    notices.tell({ kind: 'entry', debtorId, creditorId, entry });
  }
  notices.tell({ kind: 'account', account: clientAccount(account) });
  notices.wake(printAccount(account.data));
}
