/** The terms of the currencies that a sweep meets: read when first needed, and again right before accounts adopt them. */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import {
  type Account,
  type AccountKey,
  type CurrencyTerms,
  isRootAccount,
  printAccountKey,
} from '../rules/account.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import type { ReadOptions } from '../storage/ledger-store.ts';
import type { Invocation } from './invocation.ts';
import { withRetries } from './retry.ts';
import { measured } from './telemetry.ts';

/** A currency's accounts are spread over all pages, so its terms are kept. Beyond so many currencies all are forgotten. */
const MAX_KNOWN = 10_000;

export class KnownTerms {
  readonly #invocation: Invocation;
  /** `undefined` for a currency whose root account is missing or can't be read. */
  readonly #known = new Map<bigint, CurrencyTerms | undefined>();

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
  }

  /** The terms that the account is to adopt. Where its currency's are unknown, those that it has. */
  of({ debtorId, interestRate, debtorInfo }: Account): CurrencyTerms {
    return this.#known.get(debtorId) ?? { rate: interestRate, debtorInfo };
  }

  /** Learns the terms of these accounts' currencies that are not known yet. They may be a little old. */
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

  /** Reads the present terms again: an account that adopts an old rate keeps it until the rate may change again. */
  async confirm(accounts: readonly Account[]): Promise<void> {
    await this.#read(
      accounts.map(({ debtorId }) => debtorId),
      { consistent: true },
    );
  }

  async #read(debtorIds: readonly bigint[], options: ReadOptions): Promise<void> {
    const { store, telemetry } = this.#invocation;
    const load = () => store.loadAccounts(debtorIds.map(rootKeyOf), options);
    const roots = await withRetries(() => measured(telemetry, 'Load', load), this.#invocation);
    for (const debtorId of new Set(debtorIds)) {
      const rootKey = printAccountKey(rootKeyOf(debtorId));
      const error = roots.faultOf(rootKey);
      this.#known.set(debtorId, termsOfCurrency(roots.readable(rootKey)));
      if (error !== undefined) {
        telemetry.count('Sweep.accounts.unknown-terms');
        telemetry.warn('The terms of a currency are unknown.', { debtorId, error });
      }
    }
  }
}

export function rootKeyOf(debtorId: bigint): AccountKey {
  return { debtorId, creditorId: ROOT_CREDITOR_ID };
}
