/**
 * Who has what. The accounts are read in DynamoDB's order, kept in a temporary file, and told in the order of their IDs, one
 * currency after the other.
 */

import type { Timestamp } from '../../protocol/timestamps.ts';
import type { Account } from '../../rules/account.ts';
import { hasStatus, type TransferRecord } from '../../rules/transfer.ts';
import type { ReadItem } from '../../storage/table-reader.ts';
import { type FactsFile, type FactTable, integers } from '../facts-file.ts';
import { ACCOUNT_ORDER, type Balance, balanceOf } from './balance.ts';

interface Unreadable {
  readonly debtorId: bigint | undefined;
  readonly sentence: string;
}

type UnderWay = { readonly debtorId: bigint; readonly amount: bigint };

const BALANCES: FactTable<Balance> = {
  name: 'balances',
  columns: {
    ...integers('debtorId', 'creditorId', 'principal'),
    interest: 'text',
    ...integers('totalLockedAmount', 'availableAmount', 'clippedAmount'),
    state: 'text',
  } as FactTable<Balance>['columns'],
  order: `debtorId, ${ACCOUNT_ORDER}`,
};
const UNDER_WAY: FactTable<UnderWay> = {
  name: 'underWay',
  columns: integers('debtorId', 'amount'),
  order: 'debtorId',
};
const UNREADABLE: FactTable<Unreadable> = {
  name: 'unreadable',
  columns: { debtorId: 'integer', sentence: 'text' },
  order: 'debtorId',
};
const TABLES = [BALANCES, UNDER_WAY, UNREADABLE];

export class BalanceBook {
  readonly #file: FactsFile;
  readonly #debtorId: bigint | undefined;
  readonly #now: Timestamp;
  #hasReadTransfers = false;
  #accountCount = 0;
  #unreadableCount = 0;

  /** @param debtorId the only currency that counts; `undefined` for all */
  constructor(file: FactsFile, debtorId: bigint | undefined, now: Timestamp) {
    this.#file = file;
    this.#debtorId = debtorId;
    this.#now = now;
    file.create(...TABLES);
  }

  takeAccounts(page: readonly ReadItem<Account>[]): void {
    this.#take(
      page,
      ({ debtorId }) => debtorId,
      (account) => this.#addAccount(account),
    );
  }

  /** Keeps what is under way; other transfers change no balance any more. */
  takeTransfers(page: readonly ReadItem<TransferRecord>[]): void {
    this.#hasReadTransfers = true;
    this.#take(
      page,
      ({ sender }) => sender.debtorId,
      (record) => {
        if (hasStatus(record, 'committed')) {
          this.#file.insert(UNDER_WAY, { debtorId: record.sender.debtorId, amount: record.payment.amount });
        }
      },
    );
  }

  /** How many accounts were kept. */
  get accountCount(): number {
    return this.#accountCount;
  }

  /** How many items can't be read. */
  get unreadableCount(): number {
    return this.#unreadableCount;
  }

  /** To be called when everything is read. */
  complete(): void {
    this.#file.index(...TABLES);
  }

  *currencies(): Generator<bigint> {
    const currencies = TABLES.map(({ name }) => `SELECT debtorId FROM ${name} WHERE debtorId IS NOT NULL`);
    for (const { debtorId } of this.#file.rows(`${currencies.join(' UNION ')} ORDER BY debtorId`)) {
      yield BigInt(debtorId ?? 0);
    }
  }

  balancesOf(debtorId: bigint): Generator<Balance> {
    return this.#file.each(BALANCES, `WHERE debtorId = ? ORDER BY ${ACCOUNT_ORDER}`, debtorId);
  }

  /** The sum of the credits that are still under way; `undefined` where transfers were not read. */
  underWayOf(debtorId: bigint): bigint | undefined {
    let sum = 0n;
    for (const { amount } of this.#file.each(UNDER_WAY, 'WHERE debtorId = ?', debtorId)) {
      sum += amount;
    }
    return this.#hasReadTransfers ? sum : undefined;
  }

  /** Why items of the currency can't be read. Their amounts are missing. */
  *unreadableOf(debtorId: bigint): Generator<string> {
    for (const { sentence } of this.#file.each(UNREADABLE, 'WHERE debtorId = ?', debtorId)) {
      yield sentence;
    }
  }

  /** Items of which not even the currency can be read. */
  *unreadableOfNoCurrency(): Generator<string> {
    for (const { sentence } of this.#file.each(UNREADABLE, 'WHERE debtorId IS NULL')) {
      yield sentence;
    }
  }

  #take<T>(page: readonly ReadItem<T>[], debtorOf: (value: T) => bigint, add: (value: T) => void): void {
    for (const item of page) {
      const debtorId = 'value' in item ? debtorOf(item.value) : item.debtorId;
      if (this.#debtorId !== undefined && debtorId !== undefined && debtorId !== this.#debtorId) {
        continue;
      }
      if ('value' in item) {
        add(item.value);
      } else {
        this.#unreadableCount += 1;
        this.#file.insert(UNREADABLE, { debtorId, sentence: item.corrupt.message });
      }
    }
  }

  #addAccount(account: Account): void {
    this.#accountCount += 1;
    this.#file.insert(BALANCES, balanceOf(account, this.#now));
  }
}
