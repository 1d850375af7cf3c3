/** All guarantees that are checked: at each commit, and when a world has come to rest. */

import type { OperationSettings } from '../../../lib/shell/settings.ts';
import type { Features } from '../features.ts';
import { accountsChangeByTheRules, deletionByTheRules } from './accounts.ts';
import { commitmentsWereAskedFor, deadLettersAreMalformed, everyMessageIsAnswered } from './answers.ts';
import { conservation, principalsExplained } from './conservation.ts';
import { interestAccrues } from './interest.ts';
import { entriesInOrder } from './ledger-entries.ts';
import { issuingIsLimited, locksAddUp, locksAreCovered } from './locks.ts';
import { publicationsAreRouted, publicationsMatchState, updatesAreOrdered } from './publications.ts';
import { ledgersCanBeRebuilt } from './rebuilt-ledgers.ts';
import { nothingIsLeftUndone } from './rest.ts';
import { finalizedByTheRules, oneWayOnly, preparedByTheRules, requestsHandledOnce } from './transfers.ts';
import type { CommitCheck, EndCheck, Evidence, Violation } from './violation.ts';

export function checksOfCommits(features: Features, settings: OperationSettings): CommitCheck[] {
  return [
    conservation(),
    principalsExplained(),
    locksAddUp(),
    locksAreCovered(features),
    issuingIsLimited(),
    oneWayOnly(),
    requestsHandledOnce(),
    preparedByTheRules(),
    finalizedByTheRules(),
    entriesInOrder(),
    accountsChangeByTheRules(settings),
    deletionByTheRules(settings, features),
    interestAccrues(),
  ];
}

const END_CHECKS: readonly EndCheck[] = [
  nothingIsLeftUndone,
  deadLettersAreMalformed,
  everyMessageIsAnswered,
  commitmentsWereAskedFor,
  publicationsMatchState,
  publicationsAreRouted,
  updatesAreOrdered,
  ledgersCanBeRebuilt,
];

/** @returns the first guarantee that is broken */
export function checkAtEnd(evidence: Evidence): Violation | undefined {
  for (const check of END_CHECKS) {
    const violation = check(evidence);
    if (violation !== undefined) {
      return violation;
    }
  }
  return undefined;
}
