/** Which items a message or a credit can't do without: what may wait when one of them can't be read, and what may not. */

import { parseAccountId } from '../../lib/protocol/account-ids.ts';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import { recordIdOf } from '../../lib/rules/decide.ts';
import { printPartition, type RecordKey } from '../../lib/storage/record-keys.ts';
import { ACCOUNTS, TRANSFERS } from './history.ts';

/** An item, by its table and the name of its key. */
export type ItemName = readonly [table: string, key: string];

export function itemsNeededBy(message: IncomingMessage): ItemName[] {
  const { debtorId } = message;
  const transferId = recordIdOf(message);
  const recipientId = message.type === 'PrepareTransfer' ? parseAccountId(message.recipient) : undefined;
  return [
    [ACCOUNTS, printAccountKey(message)],
    ...(transferId === undefined ? [] : [transferItem({ sender: message, transferId })]),
    ...(recipientId === undefined
      ? []
      : [[ACCOUNTS, printAccountKey({ debtorId, creditorId: recipientId })] as const]),
    // A new account starts on the terms of its currency.
    ...(message.type === 'ConfigureAccount'
      ? [[ACCOUNTS, printAccountKey({ debtorId, creditorId: 0n })] as const]
      : []),
  ];
}

/** @param transfer a committed one */
export function itemsNeededByCredit(transfer: RecordKey, recipientId: bigint): ItemName[] {
  const { debtorId } = transfer.sender;
  return [
    transferItem(transfer),
    [ACCOUNTS, printAccountKey({ debtorId, creditorId: recipientId })],
    [ACCOUNTS, printAccountKey({ debtorId, creditorId: 0n })],
  ];
}

function transferItem(key: RecordKey): ItemName {
  return [TRANSFERS, `${printPartition(key)}/${key.transferId}`];
}
