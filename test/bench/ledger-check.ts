/**
 * Checks each message while a plan runs, so that nothing is lost, doubled or wrong. Every transfer is prepared and
 * finalized once, and each side is told of it once. Each account's numbered messages form a ledger without gaps whose
 * principals add up (SMP 2.1, AccountTransfer). Repetitions of a message are allowed, and counted.
 */

import {
  type AccountTransfer,
  type AccountUpdate,
  type FinalizedTransfer,
  MalformedMessageError,
  type OutgoingMessage,
  type PreparedTransfer,
} from '../../lib/client/messages.ts';
import { AccountLedger } from './account-ledger.ts';
import { CREDITED, DEBITED, PaymentMarks, PREPARED } from './payment-marks.ts';
import type { Plan } from './plan.ts';
import { accountOf, type Payment, parseReceived, ROOT } from './wire.ts';

/** What is new in a message. */
export type News =
  | { readonly kind: 'prepared'; readonly payment: Payment; readonly transferId: bigint }
  | { readonly kind: 'finalized' | 'debited' | 'credited'; readonly payment: Payment }
  | { readonly kind: 'configured' | 'announced'; readonly account: number };

/** So many faults are enough; all faults of a bad run would fill the memory. */
const MAX_FAULTS = 20;

export interface MessageCounts {
  received: number;
  repeated: number;
  /** Messages that overtook one of their account with a lower number; SNS and SQS keep no order. */
  outOfOrder: number;
}

export class LedgerCheck {
  readonly faults: string[] = [];
  readonly counts: MessageCounts = { received: 0, repeated: 0, outOfOrder: 0 };
  readonly #plan: Plan;
  readonly #debtorId: bigint;
  readonly #payments: PaymentMarks;
  readonly #accounts = new Map<number, AccountLedger>();
  #configuredCount = 0;
  #startedCount = 0;

  /** @param debtorId of the plan's currency; messages about other currencies are ignored */
  constructor(plan: Plan, debtorId: number) {
    this.#plan = plan;
    this.#debtorId = BigInt(debtorId);
    this.#payments = new PaymentMarks(plan.count);
  }

  /** Records that the payment was sent. Messages about it may come only from now on. */
  start(payment: Payment): void {
    this.#startedCount += 1;
    this.#ledger(payment.sender).expect(-payment.amount);
    this.#ledger(payment.recipient).expect(payment.amount);
  }

  /** @returns what is new in the message; nothing when it is a repetition, or wrong */
  receive(body: string): News | undefined {
    const message = this.#parse(body);
    if (message?.debtorId !== this.#debtorId) {
      return undefined;
    }
    this.counts.received += 1;
    const news = this.#read(message);
    if (typeof news === 'string') {
      this.#fault(`${news}: ${body}`);
      return undefined;
    }
    if (news === undefined) {
      this.counts.repeated += 1;
    }
    return news;
  }

  get configuredCount(): number {
    return this.#configuredCount;
  }

  isDone(payment: Payment): boolean {
    return this.#payments.isDone(payment);
  }

  /** Accounts whose latest AccountUpdate does not yet show all their transfers. */
  unannouncedAccounts(): number[] {
    return [...this.#accounts].filter(([, ledger]) => !ledger.isAnnounced()).map(([account]) => account);
  }

  /** The principal of each account once all started payments are done. Together they add up to 0. */
  expectedPrincipals(): ReadonlyMap<number, number> {
    return new Map([...this.#accounts].map(([account, ledger]) => [account, ledger.expectedPrincipal]));
  }

  /** Records what is missing at the end. */
  finish(): void {
    let missing = 0;
    for (let number = 0; number < this.#startedCount; number++) {
      if (!this.isDone(this.#plan.payment(number))) {
        missing += 1;
      }
    }
    if (missing > 0) {
      this.#fault(`${missing} of ${this.#startedCount} transfers are not done`);
    }
    for (const [account, ledger] of this.#accounts) {
      const fault = ledger.endFault();
      if (fault !== undefined) {
        this.#fault(`account ${account}: ${fault}`);
      }
    }
  }

  #parse(body: string): OutgoingMessage | undefined {
    try {
      return parseReceived(body);
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) {
        throw error;
      }
      this.#fault(`${error.message}: ${body}`);
      return undefined;
    }
  }

  #read(message: OutgoingMessage): News | string | undefined {
    const account = accountOf(message.creditorId);
    switch (message.type) {
      case 'PreparedTransfer':
        return this.#prepared(message);
      case 'FinalizedTransfer':
        return this.#finalized(message);
      case 'AccountTransfer':
        return this.#entry(message, account);
      case 'AccountUpdate':
        return this.#update(message, account);
      default:
        return 'not expected';
    }
  }

  #prepared(message: PreparedTransfer): News | string | undefined {
    const payment = this.#startedPayment(Number(message.coordinatorRequestId));
    if (payment === undefined) {
      return 'of no transfer that was asked for';
    }
    const fault = this.#payments.prepare(payment, message);
    return fault === 'new' ? { kind: 'prepared', payment, transferId: message.transferId } : fault;
  }

  #finalized(message: FinalizedTransfer): News | string | undefined {
    const payment = this.#startedPayment(Number(message.coordinatorRequestId));
    if (payment === undefined || !this.#payments.has(payment.number, PREPARED)) {
      return 'of no prepared transfer';
    }
    const fault = this.#payments.finalize(payment, message);
    return fault === 'new' ? { kind: 'finalized', payment } : fault;
  }

  #entry(message: AccountTransfer, account: number): News | string | undefined {
    const payment = this.#startedPayment(Number(message.transferNote));
    if (payment === undefined || !this.#payments.has(payment.number, PREPARED)) {
      return 'of no transfer that was asked for';
    }
    const isDebit = message.acquiredAmount < 0n;
    const owner = isDebit ? payment.sender : payment.recipient;
    if (
      account !== owner ||
      account === ROOT ||
      message.acquiredAmount !== BigInt(isDebit ? -payment.amount : payment.amount)
    ) {
      return 'not a side of the transfer';
    }
    const ledger = this.#ledger(account);
    const step = isDebit ? DEBITED : CREDITED;
    if (this.#payments.has(payment.number, step)) {
      return ledger.knows(message.transferNumber) ? undefined : 'told of twice';
    }
    const result = ledger.add(message);
    if (result === 'out of order') {
      this.counts.outOfOrder += 1;
    } else if (result !== undefined) {
      return result;
    }
    this.#payments.add(payment.number, step);
    return { kind: isDebit ? 'debited' : 'credited', payment };
  }

  #update(message: AccountUpdate, account: number): News | string | undefined {
    const ledger = this.#ledger(account);
    const isFirst = !ledger.isConfigured;
    if (!ledger.announce(message)) {
      return undefined;
    }
    if (isFirst) {
      this.#configuredCount += 1;
    }
    return { kind: isFirst ? 'configured' : 'announced', account };
  }

  #startedPayment(number: number): Payment | undefined {
    return Number.isInteger(number) && number >= 0 && number < this.#startedCount
      ? this.#plan.payment(number)
      : undefined;
  }

  #ledger(account: number): AccountLedger {
    const known = this.#accounts.get(account) ?? new AccountLedger(account === ROOT);
    this.#accounts.set(account, known);
    return known;
  }

  #fault(text: string): void {
    if (this.faults.length < MAX_FAULTS) {
      this.faults.push(text);
    }
  }
}
