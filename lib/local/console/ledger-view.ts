/** What the console shows of the tables: currencies, accounts, and the transfers of one account. Reads only. */

import { type Account, type AccountKey, printAccountKey } from '../../rules/account.ts';
import { spendableAmount } from '../../rules/availability.ts';
import { currentInterest } from '../../rules/interest.ts';
import type { TransferRecord } from '../../rules/transfer.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';

export interface CurrencyRow {
  readonly debtorId: string;
  readonly accountCount: number;
  /** The sum of all principals and of the credits under way: 0, unless something was read while it changed. */
  readonly together: string;
  /** Amounts that were committed and have not reached their recipients. */
  readonly underWay: string;
}

export interface AccountRow {
  readonly debtorId: string;
  readonly creditorId: string;
  readonly principal: string;
  /** Not yet capitalized. */
  readonly interest: number;
  readonly interestRate: number;
  readonly locked: string;
  /** How much more may be locked or spent; a root account may issue. */
  readonly available: string;
  readonly isDeleted: boolean;
}

export interface LedgerView {
  /** Milliseconds since 1970, on the functions' clock: when the tables were read. */
  readonly at: number;
  readonly currencies: readonly CurrencyRow[];
  /** The accounts that were asked for, but not more than fit on a page. */
  readonly accounts: readonly AccountRow[];
  /** How many there are. */
  readonly accountCount: number;
  /** Items that can't be read. */
  readonly unreadable: readonly string[];
}

export interface LedgerQuery {
  /** Part of an account's key, `debtorId:creditorId`; empty for all. */
  readonly text: string;
}

/** What is kept of the tables until they are read again. */
interface Snapshot {
  readonly at: number;
  readonly accounts: readonly Account[];
  readonly currencies: readonly CurrencyRow[];
  readonly unreadable: readonly string[];
}

export const MAX_ACCOUNTS_SHOWN = 200;
const WHOLE = { segment: 0, totalSegments: 1 };
/** Tables that take long to read are read less often: reading takes at most this share of the time. */
const MAX_SHARE = 0.1;

export class LedgerReader {
  readonly #reader: TableReader;
  readonly #now: () => number;
  #reading: Promise<Snapshot> | undefined;
  /** Until this instant of `performance.now`, the last reading is new enough. */
  #freshUntil = 0;

  /** @param now milliseconds since 1970, on the functions' clock */
  constructor(reader: TableReader, now: () => number) {
    this.#reader = reader;
    this.#now = now;
  }

  async view({ text }: LedgerQuery): Promise<LedgerView> {
    const { at, accounts, currencies, unreadable } = await this.#snapshot();
    const found = text === '' ? accounts : accounts.filter((one) => printAccountKey(one).includes(text));
    const now = BigInt(this.#now()) * 1_000n;
    return {
      ...{ at, currencies, unreadable, accountCount: found.length },
      accounts: found.slice(0, MAX_ACCOUNTS_SHOWN).map((account) => rowOf(account, now)),
    };
  }

  /** The transfers that the account has sent, as they are in the table now; those finished long ago are gone. */
  async transfersOf(sender: AccountKey): Promise<readonly TransferRecord[]> {
    const records: TransferRecord[] = [];
    for await (const page of this.#reader.queryRecords(sender)) {
      records.push(...valuesOf(page));
    }
    return records;
  }

  #snapshot(): Promise<Snapshot> {
    if (this.#reading === undefined || performance.now() > this.#freshUntil) {
      this.#freshUntil = Number.POSITIVE_INFINITY;
      const startedAt = performance.now();
      this.#reading = this.#read().finally(() => {
        const ended = performance.now();
        this.#freshUntil = ended + (ended - startedAt) / MAX_SHARE;
      });
    }
    return this.#reading;
  }

  async #read(): Promise<Snapshot> {
    const at = this.#now();
    const accounts: Account[] = [];
    const unreadable: string[] = [];
    for await (const page of this.#reader.scanAccounts(WHOLE)) {
      accounts.push(...valuesOf(page));
      unreadable.push(...faultsOf(page));
    }
    const underWay = new Map<bigint, bigint>();
    for await (const page of this.#reader.scanRecords(WHOLE)) {
      for (const record of valuesOf(page)) {
        if (record.kind === 'transfer' && record.status === 'committed') {
          const { debtorId } = record.sender;
          underWay.set(debtorId, (underWay.get(debtorId) ?? 0n) + record.payment.amount);
        }
      }
      unreadable.push(...faultsOf(page));
    }
    accounts.sort(byKey);
    return { at, accounts, unreadable, currencies: currenciesOf(accounts, underWay) };
  }
}

function valuesOf<T>(page: readonly ReadItem<T>[]): readonly T[] {
  return page.flatMap((item) => ('value' in item ? [item.value] : []));
}

function faultsOf(page: readonly ReadItem<unknown>[]): readonly string[] {
  return page.flatMap((item) => ('corrupt' in item ? [item.corrupt.message] : []));
}

function byKey(a: Account, b: Account): number {
  const difference = a.debtorId === b.debtorId ? a.creditorId - b.creditorId : a.debtorId - b.debtorId;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function currenciesOf(
  accounts: readonly Account[],
  underWay: ReadonlyMap<bigint, bigint>,
): readonly CurrencyRow[] {
  const sums = new Map<bigint, { count: number; sum: bigint }>();
  for (const { debtorId, principal, clippedAmount } of accounts) {
    const entry = sums.get(debtorId) ?? { count: 0, sum: underWay.get(debtorId) ?? 0n };
    sums.set(debtorId, { count: entry.count + 1, sum: entry.sum + principal + clippedAmount });
  }
  return [...sums].map(([debtorId, { count, sum }]) => ({
    debtorId: `${debtorId}`,
    accountCount: count,
    together: `${sum}`,
    underWay: `${underWay.get(debtorId) ?? 0n}`,
  }));
}

function rowOf(account: Account, now: bigint): AccountRow {
  return {
    debtorId: `${account.debtorId}`,
    creditorId: `${account.creditorId}`,
    principal: `${account.principal}`,
    interest: currentInterest(account, now),
    interestRate: account.interestRate,
    locked: `${account.totalLockedAmount}`,
    available: `${spendableAmount(account, now)}`,
    isDeleted: account.deletedAt !== undefined,
  };
}
