/** Which items a message or a credit can't do without: what may wait when one of them can't be read, and what may not. */

import { parseAccountId } from '../../lib/protocol/account-ids.ts';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import { recordIdOf } from '../../lib/rules/decide.ts';
import { ACCOUNTS, TRANSFERS } from './history.ts';

/** An item, by its table and the name of its key. */
export type ItemName = readonly [table: string, key: string];

export function itemsNeededBy(message: IncomingMessage): ItemName[] {
  const { debtorId } = message;
  const transferId = recordIdOf(message);
  const recipientId = message.type === 'PrepareTransfer' ? parseAccountId(message.recipient) : undefined;
  return [
    [ACCOUNTS, printAccountKey(message)],
    ...(transferId === undefined ? [] : [[TRANSFERS, `${printAccountKey(message)}/${transferId}`] as const]),
    ...(recipientId === undefined
      ? []
      : [[ACCOUNTS, printAccountKey({ debtorId, creditorId: recipientId })] as const]),
    // A new account starts on the terms of its currency.
    ...(message.type === 'ConfigureAccount'
      ? [[ACCOUNTS, printAccountKey({ debtorId, creditorId: 0n })] as const]
      : []),
  ];
}

/** @param transfer the printed key of a committed transfer */
export function itemsNeededByCredit(transfer: string, recipientId: bigint): ItemName[] {
  const debtorId = BigInt(transfer.slice(0, transfer.indexOf(':')));
  return [
    [TRANSFERS, transfer],
    [ACCOUNTS, printAccountKey({ debtorId, creditorId: recipientId })],
    [ACCOUNTS, printAccountKey({ debtorId, creditorId: 0n })],
  ];
}
