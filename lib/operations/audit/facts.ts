/** What an audit has read, kept so that everything about one account can be read together. The checks say what it means. */

import type { Account, AccountKey } from '../../rules/account.ts';
import type {
  LedgerAccount,
  LedgerSides,
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
/** Payments that were debited but not credited yet. */
const UNDER_WAY: FactTable<{ debtorId: bigint; amount: bigint }> = {
  name: 'underWay',
  columns: { debtorId: 'integer', amount: 'integer' },
};
/** Items that can't be used, so that the sums of their currency are unknown. */
const UNREADABLE: FactTable<{ debtorId: bigint }> = { name: 'unreadable', columns: { debtorId: 'integer' } };

const OF_KEY = 'WHERE debtorId = ? AND creditorId = ?';
const KEYS = [ACCOUNTS, LOCKS, NUMBERED, UNNUMBERED]
  .map(({ name }) => `SELECT debtorId, creditorId FROM ${name}`)
  .join(' UNION ')
  .concat(' ORDER BY debtorId, creditorId');

export class AuditFacts {
  readonly #file: AuditFile;

  constructor(file: AuditFile) {
    this.#file = file;
    for (const table of [ACCOUNTS, LOCKS, NUMBERED, UNNUMBERED, UNDER_WAY, UNREADABLE]) {
      file.create(table);
    }
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

  /** To be called after the last addition: sorting once is faster than keeping the order. */
  complete(): void {
    const key = 'debtorId, creditorId';
    this.#file.index(ACCOUNTS, key);
    this.#file.index(LOCKS, key);
    this.#file.index(NUMBERED, `${key}, creationDate DESC, transferNumber DESC`);
    this.#file.index(UNNUMBERED, `${key}, at DESC`);
    this.#file.index(UNDER_WAY, 'debtorId');
    this.#file.index(UNREADABLE, 'debtorId');
  }

  /** By currency, and in it by creditor ID. */
  *accounts(): Generator<AccountFacts> {
    for (const { debtorId, creditorId } of this.#file.rows(KEYS)) {
      yield this.#factsOf({ debtorId: BigInt(debtorId ?? 0), creditorId: BigInt(creditorId ?? 0) });
    }
  }

  *creditsUnderWay(debtorId: bigint): Generator<bigint> {
    for (const { amount } of this.#file.each(UNDER_WAY, 'WHERE debtorId = ?', debtorId)) {
      yield amount;
    }
  }

  unreadableCount(debtorId: bigint): number {
    return this.#file.count(UNREADABLE, 'debtorId = ?', debtorId);
  }

  #factsOf(key: AccountKey): AccountFacts {
    const of = <T extends object>(table: FactTable<T>, order = ''): Generator<T> =>
      this.#file.each(table, `${OF_KEY} ${order}`, key.debtorId, key.creditorId);
    const [account] = of(ACCOUNTS);
    return {
      key,
      account,
      locks: () => of(LOCKS),
      sides: {
        numbered: of(NUMBERED, 'ORDER BY creationDate DESC, transferNumber DESC, transfer'),
        unnumbered: () => of(UNNUMBERED, 'ORDER BY at DESC'),
      },
    };
  }
}
