/**
 * The messages of the benchmark's clients as text, written and read independently of the measured code. Their content
 * is checked in ledger-check.ts.
 */

/** The number of a currency's root account. */
export const ROOT = -1;

/** The lowest ID that is not reserved. */
const FIRST_CREDITOR_ID = 4_294_967_296;

/** Accounts are numbered from 0; IDs stay far below 2^53, so that numbers hold them. */
export function creditorIdOf(account: number): number {
  return account === ROOT ? 0 : FIRST_CREDITOR_ID + account;
}

export function accountOf(creditorId: number): number {
  return creditorId === 0 ? ROOT : creditorId - FIRST_CREDITOR_ID;
}

/** A payment as its coordinator asks for it. */
export interface Payment {
  /** Unique in its currency; also its `coordinator_request_id`, and, in decimal, its note. */
  readonly number: number;
  readonly sender: number;
  readonly recipient: number;
  readonly amount: number;
}

export function configureAccount(debtorId: number, account: number): string {
  // It bounds what the root account may issue. For the others it is zero, so that every payment is announced.
  const negligible = account === ROOT ? '1e18' : '0.0';
  return (
    `{"type":"ConfigureAccount","debtor_id":${debtorId},"creditor_id":${creditorIdOf(account)},` +
    `"negligible_amount":${negligible},"config_flags":0,"config_data":"","ts":"${now()}","seqnum":0}`
  );
}

export function prepareTransfer(debtorId: number, payment: Payment): string {
  const { amount, recipient } = payment;
  return (
    `{"type":"PrepareTransfer",${request(debtorId, payment)},"min_locked_amount":${amount},` +
    `"max_locked_amount":${amount},"recipient":"${creditorIdOf(recipient)}",` +
    `"final_interest_rate_ts":"9999-12-31T23:59:59+00:00","max_commit_delay":2147483647,"ts":"${now()}"}`
  );
}

export function finalizeTransfer(debtorId: number, payment: Payment, transferId: string): string {
  return (
    `{"type":"FinalizeTransfer",${request(debtorId, payment)},"transfer_id":${transferId},` +
    `"committed_amount":${payment.amount},"transfer_note":"${payment.number}","transfer_note_format":"",` +
    `"ts":"${now()}"}`
  );
}

function request(debtorId: number, { number, sender }: Payment): string {
  const creditorId = creditorIdOf(sender);
  const [type, id] = sender === ROOT ? ['issuing', debtorId] : ['direct', creditorId];
  return (
    `"debtor_id":${debtorId},"creditor_id":${creditorId},"coordinator_type":"${type}","coordinator_id":${id},` +
    `"coordinator_request_id":${number}`
  );
}

function now(): string {
  return new Date().toISOString();
}

/** An outgoing message; of its fields only those of its type are there. */
export interface Received {
  readonly type: string;
  readonly debtor_id: number;
  readonly creditor_id: number;
  readonly ts: string;
  readonly coordinator_request_id: number;
  /** In decimal, since it is the one field that a double can't hold. */
  readonly transfer_id: string;
  readonly recipient: string;
  readonly locked_amount: number;
  readonly committed_amount: number;
  readonly status_code: string;
  readonly transfer_number: number;
  readonly previous_transfer_number: number;
  readonly acquired_amount: number;
  readonly transfer_note: string;
  readonly principal: number;
  readonly last_change_seqnum: number;
  readonly last_transfer_number: number;
}

const TRANSFER_ID = /"transfer_id":(\d+)/;

/** @throws {SyntaxError} when the text is not JSON */
export function parseReceived(body: string): Received {
  return { ...JSON.parse(body), transfer_id: TRANSFER_ID.exec(body)?.[1] ?? '' };
}
