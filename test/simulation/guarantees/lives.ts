/** What an account starts with, in its first life and in later ones, and what it never loses within one. */

import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { Commit, History, Pair } from '../history.ts';
import { SECOND } from '../scheduler.ts';
import { type CheckContext, type CommitCheck, isSameRecord, show } from './violation.ts';

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
          : (birthFault(pair, commit, versions.get(key), context) ?? termsFault(pair, commit, context));
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

/** The rate and debtor info that are new on an account are those that its root account had while it was decided about. */
function termsFault(
  { before, after }: Pair<Account>,
  commit: Commit,
  { history, features }: CheckContext,
): string | undefined {
  if (after === undefined || (before !== undefined && isSameRecord(termsOf(before), termsOf(after)))) {
    return undefined;
  }
  if (isRootAccount(after)) {
    return after.interestRate === 0 ? undefined : 'is a root account with interest';
  }
  // Only what is created or brought back may start on terms of a moment ago.
  const isNew = before === undefined || before.deletedAt !== undefined;
  const terms = termsOfRoot(after, commit, history, {
    staleness: isNew && features.staleReads > 0 ? features.staleness * SECOND : 0,
    // A currency without a root account leaves the terms of its accounts alone.
    mayBeMissing: isNew,
  });
  // A new rate may have to wait, while debtor info is adopted at once.
  const isRight = terms.some(
    ({ interestRate, info }) =>
      isSameRecord(info, after.debtorInfo) &&
      (interestRate === after.interestRate || before?.interestRate === after.interestRate),
  );
  return isRight ? undefined : `is on other terms than its currency, which has ${show(terms)}`;
}

interface Terms {
  readonly interestRate: number;
  readonly info: Account['debtorInfo'];
}

function termsOf({ interestRate, debtorInfo }: Account): Terms {
  return { interestRate, info: debtorInfo };
}

function termsOfRoot(
  { debtorId }: Account,
  commit: Commit,
  history: History,
  { staleness, mayBeMissing }: { readonly staleness: number; readonly mayBeMissing: boolean },
): Terms[] {
  const key = printAccountKey({ debtorId, creditorId: 0n });
  const changed = commit.accounts.filter(
    ({ after }) => after !== undefined && printAccountKey(after) === key,
  );
  const roots = [...history.accountStates(key, commit, staleness), ...changed.map(({ after }) => after)];
  return roots
    .filter((root) => root !== undefined || mayBeMissing)
    .map((root) => {
      const { rate = 0, info = {} } =
        root === undefined || root.configData === '' ? {} : JSON.parse(root.configData);
      const { iri = '', contentType = '', sha256 = '' } = info;
      return { interestRate: rate, info: { iri, contentType, sha256 } };
    });
}
