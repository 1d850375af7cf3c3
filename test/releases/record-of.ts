/** The stream record of a change, as the functions of any release get it. */

import type { StreamRecord } from '../../lib/storage/stream-record.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import type { ItemChange } from '../simulation/aws/simulated-tables.ts';
import { NOW } from '../support/builders.ts';
import { TABLE_NAMES } from '../support/memory-ledger.ts';

const SECOND = 1_000_000n;

export function recordOf({ table, before, after }: ItemChange, index: number): StreamRecord {
  const { account, transferId } = { ...before, ...after };
  return {
    dynamodb: {
      SequenceNumber: `${index}`,
      ApproximateCreationDateTime: Number(NOW / SECOND),
      Keys: toWire({
        account: account as string,
        ...(table === TABLE_NAMES.transfers && { transferId: transferId as bigint }),
      }),
      ...(before && { OldImage: toWire(before) }),
      ...(after && { NewImage: toWire(after) }),
    },
  };
}
