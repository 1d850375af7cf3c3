/**
 * What a function takes for done is done, without any sweep that looks after it; and what the last sweep repairs is nothing
 * but what was given up before. Otherwise sweeps would hide what functions leave undone.
 */

import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import { type Account, printAccountKey } from '../../../lib/rules/account.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import type { Commit, History } from '../history.ts';
import type { Instant } from '../scheduler.ts';
import type { Violation } from './violation.ts';

/** Something that a function has reported as done. */
export type FinishedWork =
  /** Stream records of commits, by the printed keys of the transfers. */
  | { readonly kind: 'credits'; readonly transfers: readonly string[] }
  /** Stream records that make chores due, and what was sent since their function began. */
  | { readonly kind: 'chores'; readonly due: readonly string[]; readonly sent: ReadonlySet<string> }
  /** A chore, for changes that are pending since then, by the authority's clock. */
  | { readonly kind: 'announcement'; readonly account: string; readonly since: Timestamp }
  /** What is to come again although little or nothing went wrong. */
  | { readonly kind: 'returned'; readonly what: string }
  | { readonly kind: 'sweep'; readonly isReadToItsEnd: boolean; readonly isContinued: boolean };

export function unfinishedWork(work: FinishedWork, history: History): Violation | undefined {
  const details = faultOf(work, history);
  const guarantee =
    work.kind === 'returned'
      ? 'Only what can not be done now comes again'
      : 'What a function takes for done is done, and no sweep has to look after it';
  return details === undefined ? undefined : { guarantee, details };
}

function faultOf(work: FinishedWork, history: History): string | undefined {
  switch (work.kind) {
    case 'credits': {
      const left = work.transfers.find((key) => isCommitted(history.records.get(key)?.at(-1)?.value));
      return left && `transfer ${left} is not credited`;
    }
    case 'chores': {
      const left = work.due.find((account) => !work.sent.has(account));
      return left && `nobody was told to announce the changes of account ${left}`;
    }
    case 'announcement':
      return isStillPending(work.account, work.since, history)
        ? `the changes of account ${work.account} are not announced`
        : undefined;
    case 'returned':
      return `${work.what} comes again without a reason`;
    case 'sweep':
      return work.isReadToItsEnd || work.isContinued
        ? undefined
        : 'a segment of a sweep was not read to its end';
  }
}

function isCommitted(record: Commit['records'][number]['after']): boolean {
  return record?.kind === 'transfer' && record.status === 'committed';
}

/** Whether what was to be announced is to be announced still. Another chore may be due for changes of a clock that went back. */
function isStillPending(account: string, since: Timestamp, { accounts }: History): boolean {
  return accounts.get(account)?.at(-1)?.value?.pendingUpdateSince === since;
}

/** What may be left for the last sweep to do. */
export interface Explanations {
  readonly startedAt: Instant;
  /** Printed keys of transfers whose stream records were given up. */
  readonly transfers: ReadonlySet<string>;
  /** Printed keys of accounts one of whose stream records was given up. */
  readonly accounts: ReadonlySet<string>;
}

/** A repair that a sweep has made when everything else had long come to rest. */
export function unexplainedRepair(
  commit: Commit,
  { startedAt, transfers, accounts }: Explanations,
  history: History,
): Violation | undefined {
  if (!commit.by?.name.startsWith('sweep-')) {
    return undefined;
  }
  const credited = commit.records.find(
    ({ before, after }) =>
      isCommitted(before) &&
      after?.kind === 'transfer' &&
      after.status === 'credited' &&
      !transfers.has(printRecordKey(after)) &&
      (history.records.get(printRecordKey(after))?.at(-2)?.at ?? startedAt) < startedAt,
  )?.after;
  const announced = commit.accounts.find(
    ({ before, after }) =>
      before?.pendingUpdateSince !== undefined &&
      after?.pendingUpdateSince === undefined &&
      !accounts.has(printAccountKey(before)) &&
      pendingSince(before, history) < startedAt,
  )?.before;
  const details =
    (credited && `the credit of transfer ${printRecordKey(credited)}`) ??
    (announced && `the announcement of account ${printAccountKey(announced)}`);
  return details === undefined
    ? undefined
    : {
        guarantee: 'A sweep repairs only what was given up before',
        details: `${details} was left to the last sweep`,
      };
}

/** When the change was committed that is still to be announced. */
function pendingSince(account: Account, { accounts }: History): Instant {
  const states = accounts.get(printAccountKey(account)) ?? [];
  const isSame = (state: Account | undefined): boolean =>
    state?.pendingUpdateSince === account.pendingUpdateSince;
  const last = states.findLastIndex(({ value }) => isSame(value));
  let first = last;
  while (first > 0 && isSame(states[first - 1]?.value)) {
    first -= 1;
  }
  return states[first]?.at ?? 0;
}
