/**
 * What the console keeps of the tables: a row for each account and currency, in a temporary file, so that a ledger of any
 * size can be paged, sorted and searched. A row is replaced when its item is read again, and sums follow.
 */

import { type Account, type AccountKey, isRootAccount, printAccountKey } from '../../rules/account.ts';
import { hasStatus, type TransferRecord } from '../../rules/transfer.ts';
import type { RecordKey } from '../../storage/record-keys.ts';
import { ACCOUNT_ORDER, balanceOf } from '../balances/balance.ts';
import { FactsFile, type FactTable, integers } from '../facts-file.ts';
import type { AccountOrder, AccountRow, CurrencyRow } from './answers.ts';

interface KeptAccount extends AccountKey {
  /** As it is searched for. */
  readonly key: string;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly readAt: number;
  /** Of the account; grows with each change. */
  readonly version: bigint;
  /** What it adds to the sum of its currency. */
  readonly share: bigint;
  readonly principal: bigint;
  readonly locked: bigint;
  readonly available: bigint;
  /** The whole row in JSON, as it is shown. */
  readonly row: string;
}

interface KeptCurrency {
  readonly debtorId: bigint;
  readonly accountCount: number;
  readonly principals: bigint;
  readonly underWay: bigint;
}

interface UnderWay extends RecordKeyColumns {
  readonly amount: bigint;
}

interface RecordKeyColumns extends AccountKey {
  readonly transferId: bigint;
}

const ACCOUNTS: FactTable<KeptAccount> = {
  name: 'accounts',
  columns: {
    ...integers('debtorId', 'creditorId'),
    ...{ key: 'text', readAt: 'count' },
    ...integers('version', 'share', 'principal', 'locked', 'available'),
    row: 'text',
  } as FactTable<KeptAccount>['columns'],
  key: 'debtorId, creditorId',
  // With the key in it, a search need not look into the rows.
  order: `debtorId, ${ACCOUNT_ORDER}, key`,
};
const CURRENCIES: FactTable<KeptCurrency> = {
  name: 'currencies',
  columns: { ...integers('debtorId', 'principals', 'underWay'), accountCount: 'count' },
  key: 'debtorId',
};
const UNDER_WAY: FactTable<UnderWay> = {
  name: 'underWay',
  columns: integers('debtorId', 'creditorId', 'transferId', 'amount'),
  key: 'debtorId, creditorId, transferId',
};

const OF_ACCOUNT = 'debtorId = ? AND creditorId = ?';
const OF_TRANSFER = `${OF_ACCOUNT} AND transferId = ?`;

/** Which rows of a list are wanted. */
export interface Wish {
  /** Part of an account's key, or of a debtor's ID; empty for all. */
  readonly text: string;
  readonly first: number;
  readonly maxCount: number;
}

/** How a currency changes by what was read. */
interface Change {
  readonly accounts: number;
  readonly principals: bigint;
  readonly underWay: bigint;
}

const NO_CHANGE: Change = { accounts: 0, principals: 0n, underWay: 0n };

export class LedgerBook {
  readonly #file = new FactsFile();
  readonly #orders = new Set<AccountOrder>();
  readonly #unreadable: string[] = [];
  #unreadableCount = 0;

  constructor() {
    this.#file.create(ACCOUNTS, CURRENCIES, UNDER_WAY);
    this.#file.index(ACCOUNTS);
  }

  /**
   * Keeps each account, unless a later state of it is kept already.
   * @param now milliseconds since 1970, on the functions' clock
   */
  putAccounts(accounts: readonly Account[], now: number): void {
    const changes = new Map<bigint, Change>();
    for (const account of accounts) {
      const before = this.#kept(account);
      if (before === undefined || before.version <= account.version) {
        const share = this.#insert(account, now) - (before?.share ?? 0n);
        const { accounts: count, principals } = changes.get(account.debtorId) ?? NO_CHANGE;
        const isNew = before === undefined ? 1 : 0;
        changes.set(account.debtorId, {
          accounts: count + isNew,
          principals: principals + share,
          underWay: 0n,
        });
      }
    }
    for (const [debtorId, change] of changes) {
      this.#change(debtorId, change);
    }
  }

  /** @returns what the account adds to the sum of its currency */
  #insert(account: Account, now: number): bigint {
    const { debtorId, creditorId, version, interestRate, clippedAmount } = account;
    const { principal, interest, totalLockedAmount, availableAmount, state } = balanceOf(
      account,
      BigInt(now) * 1_000n,
    );
    const key = printAccountKey(account);
    const row: AccountRow = {
      key,
      principal: `${principal}`,
      interest: Number(interest),
      interestRate,
      locked: `${totalLockedAmount}`,
      available: `${availableAmount}`,
      isRoot: isRootAccount(account),
      state,
    };
    const share = principal + clippedAmount;
    this.#file.insert(ACCOUNTS, {
      ...{ debtorId, creditorId, key, readAt: now, version, share, principal },
      ...{ locked: totalLockedAmount, available: availableAmount, row: JSON.stringify(row) },
    });
    return share;
  }

  /** To be called for an account that is no longer in the table. */
  removeAccount({ debtorId, creditorId }: AccountKey): void {
    const before = this.#kept({ debtorId, creditorId });
    if (before !== undefined) {
      this.#file.remove(ACCOUNTS, OF_ACCOUNT, debtorId, creditorId);
      this.#change(debtorId, { accounts: -1, principals: -before.share, underWay: 0n });
    }
  }

  putRecord(record: TransferRecord): void {
    const amount = hasStatus(record, 'committed') ? record.payment.amount : 0n;
    this.#putUnderWay(record, amount);
  }

  /** To be called for an item of the transfers table that is no longer there. */
  removeRecord(key: RecordKey): void {
    this.#putUnderWay(key, 0n);
  }

  #putUnderWay({ sender: { debtorId, creditorId }, transferId }: RecordKey, amount: bigint): void {
    const [before] = this.#file.each(UNDER_WAY, `WHERE ${OF_TRANSFER}`, debtorId, creditorId, transferId);
    if (amount !== 0n) {
      this.#file.insert(UNDER_WAY, { debtorId, creditorId, transferId, amount });
    } else if (before !== undefined) {
      this.#file.remove(UNDER_WAY, OF_TRANSFER, debtorId, creditorId, transferId);
    }
    const underWay = amount - (before?.amount ?? 0n);
    if (underWay !== 0n) {
      this.#change(debtorId, { accounts: 0, principals: 0n, underWay });
    }
  }

  noteUnreadable(sentence: string): void {
    this.#unreadableCount += 1;
    if (this.#unreadable.length < MAX_SENTENCES) {
      this.#unreadable.push(sentence);
    }
  }

  get unreadable(): { readonly count: number; readonly sentences: readonly string[] } {
    return { count: this.#unreadableCount, sentences: this.#unreadable };
  }

  /** Transfers that were committed when they were read, and not credited. */
  underWay(maxCount: number): readonly RecordKey[] {
    const kept = this.#file.each(UNDER_WAY, 'LIMIT ?', BigInt(maxCount));
    return [...kept].map(({ debtorId, creditorId, transferId }) => ({
      sender: { debtorId, creditorId },
      transferId,
    }));
  }

  accounts(
    { text, first, maxCount }: Wish,
    order: AccountOrder,
  ): readonly (AccountKey & { readonly readAt: number; readonly row: AccountRow })[] {
    this.#indexBy(order);
    const columns = order === 'account' ? `debtorId, ${ACCOUNT_ORDER}` : `"${order}" DESC`;
    const [condition, values] = containing('key', text);
    const rest = `WHERE ${condition} ORDER BY ${columns} LIMIT ? OFFSET ?`;
    const kept = this.#file.each(ACCOUNTS, rest, ...values, BigInt(maxCount), BigInt(first));
    return [...kept].map(({ debtorId, creditorId, readAt, row }) => ({
      ...{ debtorId, creditorId, readAt },
      row: JSON.parse(row) as AccountRow,
    }));
  }

  countAccounts(text: string): number {
    const [condition, values] = containing('key', text);
    return this.#file.count(ACCOUNTS, condition, ...values);
  }

  currencies({ text, first, maxCount }: Wish): readonly Required<CurrencyRow>[] {
    const [condition, values] = containing('debtorId', text);
    const rest = `WHERE ${condition} ORDER BY debtorId LIMIT ? OFFSET ?`;
    const kept = this.#file.each(CURRENCIES, rest, ...values, BigInt(maxCount), BigInt(first));
    return [...kept].map(({ debtorId, accountCount, principals, underWay }) => ({
      ...{ debtorId: `${debtorId}`, accountCount },
      ...{ together: `${principals + underWay}`, underWay: `${underWay}` },
    }));
  }

  countCurrencies(text: string): number {
    const [condition, values] = containing('debtorId', text);
    return this.#file.count(CURRENCIES, condition, ...values);
  }

  close(): void {
    this.#file.close();
  }

  #kept({ debtorId, creditorId }: AccountKey): Pick<KeptAccount, 'version' | 'share'> | undefined {
    const sql = `SELECT version, share FROM ${ACCOUNTS.name} WHERE ${OF_ACCOUNT}`;
    const [kept] = this.#file.rows(sql, debtorId, creditorId);
    return kept && { version: BigInt(kept.version ?? 0), share: BigInt(kept.share ?? 0) };
  }

  #change(debtorId: bigint, change: Change): void {
    const [before] = this.#file.each(CURRENCIES, 'WHERE debtorId = ?', debtorId);
    const after = {
      debtorId,
      accountCount: (before?.accountCount ?? 0) + change.accounts,
      principals: (before?.principals ?? 0n) + change.principals,
      underWay: (before?.underWay ?? 0n) + change.underWay,
    };
    if (after.accountCount === 0 && after.underWay === 0n) {
      this.#file.remove(CURRENCIES, 'debtorId = ?', debtorId);
    } else {
      this.#file.insert(CURRENCIES, after);
    }
  }

  /** An index takes a while, so it is made when somebody wants the order. */
  #indexBy(order: AccountOrder): void {
    if (order !== 'account' && !this.#orders.has(order)) {
      this.#orders.add(order);
      this.#file.index({ ...ACCOUNTS, order: `${order}, key` });
    }
  }
}

/** So many reasons are kept, since one fault may be in many items. */
const MAX_SENTENCES = 10;

/** The condition that a column contains the text, and the values for it. */
function containing(column: string, text: string): readonly [condition: string, values: readonly string[]] {
  return text === '' ? ['TRUE', []] : [`instr("${column}", ?) > 0`, [text]];
}
