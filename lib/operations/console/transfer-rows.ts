/** The transfers of an account as the page gets them: texts and numbers in JSON. */

import { printAccountId } from '../../protocol/account-ids.ts';
import type { TransferRecord } from '../../rules/transfer.ts';
import type { TransferRow } from './answers.ts';

export function transferRows(records: readonly TransferRecord[]): readonly TransferRow[] {
  return records.flatMap((record) => {
    if (record.kind !== 'transfer') {
      return [];
    }
    const { coordinatorType, coordinatorId, coordinatorRequestId } = record.request;
    return [
      {
        transferId: `${record.transferId}`,
        status: record.status,
        coordinatorType,
        coordinatorId: `${coordinatorId}`,
        coordinatorRequestId: `${coordinatorRequestId}`,
        amount: `${record.payment?.amount ?? record.preparation?.lockedAmount ?? ''}`,
        recipient: printAccountId(record.recipientId),
      },
    ];
  });
}
