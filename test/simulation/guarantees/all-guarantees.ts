/** All guarantees that are checked: at each commit, and when a world has come to rest. */

import { accountsChangeByTheRules, deletionByTheRules } from './accounts.ts';
import { commitmentsWereAskedFor, deadLettersAreMalformed, everyMessageIsAnswered } from './answers.ts';
import { unknownPartsAreKept } from './carried.ts';
import { conservation, principalsExplained } from './conservation.ts';
import { finalizationsAnsweredByTheRules } from './finalizations.ts';
import { interestAccrues } from './interest.ts';
import { entriesInOrder } from './ledger-entries.ts';
import { livesBeginByTheRules } from './lives.ts';
import { issuingIsLimited, locksAddUp, locksAreCovered } from './locks.ts';
import { publicationsAreRouted, publicationsMatchState, updatesAreOrdered } from './publications.ts';
import { ledgersCanBeRebuilt } from './rebuilt-ledgers.ts';
import { clientsLearnInTheEnd } from './recovery.ts';
import { requestsAnsweredByTheRules } from './requests.ts';
import { nothingIsLeftUndone } from './rest.ts';
import {
  finalizedByTheRules,
  forgottenInTime,
  oneWayOnly,
  preparedByTheRules,
  requestsHandledOnce,
} from './transfers.ts';
import type { CheckContext, CommitCheck, EndCheck, Evidence, Violation } from './violation.ts';

export function checksOfCommits(context: CheckContext): CommitCheck[] {
  const { features, settings } = context;
  return [
    conservation(),
    principalsExplained(),
    locksAddUp(),
    locksAreCovered(features),
    issuingIsLimited(),
    oneWayOnly(),
    forgottenInTime(settings),
    requestsHandledOnce(features),
    preparedByTheRules(),
    finalizedByTheRules(),
    requestsAnsweredByTheRules(context),
    finalizationsAnsweredByTheRules(context),
    entriesInOrder(),
    accountsChangeByTheRules(settings),
    deletionByTheRules(settings, features),
    livesBeginByTheRules(context),
    interestAccrues(),
    unknownPartsAreKept(),
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
  clientsLearnInTheEnd,
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
