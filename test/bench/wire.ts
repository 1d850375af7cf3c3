/**
 * The messages of the benchmark's clients as text, written and read by the client library. Their content is checked in
 * ledger-check.ts.
 */

import {
  type OutgoingMessage,
  configureAccount as openingOf,
  parseMessage,
  printMessage,
  ROOT_CREDITOR_ID,
  finalizeTransfer as settlementOf,
  type Timestamp,
  prepareTransfer as transferOf,
} from '../../lib/client/messages.ts';

/** The number of a currency's root account. */
export const ROOT = -1;

/** The lowest ID that is not reserved. */
const FIRST_CREDITOR_ID = 4_294_967_296;
/** What root accounts may issue: more than any plan does. */
const MAX_ISSUED = 1e18;

/** Accounts are numbered from 0; IDs stay far below 2^53, so that numbers hold them. */
export function creditorIdOf(account: number): number {
  return account === ROOT ? Number(ROOT_CREDITOR_ID) : FIRST_CREDITOR_ID + account;
}

export function accountOf(creditorId: bigint): number {
  return creditorId === ROOT_CREDITOR_ID ? ROOT : Number(creditorId) - FIRST_CREDITOR_ID;
}

/** A payment as its coordinator asks for it. */
export interface Payment {
  /** Unique in its currency; also its `coordinatorRequestId`, and, in decimal, its note. */
  readonly number: number;
  readonly sender: number;
  readonly recipient: number;
  readonly amount: number;
}

export function configureAccount(debtorId: number, account: number): string {
  return printMessage(
    openingOf({
      debtorId: BigInt(debtorId),
      creditorId: BigInt(creditorIdOf(account)),
      // For all but the root account it is zero, so that every payment is announced.
      negligibleAmount: account === ROOT ? MAX_ISSUED : 0,
      ts: now(),
    }),
  );
}

export function prepareTransfer(debtorId: number, { number, sender, recipient, amount }: Payment): string {
  return printMessage(
    transferOf({
      debtorId: BigInt(debtorId),
      creditorId: BigInt(creditorIdOf(sender)),
      recipient: BigInt(creditorIdOf(recipient)),
      maxLockedAmount: BigInt(amount),
      coordinatorRequestId: BigInt(number),
      ts: now(),
    }),
  );
}

export function finalizeTransfer(
  debtorId: number,
  { number, sender, amount }: Payment,
  transferId: bigint,
): string {
  const isIssued = sender === ROOT;
  const creditorId = BigInt(creditorIdOf(sender));
  return printMessage(
    settlementOf({
      debtorId: BigInt(debtorId),
      creditorId,
      transferId,
      coordinatorType: isIssued ? 'issuing' : 'direct',
      coordinatorId: isIssued ? BigInt(debtorId) : creditorId,
      coordinatorRequestId: BigInt(number),
      committedAmount: BigInt(amount),
      transferNote: `${number}`,
      ts: now(),
    }),
  );
}

export function now(): Timestamp {
  return BigInt(Date.now()) * 1000n;
}

/** @throws {MalformedMessageError} when the text is no valid message from an authority */
export function parseReceived(body: string): OutgoingMessage {
  return parseMessage(body) as OutgoingMessage;
}
