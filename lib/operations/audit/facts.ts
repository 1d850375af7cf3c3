/** What an audit has read, kept so that everything about one account can be read together. The checks say what it means. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import type { Account, AccountKey } from '../../rules/account.ts';
import { type FactsFile, type FactTable, integers } from '../facts-file.ts';
import type {
  LedgerAccount,
  LedgerSides,
  Mention,
  NumberedSide,
  OwnedSide,
  UnnumberedSide,
} from './checks/ledger-sides.ts';

export type AccountFact = LedgerAccount & Pick<Account, 'totalLockedAmount' | 'pendingTransfersCount'>;

/** Everything about one account key; the account itself may not exist. */
export interface AccountFacts {
  readonly key: AccountKey;
  readonly account: AccountFact | undefined;
  readonly locks: () => Iterable<{ readonly amount: bigint }>;
  readonly sides: LedgerSides;
  /** Instants at which the account existed, apart from its sides. */
  readonly mentions: () => Iterable<{ readonly at: Timestamp }>;
}

/** What the accounts of one currency add up to. */
export interface CurrencySum {
  readonly debtorId: bigint;
  /** The principals without the kept transfers that they include: 0 when no money was lost or created. */
  readonly difference: bigint;
  /** Bounds of what `difference` may include or not: changes made while the accounts were read. */
  readonly doubtfulLow: bigint;
  readonly doubtfulHigh: bigint;
}

const KEY = integers('debtorId', 'creditorId');
const BY_KEY = 'debtorId, creditorId';
type Keyed<T> = AccountKey & T;
type Amount = { readonly debtorId: bigint; readonly amount: bigint };

const ACCOUNTS: FactTable<AccountFact> = {
  name: 'accounts',
  columns: {
    ...KEY,
    creationDate: 'text',
    ...integers('principal', 'clippedAmount', 'totalLockedAmount', 'lastTransferNumber'),
    ...integers('lastTransferCommittedAt', 'lastChangeTs'),
    pendingTransfersCount: 'count',
  },
  order: BY_KEY,
};
/** Amounts that prepared transfers lock on their senders' accounts. */
const LOCKS: FactTable<Keyed<Amount>> = {
  name: 'locks',
  columns: { ...KEY, ...integers('amount') },
  order: BY_KEY,
};
const NUMBERED: FactTable<Keyed<NumberedSide>> = {
  name: 'numbered',
  columns: {
    ...KEY,
    creationDate: 'text',
    ...integers('transferNumber', 'principal', 'acquiredAmount', 'at', 'committedAt'),
    transfer: 'text',
  },
  order: `${BY_KEY}, creationDate DESC, transferNumber DESC`,
};
const UNNUMBERED: FactTable<Keyed<UnnumberedSide>> = {
  name: 'unnumbered',
  columns: { ...KEY, ...integers('acquiredAmount', 'at'), isByWritersClock: 'flag' },
  order: `${BY_KEY}, at DESC`,
};
const MENTIONS: FactTable<Keyed<{ at: Timestamp }>> = {
  name: 'mentions',
  columns: { ...KEY, ...integers('at') },
  order: BY_KEY,
};
/** Payments that were debited but not credited yet. */
const UNDER_WAY: FactTable<Amount> = {
  name: 'underWay',
  columns: integers('debtorId', 'amount'),
  order: 'debtorId',
};
/** Items that can't be used, so that the sums of their currency are unknown. */
const UNREADABLE: FactTable<{ debtorId: bigint }> = {
  name: 'unreadable',
  columns: integers('debtorId'),
  order: 'debtorId',
};
const SUMS: FactTable<CurrencySum> = {
  name: 'sums',
  columns: integers('debtorId', 'difference', 'doubtfulLow', 'doubtfulHigh'),
};
/** What the kept transfers of missing accounts acquired. */
const LOST: FactTable<Amount> = { name: 'lost', columns: integers('debtorId', 'amount'), order: 'debtorId' };

const OF_CURRENCY = 'WHERE debtorId = ?';
const OF_KEY = `${OF_CURRENCY} AND creditorId = ?`;
const OF_ACCOUNTS = [ACCOUNTS, LOCKS, NUMBERED, UNNUMBERED, MENTIONS];
const READ = [...OF_ACCOUNTS, UNDER_WAY, UNREADABLE];
const CURRENCIES = READ.map(({ name }) => `SELECT debtorId FROM ${name}`);
const CREDITORS = OF_ACCOUNTS.map(({ name }) => `SELECT creditorId FROM ${name} WHERE debtorId = ?1`);

export class AuditFacts {
  readonly #file: FactsFile;

  constructor(file: FactsFile) {
    this.#file = file;
    file.create(...READ, SUMS, LOST);
    file.index(LOST);
  }

  addAccount(account: Account): void {
    this.#file.insert(ACCOUNTS, account);
  }

  addLock(sender: AccountKey, amount: bigint): void {
    this.#file.insert(LOCKS, { ...sender, amount });
  }

  addCreditUnderWay(debtorId: bigint, amount: bigint): void {
    this.#file.insert(UNDER_WAY, { debtorId, amount });
  }

  addUnreadable(debtorId: bigint): void {
    this.#file.insert(UNREADABLE, { debtorId });
  }

  addSide(side: OwnedSide): void {
    if (side.kind === 'numbered') {
      this.#file.insert(NUMBERED, { ...side.owner, ...side });
    } else {
      this.#file.insert(UNNUMBERED, { ...side.owner, ...side });
    }
  }

  addMention({ owner, at }: Mention): void {
    this.#file.insert(MENTIONS, { ...owner, at });
  }

  addSum(sum: CurrencySum): void {
    this.#file.insert(SUMS, sum);
  }

  addLost(debtorId: bigint, amount: bigint): void {
    this.#file.insert(LOST, { debtorId, amount });
  }

  /** To be called when everything is read: sorting once is faster than keeping the order. */
  complete(): void {
    this.#file.index(...READ);
  }

  /** The debtor IDs of all that was read. */
  *currencies(): Generator<bigint> {
    for (const { debtorId } of this.#file.rows(`${CURRENCIES.join(' UNION ')} ORDER BY debtorId`)) {
      yield BigInt(debtorId ?? 0);
    }
  }

  /** By creditor ID: the accounts of a currency, and whatever else its transfers mention. */
  *accountsOf(debtorId: bigint): Generator<AccountFacts> {
    for (const { creditorId } of this.#file.rows(
      `${CREDITORS.join(' UNION ')} ORDER BY creditorId`,
      debtorId,
    )) {
      yield this.#factsOf({ debtorId, creditorId: BigInt(creditorId ?? 0) });
    }
  }

  creditsUnderWay(debtorId: bigint): Iterable<{ readonly amount: bigint }> {
    return this.#file.each(UNDER_WAY, OF_CURRENCY, debtorId);
  }

  unreadableCount(debtorId: bigint): number {
    return this.#file.count(UNREADABLE, 'debtorId = ?', debtorId);
  }

  sums(): Iterable<CurrencySum> {
    return this.#file.each(SUMS, 'ORDER BY debtorId');
  }

  lostOf(debtorId: bigint): Iterable<{ readonly amount: bigint }> {
    return this.#file.each(LOST, OF_CURRENCY, debtorId);
  }

  #factsOf(key: AccountKey): AccountFacts {
    const of = <T extends object>(table: FactTable<T>, order = ''): Generator<T> =>
      this.#file.each(table, `${OF_KEY} ${order}`, key.debtorId, key.creditorId);
    const [account] = of(ACCOUNTS);
    return {
      key,
      account,
      locks: () => of(LOCKS),
      mentions: () => of(MENTIONS),
      sides: {
        numbered: of(NUMBERED, 'ORDER BY creationDate DESC, transferNumber DESC, transfer'),
        unnumbered: () => of(UNNUMBERED, 'ORDER BY at DESC'),
      },
    };
  }
}
