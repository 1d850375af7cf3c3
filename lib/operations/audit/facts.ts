/** What an audit has read, kept so that everything about one account can be read together. The checks say what it means. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import type { Account, AccountKey } from '../../rules/account.ts';
import type {
  LedgerAccount,
  LedgerSides,
  Mention,
  NumberedSide,
  OwnedSide,
  UnnumberedSide,
} from './checks/ledger-sides.ts';
import type { AuditFile, FactTable } from './facts-file.ts';

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

const KEY = { debtorId: 'integer', creditorId: 'integer' } as const;
type Keyed<T> = AccountKey & T;

const ACCOUNTS: FactTable<AccountFact> = {
  name: 'accounts',
  columns: {
    ...KEY,
    creationDate: 'text',
    principal: 'integer',
    clippedAmount: 'integer',
    totalLockedAmount: 'integer',
    pendingTransfersCount: 'count',
    lastTransferNumber: 'integer',
    lastTransferCommittedAt: 'integer',
    lastChangeTs: 'integer',
  },
};
/** Amounts that prepared transfers lock on their senders' accounts. */
const LOCKS: FactTable<Keyed<{ amount: bigint }>> = { name: 'locks', columns: { ...KEY, amount: 'integer' } };
const NUMBERED: FactTable<Keyed<NumberedSide>> = {
  name: 'numbered',
  columns: {
    ...KEY,
    creationDate: 'text',
    transferNumber: 'integer',
    principal: 'integer',
    acquiredAmount: 'integer',
    at: 'integer',
    committedAt: 'integer',
    transfer: 'text',
  },
};
const UNNUMBERED: FactTable<Keyed<UnnumberedSide>> = {
  name: 'unnumbered',
  columns: { ...KEY, acquiredAmount: 'integer', at: 'integer', isByWritersClock: 'flag' },
};
const MENTIONS: FactTable<Keyed<{ at: Timestamp }>> = {
  name: 'mentions',
  columns: { ...KEY, at: 'integer' },
};
/** Payments that were debited but not credited yet. */
const UNDER_WAY: FactTable<{ debtorId: bigint; amount: bigint }> = {
  name: 'underWay',
  columns: { debtorId: 'integer', amount: 'integer' },
};
/** Items that can't be used, so that the sums of their currency are unknown. */
const UNREADABLE: FactTable<{ debtorId: bigint }> = { name: 'unreadable', columns: { debtorId: 'integer' } };

/** What the accounts of one currency add up to. */
export interface CurrencySum {
  readonly debtorId: bigint;
  /** The principals without the kept transfers that they include: 0 when no money was lost or created. */
  readonly difference: bigint;
  /** Bounds of what `difference` may include or not: changes made while the accounts were read. */
  readonly doubtfulLow: bigint;
  readonly doubtfulHigh: bigint;
}
const SUMS: FactTable<CurrencySum> = {
  name: 'sums',
  columns: {
    debtorId: 'integer',
    difference: 'integer',
    doubtfulLow: 'integer',
    doubtfulHigh: 'integer',
  },
};
/** What the kept transfers of missing accounts acquired. */
const LOST: FactTable<{ debtorId: bigint; amount: bigint }> = {
  name: 'lost',
  columns: { debtorId: 'integer', amount: 'integer' },
};

const OF_CURRENCY = 'WHERE debtorId = ?';
const OF_KEY = `${OF_CURRENCY} AND creditorId = ?`;
const OF_ACCOUNTS = [ACCOUNTS, LOCKS, NUMBERED, UNNUMBERED, MENTIONS];
const CURRENCIES = [...OF_ACCOUNTS, UNREADABLE].map(({ name }) => `SELECT debtorId FROM ${name}`);
const CREDITORS = OF_ACCOUNTS.map(({ name }) => `SELECT creditorId FROM ${name} WHERE debtorId = ?1`);

export class AuditFacts {
  readonly #file: AuditFile;

  constructor(file: AuditFile) {
    this.#file = file;
    for (const table of [...OF_ACCOUNTS, UNDER_WAY, UNREADABLE, SUMS, LOST]) {
      file.create(table);
    }
    file.index(LOST, 'debtorId');
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
    const key = 'debtorId, creditorId';
    this.#file.index(ACCOUNTS, key);
    this.#file.index(LOCKS, key);
    this.#file.index(NUMBERED, `${key}, creationDate DESC, transferNumber DESC`);
    this.#file.index(UNNUMBERED, `${key}, at DESC`);
    this.#file.index(MENTIONS, key);
    this.#file.index(UNDER_WAY, 'debtorId');
    this.#file.index(UNREADABLE, 'debtorId');
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
