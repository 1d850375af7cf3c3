/** How far a ledger gets with one more message and some of the transfers that wait: pure, and bounded in size. */

import type { AccountTransfer, AccountUpdate } from '../../protocol/messages.ts';
import {
  appendTransfer,
  bridgeToUpdate,
  type LedgerEntry,
  type LedgerHead,
  type LedgerStep,
  placeOf,
} from '../records/account-ledger.ts';

export interface LedgerMaterial {
  readonly head: LedgerHead;
  /** The first transfers that wait, by life and number. */
  readonly waiting: readonly AccountTransfer[];
  /** Whether more of them may wait behind these. */
  readonly hasMoreWaiting: boolean;
  /** The transfer that just came. */
  readonly incoming: AccountTransfer | undefined;
  /** The latest AccountUpdate. */
  readonly latest: AccountUpdate | undefined;
}

export interface LedgerProgress {
  readonly head: LedgerHead;
  readonly entries: readonly LedgerEntry[];
  /** Those of the waiting transfers that wait no longer. */
  readonly used: readonly AccountTransfer[];
  /** Whether the transfer that just came has to wait. */
  readonly isIncomingEarly: boolean;
  /** The first transfer that still waits. */
  readonly earliest: AccountTransfer | undefined;
  /** Whether the work has to go on with the next of the waiting transfers. */
  readonly isUnfinished: boolean;
}

export function advanceLedger(material: LedgerMaterial): LedgerProgress {
  const { waiting, incoming, latest, hasMoreWaiting } = material;
  const entries: LedgerEntry[] = [];
  const used: AccountTransfer[] = [];
  let head = material.head;
  const take = (step: LedgerStep): void => {
    head = step.head;
    entries.push(...step.entries);
  };
  let earliest: AccountTransfer | undefined;
  for (const transfer of inOrder(waiting, incoming)) {
    const place = placeOf(head, transfer);
    if (place === 'early') {
      earliest = transfer;
      break;
    }
    if (place === 'next') {
      take(appendTransfer(head, transfer));
    }
    if (waiting.includes(transfer)) {
      used.push(transfer);
    }
  }
  const isUnfinished = hasMoreWaiting && used.length === waiting.length;
  if (latest !== undefined && !isUnfinished) {
    take(bridgeToUpdate(head, latest));
  }
  const isIncomingEarly = incoming !== undefined && placeOf(head, incoming) === 'early';
  return { head, entries, used, isIncomingEarly, earliest, isUnfinished };
}

function inOrder(
  waiting: readonly AccountTransfer[],
  incoming: AccountTransfer | undefined,
): AccountTransfer[] {
  return [...waiting, ...(incoming === undefined ? [] : [incoming])].sort((a, b) =>
    a.creationDate === b.creationDate
      ? Number(a.transferNumber - b.transferNumber)
      : a.creationDate < b.creationDate
        ? -1
        : 1,
  );
}
