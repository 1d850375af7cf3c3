/**
 * A small ledger that the rules themselves have made, message by message, without tables and queues: what tools and audits
 * look at in their tests. What it holds is told by the literals of those tests, not computed by them.
 */

import { printAccountId } from '../../lib/protocol/account-ids.ts';
import type { FinalizeTransfer, IncomingMessage, PrepareTransfer } from '../../lib/protocol/messages.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import { type Account, type AccountKey, printAccountKey } from '../../lib/rules/account.ts';
import { runAccountChores } from '../../lib/rules/account-chores.ts';
import { announcePendingUpdate } from '../../lib/rules/announce-account.ts';
import { credit } from '../../lib/rules/credit.ts';
import { termsOfCurrency } from '../../lib/rules/currency.ts';
import { decide } from '../../lib/rules/decide.ts';
import { isReachableAccount } from '../../lib/rules/reachability.ts';
import type { Transfer, TransferRecord } from '../../lib/rules/transfer.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import { DEFAULT_SETTINGS } from './builders.ts';

export class LedgerWorld {
  readonly accounts = new Map<string, Account>();
  readonly records = new Map<string, TransferRecord>();

  account(key: AccountKey): Account {
    const account = this.accounts.get(printAccountKey(key));
    if (account === undefined) {
      throw new Error(`There is no account ${printAccountKey(key)}.`);
    }
    return account;
  }

  put(account: Account): void {
    this.accounts.set(printAccountKey(account), account);
  }

  putRecord(record: TransferRecord): void {
    this.records.set(`${printAccountKey(record.sender)}/${record.transferId}`, record);
  }

  handle(message: IncomingMessage, now: Timestamp): void {
    const key = { debtorId: message.debtorId, creditorId: message.creditorId };
    const own = [...this.records.values()].filter(
      ({ sender }) => printAccountKey(sender) === printAccountKey(key),
    );
    const snapshot = {
      key,
      account: this.accounts.get(printAccountKey(key)),
      records: new Map(own.map((record) => [record.transferId, record])),
      terms: this.#termsOf(key),
      isReachable: (creditorId: bigint) =>
        isReachableAccount(creditorId, this.accounts.get(printAccountKey({ ...key, creditorId }))),
    };
    const decision = decide(snapshot, [message], { now, settings: DEFAULT_SETTINGS });
    for (const record of decision.records) {
      this.putRecord(record);
    }
    this.#write(decision.account, now);
  }

  /** Credits everything that is under way. */
  creditAll(now: Timestamp): void {
    for (const transfer of [...this.records.values()]) {
      if (transfer.kind === 'transfer' && transfer.status === 'committed') {
        this.#credit(transfer, now);
      }
    }
  }

  runChores(key: AccountKey, now: Timestamp): void {
    const decision = runAccountChores(this.account(key), this.#termsOf(key), {
      now,
      settings: DEFAULT_SETTINGS,
    });
    for (const payment of decision.payments) {
      this.putRecord(payment);
    }
    this.#write(decision.account, now);
  }

  #credit(transfer: Transfer<'committed'>, now: Timestamp): void {
    const key = { debtorId: transfer.sender.debtorId, creditorId: transfer.recipientId };
    const recipient = this.accounts.get(printAccountKey(key));
    const { account, records } = credit(
      { key, account: recipient, terms: this.#termsOf(key) },
      [transfer],
      now,
    );
    for (const record of records) {
      this.putRecord(record);
    }
    this.#write(account, now);
  }

  /** As the store does it, and with folded updates announced at once. */
  #write(account: Account | undefined, now: Timestamp): void {
    if (account !== undefined) {
      const before = this.accounts.get(printAccountKey(account));
      const announced = announcePendingUpdate(account, now);
      this.put(before === undefined ? announced : { ...announced, version: before.version + 1n });
    }
  }

  #termsOf({ debtorId }: AccountKey) {
    return termsOfCurrency(this.accounts.get(printAccountKey({ debtorId, creditorId: 0n })));
  }
}

/** A request to pay, told apart from all others of its coordinator by its time. */
export function payment(
  from: AccountKey,
  recipientId: bigint,
  amount: bigint,
  ts: Timestamp,
): PrepareTransfer {
  const isIssuing = from.creditorId === 0n;
  return {
    type: 'PrepareTransfer',
    ...from,
    coordinatorType: isIssuing ? 'issuing' : 'direct',
    coordinatorId: isIssuing ? from.debtorId : from.creditorId,
    coordinatorRequestId: ts,
    minLockedAmount: amount,
    maxLockedAmount: amount,
    recipient: printAccountId(recipientId),
    finalInterestRateTs: ts,
    maxCommitDelay: 2_147_483_647,
    ts,
  };
}

export function finalization(
  request: PrepareTransfer,
  committedAmount: bigint,
  ts: Timestamp,
): FinalizeTransfer {
  const { debtorId, creditorId, coordinatorType, coordinatorId, coordinatorRequestId } = request;
  return {
    type: 'FinalizeTransfer',
    debtorId,
    creditorId,
    transferId: transferIdOf(request),
    coordinatorType,
    coordinatorId,
    coordinatorRequestId,
    committedAmount,
    transferNote: '',
    transferNoteFormat: '',
    ts,
  };
}
