/** What an audit has found, what it still doubts, and what it says of each currency; kept until it is reported. */

import type { AccountKey } from '../../rules/account.ts';
import type { AuditCheckName } from './checks/checks.ts';
import { type AuditFile, integerOf, type Row, textOf } from './facts-file.ts';

/** Something that is not as it must be. */
export interface Finding {
  readonly check: AuditCheckName;
  /** `undefined` where the item does not even tell its currency. */
  readonly debtorId: bigint | undefined;
  /** What it is about, e.g. `account 1:2`. */
  readonly subject: string;
  readonly sentence: string;
}

/** Something that a change during the reading may explain, so that it has to be looked at again. */
export interface Suspicion {
  readonly kind: 'locks' | 'overdue-update' | 'overdue-credit' | 'missing-account' | 'unknown-transfer';
  readonly account: AccountKey;
  /** Of `overdue-credit`. */
  readonly transferId?: bigint;
  /** Of `unknown-transfer`: what the account must know of by now. */
  readonly creationDate?: string;
  readonly transferNumber?: bigint;
  /** What the transfer is called, where there is one. */
  readonly transfer?: string;
}

/** What the audit of one currency comes to, besides its findings. */
export interface CurrencySummary {
  readonly debtorId: bigint;
  readonly accountCount: number;
  readonly creditsUnderWayCount: number;
  readonly creditsUnderWay: bigint;
}

const TABLES = `
  CREATE TABLE suspicions (kind, debtor INTEGER, creditor INTEGER, transferId INTEGER, created, number, transfer);
  CREATE TABLE findings (debtor INTEGER, checkName, subject, sentence);
  CREATE TABLE unverified (debtor INTEGER, sentence);
  CREATE TABLE currencies (debtor INTEGER, accountCount, underWayCount, underWay);
`;

const FINDINGS_OF = 'SELECT * FROM findings WHERE debtor IS ? ORDER BY rowid';
const FINDINGS_WITHOUT_CURRENCY =
  'SELECT * FROM findings WHERE debtor IS NULL OR debtor NOT IN (SELECT debtor FROM currencies) ORDER BY debtor, rowid';
const COUNTS_OF = 'SELECT checkName, count(*) AS count FROM findings WHERE debtor IS ? GROUP BY checkName';
const FINDING_COUNT = 'SELECT count(*) AS count FROM findings';
const CURRENCIES = 'SELECT * FROM currencies ORDER BY debtor';
const UNVERIFIED_OF = 'SELECT sentence FROM unverified WHERE debtor = ? ORDER BY rowid';
const SUSPICIONS = 'SELECT rowid AS row, * FROM suspicions WHERE rowid > ? ORDER BY rowid LIMIT ?';
const SUSPICION_COUNT = 'SELECT count(*) AS count FROM suspicions';

export class AuditFindings {
  readonly #file: AuditFile;

  constructor(file: AuditFile) {
    this.#file = file;
    file.define(TABLES);
  }

  add({ check, debtorId, subject, sentence }: Finding): void {
    this.#file.insert('findings', { debtor: debtorId, checkName: check, subject, sentence });
  }

  addUnverified(debtorId: bigint, sentence: string): void {
    this.#file.insert('unverified', { debtor: debtorId, sentence });
  }

  addCurrency({ debtorId, accountCount, creditsUnderWayCount, creditsUnderWay }: CurrencySummary): void {
    this.#file.insert('currencies', {
      debtor: debtorId,
      accountCount: BigInt(accountCount),
      underWayCount: BigInt(creditsUnderWayCount),
      underWay: creditsUnderWay,
    });
  }

  suspect({ kind, account, transferId, creationDate, transferNumber, transfer }: Suspicion): void {
    this.#file.insert('suspicions', {
      kind,
      debtor: account.debtorId,
      creditor: account.creditorId,
      transferId,
      created: creationDate,
      number: transferNumber,
      transfer,
    });
  }

  get count(): number {
    return Number(this.#file.all(FINDING_COUNT)[0]?.count ?? 0);
  }

  get suspicionCount(): number {
    return Number(this.#file.all(SUSPICION_COUNT)[0]?.count ?? 0);
  }

  /** In slices, so that findings can be added meanwhile. */
  *suspicions(sliceSize: number): Generator<readonly Suspicion[]> {
    let last = 0n;
    for (;;) {
      const rows = this.#file.all(SUSPICIONS, last, BigInt(sliceSize));
      if (rows.length === 0) {
        return;
      }
      yield rows.map(suspicionOf);
      last = integerOf(rows.at(-1)?.row);
    }
  }

  *currencies(): Generator<CurrencySummary> {
    for (const row of this.#file.each(CURRENCIES)) {
      yield {
        debtorId: integerOf(row.debtor),
        accountCount: Number(row.accountCount),
        creditsUnderWayCount: Number(row.underWayCount),
        creditsUnderWay: integerOf(row.underWay),
      };
    }
  }

  *of(debtorId: bigint): Generator<Finding> {
    for (const row of this.#file.each(FINDINGS_OF, debtorId)) {
      yield findingOf(row);
    }
  }

  /** Those of items that don't tell their currency, or are all that is left of it. */
  *ofNoCurrency(): Generator<Finding> {
    for (const row of this.#file.each(FINDINGS_WITHOUT_CURRENCY)) {
      yield findingOf(row);
    }
  }

  countsOf(debtorId: bigint): ReadonlyMap<AuditCheckName, number> {
    const rows = this.#file.all(COUNTS_OF, debtorId);
    return new Map(rows.map(({ checkName, count }) => [textOf(checkName) as AuditCheckName, Number(count)]));
  }

  unverifiedOf(debtorId: bigint): readonly string[] {
    return this.#file.all(UNVERIFIED_OF, debtorId).map(({ sentence }) => textOf(sentence));
  }
}

function findingOf({ debtor, checkName, subject, sentence }: Row): Finding {
  return {
    check: textOf(checkName) as AuditCheckName,
    debtorId: typeof debtor === 'bigint' ? debtor : undefined,
    subject: textOf(subject),
    sentence: textOf(sentence),
  };
}

function suspicionOf({ kind, debtor, creditor, transferId, created, number, transfer }: Row): Suspicion {
  return {
    kind: kind as Suspicion['kind'],
    account: { debtorId: integerOf(debtor), creditorId: integerOf(creditor) },
    ...(typeof transferId === 'bigint' && { transferId }),
    ...(typeof created === 'string' && { creationDate: created }),
    ...(typeof number === 'bigint' && { transferNumber: number }),
    ...(typeof transfer === 'string' && { transfer }),
  };
}
