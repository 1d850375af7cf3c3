/** The sweep over all accounts: finds those with periodic work due, and does it. Nothing is written for the others. */

import { type Account, printAccountKey } from '../rules/account.ts';
import { type ChoresDecision, runAccountChores } from '../rules/account-chores.ts';
import type { Settings } from '../rules/settings.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import type { TableScan } from '../storage/table-scan.ts';
import { mapConcurrently } from './concurrency.ts';
import { KnownTerms } from './currency-terms.ts';
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

/** An account as it was read, and what is due for it. */
interface DueAccount {
  readonly account: Account;
  readonly decision: ChoresDecision;
}

const ACCOUNTS_AT_ONCE = 16;

export function sweepAccounts(tools: SweepAccountsTools): SweepWork<Account> {
  const { scan, telemetry } = tools;
  const terms = new KnownTerms(tools);
  return {
    name: 'accounts',
    countItems: () => scan.countItems('accounts'),
    readPage: (segment, from) => measured(telemetry, 'Load', () => scan.accounts(segment, from)),
    handlePage: async (accounts) => {
      await terms.learn(accounts);
      const due = await confirmed(await decideAll(accounts, terms, tools), terms, tools);
      await mapConcurrently(due, ACCOUNTS_AT_ONCE, (one) => tryApply(one, terms, tools));
      return due.length;
    },
  };
}

/** Terms that are to be adopted are made sure of first, for all accounts of the page at once. */
async function confirmed(
  due: readonly DueAccount[],
  terms: KnownTerms,
  tools: SweepAccountsTools,
): Promise<readonly DueAccount[]> {
  const adopting = due.filter(({ decision }) => decision.done.includes('adopt-terms'));
  if (adopting.length === 0) {
    return due;
  }
  const accounts = adopting.map(({ account }) => account);
  await terms.confirm(accounts);
  const others = due.filter(({ decision }) => !decision.done.includes('adopt-terms'));
  return [...others, ...(await decideAll(accounts, terms, tools))];
}

function decideAll(
  accounts: readonly Account[],
  terms: KnownTerms,
  tools: SweepAccountsTools,
): Promise<readonly DueAccount[]> {
  return measured(tools.telemetry, 'Decide', () =>
    accounts.flatMap((account) => {
      try {
        const decision = decide(account, terms, tools);
        return decision.done.length === 0 ? [] : [{ account, decision }];
      } catch (error) {
        // Its item can be read, but makes no sense. The others on the page must not suffer from that.
        reportFailure(account, error, tools.telemetry);
        return [];
      }
    }),
  );
}

function decide(account: Account, terms: KnownTerms, { surroundings, settings }: SweepAccountsTools) {
  return runAccountChores(account, terms.of(account), { now: surroundings.now(), settings });
}

/** One account that can't be changed now must not stop the sweep; the next one finds it again. */
async function tryApply(due: DueAccount, terms: KnownTerms, tools: SweepAccountsTools): Promise<void> {
  const { surroundings, telemetry } = tools;
  try {
    await withRetries(
      async (attempt) => {
        const latest = attempt === 0 ? due : await decideAgain(due.account, terms, tools);
        await apply(latest, tools);
      },
      surroundings,
      telemetry,
    );
  } catch (error) {
    reportFailure(due.account, error, telemetry);
  }
}

/** @returns nothing when the account is gone, or when there is nothing left to do */
async function decideAgain(
  scanned: Account,
  terms: KnownTerms,
  tools: SweepAccountsTools,
): Promise<DueAccount | undefined> {
  const accounts = await tools.store.loadAccounts([scanned], { consistent: true });
  const account = accounts.get(printAccountKey(scanned));
  const decision = account && decide(account, terms, tools);
  return account && decision && decision.done.length > 0 ? { account, decision } : undefined;
}

async function apply(due: DueAccount | undefined, { store, telemetry }: SweepAccountsTools): Promise<void> {
  if (due === undefined) {
    return;
  }
  const { account: before, decision } = due;
  const records = decision.payments.map((after) => ({ before: undefined, after }));
  const change = { key: before, before, after: decision.account, records };
  await measured(telemetry, 'Commit', () => store.commit(change));
  telemetry.count('Commits');
  for (const chore of decision.done) {
    telemetry.count(`Sweep.accounts.${chore}`);
  }
}

function reportFailure(account: Account, error: unknown, telemetry: Telemetry): void {
  telemetry.count('Sweep.accounts.failed');
  telemetry.warn('Periodic work on an account has failed.', { account: printAccountKey(account), error });
}
