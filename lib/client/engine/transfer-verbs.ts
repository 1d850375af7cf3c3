/** Asks for transfers, and decides about them. A call with a key that is known takes up what was begun, in whatever state it is. */

import { printAccountId } from '../../protocol/account-ids.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import {
  IdempotencyConflictError,
  TransferFailedError,
  TransferRejectedError,
  UnknownTransferError,
} from '../errors.ts';
import { finalizeTransfer, prepareTransfer } from '../messages/builders.ts';
import {
  isEnded,
  type RunningTransfer,
  requestTransfer,
  type Settlement,
  type TransferPlan,
  transferKeyOf,
} from '../records/running-transfer.ts';
import { decideTransfer, decisionOf } from '../records/transfer-decisions.ts';
import { type AccountKey, coordinatorFor } from '../roles.ts';
import { reportTransfer, trySending } from './after-saving.ts';
import type { Surroundings } from './surroundings.ts';
import { sortOf } from './transfer-book.ts';
import { waitUntil } from './waiting.ts';

/** What every transfer says. */
export interface TransferDraft {
  /** The sender's account. */
  readonly from: AccountKey;
  /** The recipient in the same currency: its creditor ID, or its account ID as text. */
  readonly to: bigint | string;
  /** In whole units, 1 … 2^63 − 1. */
  readonly amount: bigint;
  /** The least amount that is worth locking. Default: `amount`. Only a hold can be for less. */
  readonly minAmount?: bigint;
  /**
   * The user's name for this transfer. A second call with the same key never makes a second transfer, also after a crash. Default:
   * a new one, which is in the result.
   */
  readonly idempotencyKey?: string;
  /** The transfer fails if the sender's interest rate changed later than this. Default: any rate is fine. */
  readonly finalInterestRateTs?: Timestamp;
  /** Seconds until the transfer must be committed. Default: as long as the authority allows, usually 90 days. */
  readonly maxCommitDelay?: number;
}

/** How a call waits. */
export interface WaitOptions {
  /** Ends the waiting, not the transfer. */
  readonly signal?: AbortSignal | undefined;
  readonly closed: AbortSignal;
}

const MAX_ATTEMPTS = 10;

/** Saves and sends the request, unless a transfer of the key is there already. */
export async function beginTransfer(
  client: Surroundings,
  draft: TransferDraft & { readonly plan: TransferPlan },
  { signal }: WaitOptions,
): Promise<RunningTransfer> {
  const { transfers, notices } = client;
  const { idempotencyKey = crypto.randomUUID() } = draft;
  for (let count = 0; ; count++) {
    const known = await transfers.findByKey(idempotencyKey, signal);
    if (known !== undefined) {
      checkSame(known, draft);
      await sendAgain(client, known, signal);
      return known;
    }
    const request = requestOf(client, draft);
    if (draft.plan.kind === 'commit') {
      checkSettlement({ request }, draft.plan);
    }
    const { transfer, send } = requestTransfer(request, draft.plan, { idempotencyKey });
    if (transfer !== undefined && (await transfers.add(transfer, signal))) {
      notices.tell({ kind: 'transfer', transfer });
      await trySending(client, send, signal);
      return transfer;
    }
    if (count === MAX_ATTEMPTS) {
      throw new IdempotencyConflictError('The transfer can not be saved.', transfer as RunningTransfer);
    }
  }
}

/** Waits until the transfer ended, and returns it if it was committed. */
export async function awaitPayment(
  client: Surroundings,
  transfer: RunningTransfer,
  options: WaitOptions,
): Promise<RunningTransfer<'finalized'>> {
  const ended = await awaitTransfer(client, transfer, { ...options, until: isEnded });
  if (ended.status === 'rejected') {
    throw new TransferRejectedError(ended);
  }
  if (ended.status !== 'finalized') {
    throw new UnknownTransferError(transfer.idempotencyKey);
  }
  if (ended.outcome.committedAmount === 0n) {
    throw new TransferFailedError(ended);
  }
  return ended;
}

/** Waits until the transfer is prepared, or further. */
export async function awaitPreparation(
  client: Surroundings,
  transfer: RunningTransfer,
  options: WaitOptions,
): Promise<RunningTransfer<'prepared' | 'settled' | 'finalized'>> {
  const known = await awaitTransfer(client, transfer, {
    ...options,
    until: ({ status }) => status !== 'requested',
  });
  if (known.status === 'rejected') {
    throw new TransferRejectedError(known);
  }
  return known as RunningTransfer<'prepared' | 'settled' | 'finalized'>;
}

export function awaitTransfer(
  client: Surroundings,
  transfer: RunningTransfer,
  { until, signal, closed }: WaitOptions & { readonly until: (transfer: RunningTransfer) => boolean },
): Promise<RunningTransfer> {
  const record = sortOf(transferKeyOf(transfer));
  const read = async (): Promise<RunningTransfer | undefined> => {
    const present = await client.transfers.find(record, signal);
    if (present === undefined) {
      throw new UnknownTransferError(transfer.idempotencyKey);
    }
    return until(present) ? present : undefined;
  };
  return waitUntil(client, { record, read, signal, closed });
}

/** Decides about the transfer of the key, unless it was decided so before. */
export async function settleTransfer(
  client: Surroundings,
  idempotencyKey: string,
  {
    settlementOf,
    signal,
  }: WaitOptions & { readonly settlementOf: (transfer: RunningTransfer) => Settlement },
): Promise<RunningTransfer> {
  const known = await client.transfers.findByKey(idempotencyKey, signal);
  if (known === undefined) {
    throw new UnknownTransferError(idempotencyKey);
  }
  if (known.status === 'rejected') {
    return known;
  }
  const settlement = settlementOf(known);
  checkSettlement(known, settlement);
  const change = await client.transfers.change(
    sortOf(transferKeyOf(known)),
    (transfer) =>
      transfer === undefined
        ? { transfer, send: [] }
        : decideTransfer(transfer, settlement, client.clock.now()),
    signal,
  );
  await trySending(client, change.send, signal);
  reportTransfer(client, change);
  const after = change.transfer ?? known;
  if (!isSameSettlement(decisionOf(after), settlement)) {
    throw new IdempotencyConflictError('The transfer was decided otherwise before.', after);
  }
  return after;
}

function requestOf({ role, randomId, clock }: Surroundings, draft: TransferDraft) {
  const { from, to, amount, minAmount, finalInterestRateTs, maxCommitDelay } = draft;
  if (amount <= 0n) {
    throw new RangeError('The amount of a transfer must be positive.');
  }
  return prepareTransfer({
    debtorId: from.debtorId,
    creditorId: from.creditorId,
    recipient: to,
    minLockedAmount: minAmount ?? amount,
    maxLockedAmount: amount,
    ...coordinatorFor(role, from),
    coordinatorRequestId: randomId(),
    ...(finalInterestRateTs !== undefined && { finalInterestRateTs }),
    ...(maxCommitDelay !== undefined && { maxCommitDelay }),
    ts: clock.now(),
  });
}

/** A crash may have come between saving and sending. The copy is equal, so that the authority takes it for the same request. */
async function sendAgain(
  client: Surroundings,
  transfer: RunningTransfer,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (transfer.status === 'requested') {
    await trySending(client, [transfer.request], signal);
  }
}

function checkSame(known: RunningTransfer, draft: TransferDraft & { readonly plan: TransferPlan }): void {
  const { debtorId, creditorId, recipient, minLockedAmount, maxLockedAmount } = known.request;
  const { from, to, amount, minAmount = amount } = draft;
  const isSame =
    debtorId === from.debtorId &&
    creditorId === from.creditorId &&
    recipient === (typeof to === 'bigint' ? printAccountId(to) : to) &&
    maxLockedAmount === amount &&
    minLockedAmount === minAmount;
  const isSamePlan =
    draft.plan.kind === 'hold' ||
    (draft.plan.kind === 'commit' && isSameSettlement(decisionOf(known), draft.plan));
  if (!isSame || !isSamePlan) {
    throw new IdempotencyConflictError('The idempotency key names another transfer.', known);
  }
}

function isSameSettlement(a: Settlement | undefined, b: Settlement): boolean {
  return (
    a !== undefined &&
    a.committedAmount === b.committedAmount &&
    a.transferNote === b.transferNote &&
    a.transferNoteFormat === b.transferNoteFormat
  );
}

/** Refuses a note or amount that the authority would, before it is saved. */
function checkSettlement({ request }: Pick<RunningTransfer, 'request'>, settlement: Settlement): void {
  const { committedAmount, transferNote, transferNoteFormat } = settlement;
  const { debtorId, creditorId, coordinatorType, coordinatorId, coordinatorRequestId, ts } = request;
  finalizeTransfer({
    debtorId,
    creditorId,
    transferId: 1n,
    coordinatorType,
    coordinatorId,
    coordinatorRequestId,
    committedAmount,
    transferNote,
    transferNoteFormat,
    ts,
  });
}
