/** What an account starts with, in its first life and in later ones, and what it never loses within one. */

import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { Commit, History, Pair } from '../history.ts';
import { SECOND } from '../scheduler.ts';
import { AWAITED } from './awaited.ts';
import { type CheckContext, type CommitCheck, show } from './violation.ts';

/** Whether what the account knew of its rates is forgotten: where it is created. */
export function startsAnew(before: Account | undefined): boolean {
  return before === undefined || (before.deletedAt !== undefined && !AWAITED.keptRates);
}

/** An account is created on its currency's terms, by a message that is not too old, and beyond all versions of its former life. */
export function livesBeginByTheRules(context: CheckContext): CommitCheck {
  const versions = new Map<string, bigint>();
  return (commit) => {
    for (const pair of commit.accounts) {
      const { before, after } = pair;
      const key = printAccountKey((after ?? before) as Account);
      const fault =
        after === undefined
          ? undefined
          : (birthFault(pair, commit, versions.get(key), context) ?? rateFault(pair, commit, context));
      versions.set(key, (after ?? before)?.version ?? 0n);
      if (fault !== undefined) {
        return {
          guarantee: 'An account begins its life on its currency’s terms, and follows them',
          details: `account ${key} ${fault}: ${show(before)} → ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function birthFault(
  { before, after }: Pair<Account>,
  commit: Commit,
  lastVersion: bigint | undefined,
  { settings }: CheckContext,
): string | undefined {
  if (before !== undefined || after === undefined) {
    return undefined;
  }
  if (lastVersion !== undefined && after.version <= lastVersion) {
    return `begins with a version that is not beyond ${lastVersion}`;
  }
  const isCredited = commit.records.some(({ after: record }) => isCreditTo(after, record));
  const age = Number(after.lastChangeTs - after.lastConfigTs) / 1e6;
  return !isCredited && age > settings.messageMaxDelaySeconds + 1e-6
    ? 'is created by a configuration that is too old'
    : undefined;
}

function isCreditTo({ debtorId, creditorId }: Account, record: Commit['records'][number]['after']): boolean {
  return (
    record?.kind === 'transfer' &&
    record.credit !== undefined &&
    record.sender.debtorId === debtorId &&
    record.recipientId === creditorId
  );
}

/** A rate that is new on an account is one that its root account had while it was decided about. */
function rateFault(
  { before, after }: Pair<Account>,
  commit: Commit,
  { history, features }: CheckContext,
): string | undefined {
  if (after === undefined || (before !== undefined && before.interestRate === after.interestRate)) {
    return undefined;
  }
  if (isRootAccount(after)) {
    return after.interestRate === 0 ? undefined : 'is a root account with interest';
  }
  // Only what is created or brought back may start on terms of a moment ago.
  const isNew = startsAnew(before);
  const rates = ratesOfRoot(after, commit, history, {
    staleness: isNew && features.staleReads > 0 ? features.staleness * SECOND : 0,
    mayBeMissing: isNew || !AWAITED.missingRoots,
  });
  return rates.includes(after.interestRate)
    ? undefined
    : `has the rate ${after.interestRate}, and its currency ${rates.join(' or ')}`;
}

function ratesOfRoot(
  { debtorId }: Account,
  commit: Commit,
  history: History,
  { staleness, mayBeMissing }: { readonly staleness: number; readonly mayBeMissing: boolean },
): number[] {
  const key = printAccountKey({ debtorId, creditorId: 0n });
  const changed = commit.accounts.find(({ after }) => after !== undefined && printAccountKey(after) === key);
  const roots = [...history.accountStates(key, commit, staleness), changed?.after];
  return roots
    .filter((root) => root !== undefined || mayBeMissing)
    .map((root) =>
      root === undefined || root.configData === '' ? 0 : (JSON.parse(root.configData).rate ?? 0),
    );
}
