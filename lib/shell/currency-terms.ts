/** The terms of currencies that a sweep comes across: read when they are first needed, and once more before they are adopted. */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { type Account, type CurrencyTerms, isRootAccount, printAccountKey } from '../rules/account.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import { CorruptItemError } from '../storage/errors.ts';
import type { LedgerStore, ReadOptions } from '../storage/ledger-store.ts';
import { withRetries } from './retry.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface CurrencyTermsTools {
  readonly store: LedgerStore;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

/** Accounts of one currency are spread over all pages, so its terms are kept; more currencies than this are read again. */
const MAX_KNOWN = 10_000;

export class KnownTerms {
  readonly #tools: CurrencyTermsTools;
  /** `undefined` for a currency whose root account is missing or can't be read. */
  readonly #known = new Map<bigint, CurrencyTerms | undefined>();

  constructor(tools: CurrencyTermsTools) {
    this.#tools = tools;
  }

  /** What the account is to adopt: its own terms, which is nothing new, where its currency's are unknown. */
  of({ debtorId, interestRate, debtorInfo }: Account): CurrencyTerms {
    return this.#known.get(debtorId) ?? { rate: interestRate, debtorInfo };
  }

  /** Learns the terms of these accounts' currencies, as far as they are not known; they may be a little old. */
  async learn(accounts: readonly Account[]): Promise<void> {
    if (this.#known.size > MAX_KNOWN) {
      this.#known.clear();
    }
    for (const root of accounts.filter(isRootAccount)) {
      this.#known.set(root.debtorId, termsOfCurrency(root));
    }
    const debtorIds = accounts.map(({ debtorId }) => debtorId);
    await this.#read(
      debtorIds.filter((debtorId) => !this.#known.has(debtorId)),
      { consistent: false },
    );
  }

  /** Learns them anew, as they are now: a rate that is adopted from the past would stick until it may change again. */
  async confirm(accounts: readonly Account[]): Promise<void> {
    await this.#read(
      accounts.map(({ debtorId }) => debtorId),
      { consistent: true },
    );
  }

  async #read(debtorIds: readonly bigint[], options: ReadOptions): Promise<void> {
    const unique = [...new Set(debtorIds)];
    try {
      const roots = await this.#loadRoots(unique, options);
      for (const debtorId of unique) {
        this.#known.set(debtorId, termsOfCurrency(roots.get(printAccountKey(rootOf(debtorId)))));
      }
    } catch (error) {
      if (!(error instanceof CorruptItemError)) {
        throw error;
      }
      await this.#readOneByOne(unique, options, error);
    }
  }

  /** Finds out which root accounts can't be read, so that the other currencies don't suffer from them. */
  async #readOneByOne(debtorIds: readonly bigint[], options: ReadOptions, error: unknown): Promise<void> {
    const [only, ...others] = debtorIds;
    if (only !== undefined && others.length === 0) {
      this.#known.set(only, undefined);
      this.#tools.telemetry.count('Sweep.accounts.unknown-terms');
      this.#tools.telemetry.warn('The terms of a currency are unknown.', { debtorId: only, error });
      return;
    }
    for (const debtorId of debtorIds) {
      await this.#read([debtorId], options);
    }
  }

  #loadRoots(debtorIds: readonly bigint[], options: ReadOptions): Promise<Map<string, Account>> {
    const { store, surroundings, telemetry } = this.#tools;
    const load = () => store.loadAccounts(debtorIds.map(rootOf), options);
    return withRetries(() => measured(telemetry, 'Load', load), surroundings, telemetry);
  }
}

function rootOf(debtorId: bigint) {
  return { debtorId, creditorId: ROOT_CREDITOR_ID };
}
