/** What an audit has read, kept so that all that concerns one account comes back together. What it means is up to the rules. */

import type { Account, AccountKey } from '../../rules/account.ts';
import type {
  LedgerAccount,
  LedgerSides,
  NumberedSide,
  OwnedSide,
  UnnumberedSide,
} from './checks/ledger-sides.ts';
import { type AuditFile, integerOf, type Row, textOf } from './facts-file.ts';

export type AccountFact = LedgerAccount & Pick<Account, 'totalLockedAmount' | 'pendingTransfersCount'>;

/** All that concerns one account key; there may be no account. */
export interface AccountFacts {
  readonly key: AccountKey;
  readonly account: AccountFact | undefined;
  readonly lockedAmounts: () => Iterable<bigint>;
  readonly sides: LedgerSides;
}

const TABLES = `
  CREATE TABLE accounts (debtor INTEGER, creditor INTEGER, created, principal, clipped, locked, pending, lastNumber,
    lastCommitted, lastChange);
  CREATE TABLE locks (debtor INTEGER, creditor INTEGER, amount);
  CREATE TABLE numbered (debtor INTEGER, creditor INTEGER, created, number INTEGER, principal, acquired, at INTEGER,
    committed, transfer);
  CREATE TABLE unnumbered (debtor INTEGER, creditor INTEGER, acquired, at INTEGER, byWriter);
  CREATE TABLE underWay (debtor INTEGER, amount);
  CREATE TABLE unreadable (debtor INTEGER);
`;

/** Made when all is read: sorting once is faster than keeping in order. */
const INDEXES = `
  CREATE INDEX accountsByKey ON accounts (debtor, creditor);
  CREATE INDEX locksByKey ON locks (debtor, creditor);
  CREATE INDEX numberedByKey ON numbered (debtor, creditor, created DESC, number DESC);
  CREATE INDEX unnumberedByKey ON unnumbered (debtor, creditor, at DESC);
  CREATE INDEX underWayByDebtor ON underWay (debtor);
  CREATE INDEX unreadableByDebtor ON unreadable (debtor);
`;

const OF_KEY = 'WHERE debtor = ? AND creditor = ?';
const ACCOUNT = `SELECT * FROM accounts ${OF_KEY}`;
const LOCKS = `SELECT amount FROM locks ${OF_KEY}`;
const NUMBERED = `SELECT * FROM numbered ${OF_KEY} ORDER BY created DESC, number DESC, transfer`;
const UNNUMBERED = `SELECT * FROM unnumbered ${OF_KEY} ORDER BY at DESC`;
const KEYS = ['accounts', 'locks', 'numbered', 'unnumbered']
  .map((table) => `SELECT debtor, creditor FROM ${table}`)
  .join(' UNION ')
  .concat(' ORDER BY debtor, creditor');
const UNDER_WAY = 'SELECT amount FROM underWay WHERE debtor = ?';
const UNREADABLE = 'SELECT count(*) AS count FROM unreadable WHERE debtor = ?';

export class AuditFacts {
  readonly #file: AuditFile;

  constructor(file: AuditFile) {
    this.#file = file;
    file.define(TABLES);
  }

  addAccount(account: Account): void {
    this.#file.insert('accounts', {
      debtor: account.debtorId,
      creditor: account.creditorId,
      created: account.creationDate,
      principal: account.principal,
      clipped: account.clippedAmount,
      locked: account.totalLockedAmount,
      pending: BigInt(account.pendingTransfersCount),
      lastNumber: account.lastTransferNumber,
      lastCommitted: account.lastTransferCommittedAt,
      lastChange: account.lastChangeTs,
    });
  }

  /** An amount that a prepared transfer locks on its sender's account. */
  addLock({ debtorId, creditorId }: AccountKey, amount: bigint): void {
    this.#file.insert('locks', { debtor: debtorId, creditor: creditorId, amount });
  }

  /** A payment that was debited and not credited yet. */
  addCreditUnderWay(debtorId: bigint, amount: bigint): void {
    this.#file.insert('underWay', { debtor: debtorId, amount });
  }

  /** An item of the currency that can't be read, so that its sums are not known. */
  addUnreadable(debtorId: bigint): void {
    this.#file.insert('unreadable', { debtor: debtorId });
  }

  addSide(side: OwnedSide): void {
    const common = {
      debtor: side.owner.debtorId,
      creditor: side.owner.creditorId,
      acquired: side.acquiredAmount,
      at: side.at,
    };
    if (side.kind === 'unnumbered') {
      this.#file.insert('unnumbered', { ...common, byWriter: side.isByWritersClock ? 1n : 0n });
    } else {
      this.#file.insert('numbered', {
        ...common,
        created: side.creationDate,
        number: side.transferNumber,
        principal: side.principal,
        committed: side.committedAt,
        transfer: side.transfer,
      });
    }
  }

  /** Nothing is added after this. */
  complete(): void {
    this.#file.define(INDEXES);
  }

  /** By currency, and in it by creditor ID. */
  *accounts(): Generator<AccountFacts> {
    for (const { debtor, creditor } of this.#file.each(KEYS)) {
      yield this.#factsOf({ debtorId: integerOf(debtor), creditorId: integerOf(creditor) });
    }
  }

  *creditsUnderWay(debtorId: bigint): Generator<bigint> {
    for (const { amount } of this.#file.each(UNDER_WAY, debtorId)) {
      yield integerOf(amount);
    }
  }

  unreadableCount(debtorId: bigint): number {
    return Number(this.#file.all(UNREADABLE, debtorId)[0]?.count ?? 0);
  }

  #factsOf(key: AccountKey): AccountFacts {
    const { debtorId, creditorId } = key;
    const [row] = this.#file.all(ACCOUNT, debtorId, creditorId);
    return {
      key,
      account: row && accountOf(key, row),
      lockedAmounts: () => this.#map(LOCKS, key, ({ amount }) => integerOf(amount)),
      sides: {
        numbered: this.#map(NUMBERED, key, numberedOf),
        unnumbered: () => this.#map(UNNUMBERED, key, unnumberedOf),
      },
    };
  }

  *#map<T>(sql: string, { debtorId, creditorId }: AccountKey, convert: (row: Row) => T): Generator<T> {
    for (const row of this.#file.each(sql, debtorId, creditorId)) {
      yield convert(row);
    }
  }
}

function accountOf(key: AccountKey, row: Row): AccountFact {
  return {
    ...key,
    creationDate: textOf(row.created),
    principal: integerOf(row.principal),
    clippedAmount: integerOf(row.clipped),
    totalLockedAmount: integerOf(row.locked),
    pendingTransfersCount: Number(integerOf(row.pending)),
    lastTransferNumber: integerOf(row.lastNumber),
    lastTransferCommittedAt: integerOf(row.lastCommitted),
    lastChangeTs: integerOf(row.lastChange),
  };
}

function numberedOf(row: Row): NumberedSide {
  return {
    creationDate: textOf(row.created),
    transferNumber: integerOf(row.number),
    principal: integerOf(row.principal),
    acquiredAmount: integerOf(row.acquired),
    at: integerOf(row.at),
    committedAt: integerOf(row.committed),
    transfer: textOf(row.transfer),
  };
}

function unnumberedOf(row: Row): UnnumberedSide {
  return {
    acquiredAmount: integerOf(row.acquired),
    at: integerOf(row.at),
    isByWritersClock: row.byWriter === 1n,
  };
}
