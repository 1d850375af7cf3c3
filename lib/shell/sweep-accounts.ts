/** The sweep over all accounts: finds accounts with periodic work due, and does it. Writes nothing for the others. */

import { type Account, printAccountKey } from '../rules/account.ts';
import { type ChoresDecision, runAccountChores } from '../rules/account-chores.ts';
import type { TableScan } from '../storage/table-scan.ts';
import { type Decided, decideAndCommit } from './change-account.ts';
import { mapConcurrently } from './concurrency.ts';
import { KnownTerms } from './currency-terms.ts';
import type { Invocation } from './invocation.ts';
import type { SweepWork } from './sweep.ts';
import { measured } from './telemetry.ts';

/** An account, and what is due for it. */
interface DueAccount extends Decided {
  readonly account: Account;
  readonly done: ChoresDecision['done'];
}

const ACCOUNTS_AT_ONCE = 16;

export function sweepAccounts(invocation: Invocation & { readonly scan: TableScan }): SweepWork<Account> {
  const { scan, telemetry } = invocation;
  const terms = new KnownTerms(invocation);
  return {
    name: 'accounts',
    countItems: () => scan.countItems('accounts'),
    readPage: (segment, from) => measured(telemetry, 'Load', () => scan.accounts(segment, from)),
    handlePage: async (accounts, pace) => {
      await terms.learn(accounts);
      const due = await confirmed(await decideAll(accounts, terms, invocation), terms, invocation);
      const paced = pace.watch(invocation);
      await pace.run(due, (slice) =>
        mapConcurrently(slice, ACCOUNTS_AT_ONCE, (one) => tryChange(one, terms, paced)),
      );
    },
  };
}

/** Reads terms that are to be adopted again, for all accounts of the page at once, and decides about these accounts anew. */
async function confirmed(
  due: readonly DueAccount[],
  terms: KnownTerms,
  invocation: Invocation,
): Promise<readonly DueAccount[]> {
  const adopting = due.filter(({ done }) => done.includes('adopt-terms'));
  if (adopting.length === 0) {
    return due;
  }
  const accounts = adopting.map(({ account }) => account);
  await terms.confirm(accounts);
  const others = due.filter((one) => !adopting.includes(one));
  return [...others, ...(await decideAll(accounts, terms, invocation))];
}

function decideAll(
  accounts: readonly Account[],
  terms: KnownTerms,
  invocation: Invocation,
): Promise<readonly DueAccount[]> {
  return measured(invocation.telemetry, 'Decide', () =>
    accounts.flatMap((account) => {
      try {
        const due = decide(account, terms, invocation);
        return due.done.length === 0 ? [] : [due];
      } catch (error) {
        // Its item can be read, but holds impossible values. The other accounts of the page go on.
        reportFailure(account, error, invocation);
        return [];
      }
    }),
  );
}

function decide(account: Account, terms: KnownTerms, { surroundings, settings }: Invocation): DueAccount {
  const circumstances = { now: surroundings.now(), settings };
  const decision = runAccountChores(account, terms.of(account), circumstances);
  const { payments, tombstone } = decision;
  const created = tombstone === undefined ? payments : [...payments, tombstone];
  const records = created.map((after) => ({ before: undefined, after }));
  const change = { key: account, before: account, after: decision.account, records };
  return { account, done: decision.done, change };
}

/** An account that can't be changed now does not stop the sweep. The next sweep finds it again. */
async function tryChange(due: DueAccount, terms: KnownTerms, invocation: Invocation): Promise<void> {
  const { account: scanned } = due;
  try {
    const { decided } = await decideAndCommit<Account | undefined, DueAccount>(
      {
        decided: due,
        load: async () => {
          const accounts = await invocation.store.loadAccounts([scanned], { consistent: true });
          return accounts.get(printAccountKey(scanned));
        },
        decide: (account) =>
          account === undefined ? nothingDue(scanned) : decide(account, terms, invocation),
      },
      invocation,
    );
    for (const chore of decided.done) {
      invocation.telemetry.count(`Sweep.accounts.${chore}`);
    }
  } catch (error) {
    reportFailure(scanned, error, invocation);
  }
}

function nothingDue(account: Account): DueAccount {
  return { account, done: [], change: { key: account, before: undefined, after: undefined, records: [] } };
}

function reportFailure(account: Account, error: unknown, { telemetry }: Invocation): void {
  telemetry.count('Sweep.accounts.failed');
  telemetry.warn('Periodic work on an account has failed.', { account: printAccountKey(account), error });
}
