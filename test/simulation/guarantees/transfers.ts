/** Guarantee 4: how an item of the transfers table may change, and what may never happen to it twice. */

import { OWN_COORDINATOR_TYPES } from '../../../lib/protocol/constants.ts';
import { MAX_TIMESTAMP } from '../../../lib/protocol/timestamps.ts';
import { type Account, printAccountKey } from '../../../lib/rules/account.ts';
import type { Transfer, TransferRecord, TransferStatus } from '../../../lib/rules/transfer.ts';
import type { OperationSettings } from '../../../lib/shell/settings.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import type { Features } from '../features.ts';
import type { Commit, Pair } from '../history.ts';
import { DAY, SECOND } from '../scheduler.ts';
import { type CommitCheck, isSameRecord, show, type Violation } from './violation.ts';

/** The statuses that may follow a status; one write may make several steps. */
const NEXT: Readonly<Record<TransferStatus, readonly TransferStatus[]>> = {
  prepared: ['prepared', 'dismissed', 'committed'],
  committed: ['credited'],
  rejected: [],
  dismissed: [],
  credited: [],
};
const PARTS = [
  'request',
  'requestTs',
  'recipientId',
  'rejection',
  'finalization',
  'payment',
  'credit',
] as const;

/** Each transfer takes each step of its life once, and is not removed before its end. */
export function oneWayOnly(): CommitCheck {
  return ({ records }) => {
    for (const pair of records) {
      const fault = faultOf(pair);
      if (fault !== undefined) {
        const record = (pair.after ?? pair.before) as TransferRecord;
        return {
          guarantee: '4. Each prepared transfer is finalized at most once, each commit credited exactly once',
          details: `item ${printRecordKey(record)} ${fault}: ${show(pair.before)} → ${show(pair.after)}`,
        };
      }
    }
    return undefined;
  };
}

function faultOf({ before, after }: Pair<TransferRecord>): string | undefined {
  const isUnderWay = (record: TransferRecord | undefined): boolean =>
    record?.kind === 'transfer' && ['prepared', 'committed'].includes(record.status);
  if (after === undefined) {
    return isUnderWay(before) ? 'is forgotten although it is under way' : undefined;
  }
  if (isUnderWay(after) !== (after.expiresAt === undefined)) {
    return isUnderWay(after)
      ? 'may expire although it is under way'
      : 'never expires although it is finished';
  }
  if (after.kind !== 'transfer') {
    return before === undefined ? undefined : `is a ${after.kind} again`;
  }
  if (before === undefined) {
    return birthFault(after);
  }
  return before.kind === 'transfer'
    ? stepFault(before, after)
    : `turns from a ${before.kind} into a transfer`;
}

function birthFault({ status, request, credit }: Transfer): string | undefined {
  const isOwn = OWN_COORDINATOR_TYPES.includes(request.coordinatorType);
  if (isOwn) {
    return status === 'committed' ? undefined : `is born ${status}`;
  }
  return credit === undefined ? undefined : 'is born credited';
}

function stepFault(before: Transfer, after: Transfer): string | undefined {
  if (!NEXT[before.status].includes(after.status)) {
    return `turns from ${before.status} into ${after.status}`;
  }
  const rewritten = PARTS.find(
    (part) => before[part] !== undefined && !isSameRecord({ part: before[part] }, { part: after[part] }),
  );
  if (rewritten !== undefined) {
    return `has its ${rewritten} rewritten`;
  }
  const lockOf = ({ preparation }: Transfer): object => ({ ...preparation, announcedAt: undefined });
  return isSameRecord(lockOf(before), lockOf(after)) ? undefined : 'has its lock rewritten';
}

/** What SQS keeps twice, and a margin; a message may be under way before. */
const RETENTION_DAYS = 30;

/** How long a finished item is remembered, in microseconds. */
function retentionOf({ messageMaxDelaySeconds }: OperationSettings): bigint {
  return BigInt(Math.round(RETENTION_DAYS * DAY + messageMaxDelaySeconds * SECOND));
}

/** What is finished may be forgotten so long after its end, and not before or much later. */
export function forgottenInTime(settings: OperationSettings): CommitCheck {
  const retention = retentionOf(settings);
  return ({ records }) => {
    for (const { after } of records) {
      if (after?.expiresAt === undefined) {
        continue;
      }
      const end = endOf(after) + retention;
      const due = end < MAX_TIMESTAMP ? end : MAX_TIMESTAMP;
      // Settings that are divided make fractions of microseconds.
      const difference = after.expiresAt - (due - (due % 1_000_000n));
      if (difference > 1_000_000n || difference < -1_000_000n) {
        return {
          guarantee: 'What is finished is remembered as long as it is promised, and no longer',
          details: `item ${printRecordKey(after)} expires at ${after.expiresAt}: ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function endOf(record: TransferRecord): bigint {
  if (record.kind === 'tombstone') {
    return record.purgedAt;
  }
  if (record.kind === 'config-rejection') {
    return record.rejectedAt;
  }
  const { credit, finalization, rejection, requestTs } = record;
  const finishedAt = credit?.creditedAt ?? finalization?.finalizedAt ?? rejection?.rejectedAt ?? 0n;
  // A clock that was ahead must not let a copy come after its record has gone.
  return finishedAt > requestTs ? finishedAt : requestTs;
}

/** A request is handled once, however many copies come and whenever; and no transfer ID is used twice. */
export function requestsHandledOnce({ narrowIds }: Features): CommitCheck {
  const requests = new Set<string>();
  const ids = new Set<string>();
  return ({ records }) => {
    for (const { before, after } of records) {
      if (before !== undefined || after?.kind !== 'transfer') {
        continue;
      }
      const { sender, request, requestTs } = after;
      const { coordinatorType, coordinatorId, coordinatorRequestId } = request;
      const name = `${printAccountKey(sender)} ${coordinatorType} ${coordinatorId} ${coordinatorRequestId} ${requestTs}`;
      const isOwn = OWN_COORDINATOR_TYPES.includes(request.coordinatorType);
      // IDs of a few bits come again when they are forgotten.
      const isUsedAgain = narrowIds === 0 && ids.has(printRecordKey(after));
      if (!isTooLate(after) && (isUsedAgain || (!isOwn && requests.has(name)))) {
        return {
          guarantee:
            '4. A request is handled once, however often it comes, and its transfer ID is never used again',
          details: `transfer ${printRecordKey(after)} for ${name}`,
        };
      }
      requests.add(name);
      ids.add(printRecordKey(after));
    }
    return undefined;
  };
}

/** A copy that comes when its transfer may have been forgotten is only told so. */
function isTooLate({ rejection }: Transfer): boolean {
  return rejection?.statusCode === 'TIMEOUT';
}

/** A commit is made in time and under the agreed interest rate; otherwise the status says why not. */
export function finalizedByTheRules(): CommitCheck {
  return (commit) => {
    for (const { before, after } of commit.records) {
      const wasFinalized = before?.kind === 'transfer' && before.finalization !== undefined;
      if (after?.kind === 'transfer' && after.finalization !== undefined && !wasFinalized) {
        const violation = statusFault(after, commit);
        if (violation !== undefined) {
          return violation;
        }
      }
    }
    return undefined;
  };
}

/** The locked amount is within the requested limits, and the recipient is another account. */
export function preparedByTheRules(): CommitCheck {
  return ({ accounts, records }) => {
    for (const { before, after } of records) {
      if (before !== undefined || after?.kind !== 'transfer' || after.preparation === undefined) {
        continue;
      }
      const { sender, recipientId, preparation } = after;
      const account = accounts.find((pair) => isOf(printAccountKey(sender), pair))?.after;
      const isOutdated = (account?.lastInterestRateChangeTs ?? 0n) > preparation.finalInterestRateTs;
      if (account === undefined || isOutdated || recipientId === sender.creditorId) {
        return {
          guarantee: 'A transfer is prepared only when sender, recipient and interest rate allow',
          details: show({ account, transfer: after }),
        };
      }
    }
    return undefined;
  };
}

function isOf(key: string, { before, after }: Pair<Account>): boolean {
  return printAccountKey((after ?? before) as Account) === key;
}

function statusFault(transfer: Transfer, { accounts }: Commit): Violation | undefined {
  const { finalization, preparation, payment, sender } = transfer;
  const key = printAccountKey(sender);
  const account = accounts.find((pair) => isOf(key, pair))?.after;
  if (finalization === undefined || preparation === undefined) {
    return undefined;
  }
  const { statusCode, committedAmount, finalizedAt } = finalization;
  const isLate = finalizedAt > preparation.deadline;
  const isOutdated = (account?.lastInterestRateChangeTs ?? 0n) > preparation.finalInterestRateTs;
  const isRight =
    committedAmount === (payment?.amount ?? 0n) &&
    (committedAmount === 0n || (statusCode === 'OK' && !isLate && !isOutdated)) &&
    (statusCode !== 'TIMEOUT' || isLate) &&
    (statusCode !== 'NEWER_INTEREST_RATE' || (isOutdated && !isLate)) &&
    (statusCode !== 'INSUFFICIENT_AVAILABLE_AMOUNT' || (!isLate && !isOutdated));
  return isRight
    ? undefined
    : {
        guarantee: 'A transfer is finalized with the status that deadline and interest rate allow',
        details: `${printRecordKey(transfer)}: ${show({ finalization, preparation, payment })}`,
      };
}
