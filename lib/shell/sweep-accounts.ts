/** The sweep over all accounts: finds those with periodic work due, and does it. Nothing is written for the others. */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import {
  type Account,
  type AccountKey,
  type CurrencyTerms,
  isRootAccount,
  printAccountKey,
} from '../rules/account.ts';
import { type ChoresDecision, runAccountChores } from '../rules/account-chores.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import type { Settings } from '../rules/settings.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import type { TableScan } from '../storage/table-scan.ts';
import { mapConcurrently } from './concurrency.ts';
import { withRetries } from './retry.ts';
import type { Surroundings } from './surroundings.ts';
import type { SweepWork } from './sweep.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface SweepAccountsTools {
  readonly store: LedgerStore;
  readonly scan: TableScan;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

const ACCOUNTS_AT_ONCE = 16;
/** Accounts of one currency are spread over all pages, so its terms are kept; more currencies than this are read again. */
const MAX_KNOWN_TERMS = 10_000;

export function sweepAccounts(tools: SweepAccountsTools): SweepWork<Account> {
  const knownTerms = new Map<bigint, CurrencyTerms>();
  return {
    name: 'accounts',
    countItems: () => tools.scan.countItems('accounts'),
    readPage: (segment, from) => measured(tools.telemetry, 'Load', () => tools.scan.accounts(segment, from)),
    handlePage: async (accounts) => {
      await learnTerms(accounts, knownTerms, tools);
      const decisions = await measured(tools.telemetry, 'Decide', () =>
        accounts.map((account) => ({ account, decision: decideChores(account, knownTerms, tools) })),
      );
      const due = decisions.filter(({ decision }) => decision.done.length > 0);
      await mapConcurrently(due, ACCOUNTS_AT_ONCE, ({ account, decision }) =>
        tryApply(account, decision, knownTerms, tools),
      );
    },
  };
}

async function learnTerms(
  accounts: readonly Account[],
  known: Map<bigint, CurrencyTerms>,
  { store, telemetry }: SweepAccountsTools,
): Promise<void> {
  if (known.size > MAX_KNOWN_TERMS) {
    known.clear();
  }
  for (const root of accounts.filter(isRootAccount)) {
    known.set(root.debtorId, termsOfCurrency(root));
  }
  const unknown = new Set(
    accounts.map(({ debtorId }) => debtorId).filter((debtorId) => !known.has(debtorId)),
  );
  const keys = [...unknown].map((debtorId) => ({ debtorId, creditorId: ROOT_CREDITOR_ID }));
  const roots = await measured(telemetry, 'Load', () => store.loadAccounts(keys, { consistent: false }));
  for (const key of keys) {
    known.set(key.debtorId, termsOfCurrency(roots.get(printAccountKey(key))));
  }
}

function decideChores(
  account: Account,
  terms: ReadonlyMap<bigint, CurrencyTerms>,
  { surroundings, settings }: SweepAccountsTools,
): ChoresDecision {
  const ownTerms = terms.get(account.debtorId) ?? termsOfCurrency(undefined);
  return runAccountChores(account, ownTerms, surroundings.now(), settings);
}

/** One account that can't be changed now must not stop the sweep; the next one finds it again. */
async function tryApply(
  scanned: Account,
  decided: ChoresDecision,
  terms: ReadonlyMap<bigint, CurrencyTerms>,
  tools: SweepAccountsTools,
): Promise<void> {
  const { surroundings, telemetry } = tools;
  try {
    await withRetries(
      async (attempt) => {
        if (attempt === 0) {
          await apply(scanned, decided, tools);
        } else {
          await decideAgain(scanned, terms, tools);
        }
      },
      surroundings,
      telemetry,
    );
  } catch (error) {
    telemetry.count('Sweep.accounts.failed');
    telemetry.warn('Periodic work on an account has failed.', { account: printAccountKey(scanned), error });
  }
}

async function decideAgain(
  key: AccountKey,
  terms: ReadonlyMap<bigint, CurrencyTerms>,
  tools: SweepAccountsTools,
): Promise<void> {
  const accounts = await tools.store.loadAccounts([key], { consistent: true });
  const account = accounts.get(printAccountKey(key));
  if (account !== undefined) {
    await apply(account, decideChores(account, terms, tools), tools);
  }
}

async function apply(
  before: Account,
  decision: ChoresDecision,
  { store, telemetry }: SweepAccountsTools,
): Promise<void> {
  if (decision.done.length === 0) {
    return;
  }
  const records = decision.payments.map((after) => ({ before: undefined, after }));
  const change = { key: before, before, after: decision.account, records };
  await measured(telemetry, 'Commit', () => store.commit(change));
  telemetry.count('Commits');
  for (const chore of decision.done) {
    telemetry.count(`Sweep.accounts.${chore}`);
  }
}
