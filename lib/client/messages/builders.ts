/** Makes the three messages that a client sends: defaults for what is seldom chosen, and every field checked before it is sent. */

import { printAccountId } from '../../protocol/account-ids.ts';
import { ROOT_CREDITOR_ID } from '../../protocol/constants.ts';
import { MAX_INT32 } from '../../protocol/integers.ts';
import type { ConfigureAccount, FinalizeTransfer, PrepareTransfer } from '../../protocol/messages.ts';
import { MAX_TIMESTAMP, type Timestamp } from '../../protocol/timestamps.ts';
import { checkMessage } from './message-text.ts';

/** What a ConfigureAccount can't do without, and what may be left out. */
export interface ConfigureAccountDraft {
  /** The debtor, whose currency the account is in. */
  readonly debtorId: bigint;
  /** The account's owner; 0 is the root account. */
  readonly creditorId: bigint;
  /** When the configuration was chosen, in microseconds since 1970. The later of two configurations counts. */
  readonly ts: Timestamp;
  /** Decides between two configurations with equal `ts`; an int32 that wraps. Default 0. */
  readonly seqnum?: number;
  /** Default 0. A root account with 0 can issue nothing. */
  readonly negligibleAmount?: number;
  /** Default 0. Bit 0 schedules the account for deletion. */
  readonly configFlags?: number;
  /** Default empty. For root accounts it may be the JSON of a RootConfigData. */
  readonly configData?: string;
}

/**
 * A ConfigureAccount. SMP 2.1, ConfigureAccount.
 * @throws {MalformedMessageError} for a field that breaks its table
 */
export function configureAccount(draft: ConfigureAccountDraft): ConfigureAccount {
  return checkMessage({
    seqnum: 0,
    negligibleAmount: 0,
    configFlags: 0,
    configData: '',
    ...draft,
    type: 'ConfigureAccount',
  });
}

/** What a PrepareTransfer can't do without, and what may be left out. */
export interface PrepareTransferDraft {
  /** The debtor, whose currency the amount is in. */
  readonly debtorId: bigint;
  /** The sender's account. */
  readonly creditorId: bigint;
  /** The recipient: its creditor ID, or its account ID as text. */
  readonly recipient: bigint | string;
  /** The least amount that is worth locking, in whole units, 0 … 2^63 − 1. Default: `maxLockedAmount`. */
  readonly minLockedAmount?: bigint;
  /** The most that is locked, in whole units, 0 … 2^63 − 1. */
  readonly maxLockedAmount: bigint;
  /** Names the request among those of its coordinator. */
  readonly coordinatorRequestId: bigint;
  /** Default: `issuing` for a root account, else `direct`. */
  readonly coordinatorType?: string;
  /** Default: the debtor ID for `issuing`, else the creditor ID. */
  readonly coordinatorId?: bigint;
  /** The transfer fails if the sender's interest rate changed later than this. Default: the end of 9999, any rate is fine. */
  readonly finalInterestRateTs?: Timestamp;
  /** Seconds from `ts` in which the client means to commit, 0 … 2^31 − 1. Default: as long as the authority allows. */
  readonly maxCommitDelay?: number;
  /** When the request was made, in microseconds since 1970. A copy of it has the same. */
  readonly ts: Timestamp;
}

/**
 * A PrepareTransfer that locks exactly `maxLockedAmount`, unless `minLockedAmount` allows less. SMP 2.1, PrepareTransfer.
 * @throws {MalformedMessageError} for a field that breaks its table, or a coordinator that may not speak for the account
 */
export function prepareTransfer(draft: PrepareTransferDraft): PrepareTransfer {
  const { debtorId, creditorId, recipient } = draft;
  const coordinatorType = draft.coordinatorType ?? (creditorId === ROOT_CREDITOR_ID ? 'issuing' : 'direct');
  return checkMessage({
    minLockedAmount: draft.maxLockedAmount,
    coordinatorId: coordinatorType === 'issuing' ? debtorId : creditorId,
    finalInterestRateTs: MAX_TIMESTAMP,
    maxCommitDelay: MAX_INT32,
    ...draft,
    coordinatorType,
    recipient: typeof recipient === 'bigint' ? printAccountId(recipient) : recipient,
    type: 'PrepareTransfer',
  });
}

/** A prepared transfer as its request and its PreparedTransfer name it, and what becomes of it. */
export interface FinalizeTransferDraft {
  /** The debtor, whose currency the amount is in. */
  readonly debtorId: bigint;
  /** The sender's account. */
  readonly creditorId: bigint;
  /** As PreparedTransfer told it. */
  readonly transferId: bigint;
  /** As the request had it. */
  readonly coordinatorType: string;
  /** As the request had it. */
  readonly coordinatorId: bigint;
  /** As the request had it. */
  readonly coordinatorRequestId: bigint;
  /** In whole units; 0 dismisses the transfer. */
  readonly committedAmount: bigint;
  /** At most 500 bytes of UTF-8. Default empty. */
  readonly transferNote?: string;
  /** At most 8 letters, digits, points or hyphens. Default empty. */
  readonly transferNoteFormat?: string;
  /** When it was decided, or told again, in microseconds since 1970. */
  readonly ts: Timestamp;
}

/**
 * A FinalizeTransfer. SMP 2.1, FinalizeTransfer.
 * @throws {MalformedMessageError} for a field that breaks its table
 */
export function finalizeTransfer(draft: FinalizeTransferDraft): FinalizeTransfer {
  return checkMessage({ transferNote: '', transferNoteFormat: '', ...draft, type: 'FinalizeTransfer' });
}
