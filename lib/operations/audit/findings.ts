/** What an audit has found, what it must look at again, and its summary of each currency; kept until it is reported. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import type { AccountKey } from '../../rules/account.ts';
import { type FactsFile, type FactTable, integers } from '../facts-file.ts';
import type { AuditCheckName } from './checks/checks.ts';

/** Something that is wrong. */
export interface Finding {
  readonly check: AuditCheckName;
  /** `undefined` if the item's currency can't be read. */
  readonly debtorId?: bigint | undefined;
  /** What it is about, e.g. `account 1:2`. */
  readonly subject: string;
  readonly sentence: string;
}

/** Something that a concurrent change may explain, so that it has to be looked at again. */
export interface Suspicion extends AccountKey {
  readonly kind: 'locks' | 'overdue-update' | 'overdue-credit' | 'missing-account' | 'unknown-transfer';
  /** Of `overdue-credit`. */
  readonly transferId?: bigint;
  /** Of `missing-account`: when it existed, too short ago for a purge, and what its kept transfers acquired. */
  readonly existedAt?: Timestamp;
  readonly acquiredAmount?: bigint;
  /** Of `unknown-transfer`: what the account must include by now. */
  readonly creationDate?: string;
  readonly transferNumber?: bigint;
  /** The transfer's name in findings. */
  readonly transfer?: string;
}

/** What a check could not decide. */
export interface Undecided {
  readonly debtorId: bigint;
  readonly check: AuditCheckName;
  /** A clause that follows on `not verified:`. */
  readonly sentence: string;
}

/** What the audit says of one currency, besides its findings. */
export interface CurrencySummary {
  readonly debtorId: bigint;
  readonly accountCount: number;
  readonly creditsUnderWayCount: number;
  readonly creditsUnderWay: bigint;
}

const FINDINGS: FactTable<Finding> = {
  name: 'findings',
  columns: { check: 'text', debtorId: 'integer', subject: 'text', sentence: 'text' },
};
const SUSPICIONS: FactTable<Suspicion> = {
  name: 'suspicions',
  columns: {
    ...integers('debtorId', 'creditorId', 'transferId', 'existedAt', 'acquiredAmount', 'transferNumber'),
    kind: 'text',
    creationDate: 'text',
    transfer: 'text',
  },
};
const UNVERIFIED: FactTable<Undecided> = {
  name: 'unverified',
  columns: { debtorId: 'integer', check: 'text', sentence: 'text' },
};
const CURRENCIES: FactTable<CurrencySummary> = {
  name: 'currencies',
  columns: {
    ...integers('debtorId', 'creditsUnderWay'),
    accountCount: 'count',
    creditsUnderWayCount: 'count',
  },
};

export class AuditFindings {
  readonly #file: FactsFile;

  constructor(file: FactsFile) {
    this.#file = file;
    file.create(FINDINGS, SUSPICIONS, UNVERIFIED, CURRENCIES);
  }

  add(finding: Finding): void {
    this.#file.insert(FINDINGS, finding);
  }

  addUnverified(undecided: Undecided): void {
    this.#file.insert(UNVERIFIED, undecided);
  }

  addCurrency(summary: CurrencySummary): void {
    this.#file.insert(CURRENCIES, summary);
  }

  suspect(suspicion: Suspicion): void {
    this.#file.insert(SUSPICIONS, suspicion);
  }

  get count(): number {
    return this.#file.count(FINDINGS);
  }

  get suspicionCount(): number {
    return this.#file.count(SUSPICIONS);
  }

  /** In slices, so that findings can be added meanwhile. */
  *suspicions(sliceSize: number): Generator<readonly Suspicion[]> {
    for (let start = 0; ; start += sliceSize) {
      const range = [BigInt(start), BigInt(start + sliceSize)];
      const slice = [...this.#file.each(SUSPICIONS, 'WHERE rowid > ? AND rowid <= ?', ...range)];
      if (slice.length === 0) {
        return;
      }
      yield slice;
    }
  }

  currencies(): Generator<CurrencySummary> {
    return this.#file.each(CURRENCIES, 'ORDER BY debtorId');
  }

  of(debtorId: bigint): Generator<Finding> {
    return this.#file.each(FINDINGS, 'WHERE debtorId = ? ORDER BY rowid', debtorId);
  }

  /** Those of items whose currency can't be read, or has no other item. */
  ofNoCurrency(): Generator<Finding> {
    const others = 'debtorId IS NULL OR debtorId NOT IN (SELECT debtorId FROM currencies)';
    return this.#file.each(FINDINGS, `WHERE ${others} ORDER BY debtorId, rowid`);
  }

  countsOf(debtorId: bigint): ReadonlyMap<AuditCheckName, number> {
    const counts = new Map<AuditCheckName, number>();
    for (const { check } of this.of(debtorId)) {
      counts.set(check, (counts.get(check) ?? 0) + 1);
    }
    return counts;
  }

  unverifiedOf(debtorId: bigint): readonly Undecided[] {
    return [...this.#file.each(UNVERIFIED, 'WHERE debtorId = ? ORDER BY rowid', debtorId)];
  }
}
