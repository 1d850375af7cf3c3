/** How an account may change from one commit to the next: version, changes, configuration, deletion and return. */

import { SCHEDULED_FOR_DELETION_FLAG } from '../../../lib/protocol/constants.ts';
import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { TransferRecord } from '../../../lib/rules/transfer.ts';
import type { OperationSettings } from '../../../lib/shell/settings.ts';
import type { Features } from '../features.ts';
import type { Pair } from '../history.ts';
import { DAY, MINUTE, SECOND } from '../scheduler.ts';
import { announcedFields } from './announcements.ts';
import { type CommitCheck, isAfter, isSameRecord, show } from './violation.ts';

type Rule = (before: Account, after: Account) => string | undefined;

/** Rules for an account that is changed. */
function rulesOf({ messageMaxDelaySeconds }: OperationSettings): readonly Rule[] {
  const minRatePause = BigInt(Math.round((messageMaxDelaySeconds + 86_400) * 1e6));
  return [
    (before, after) => (after.version > before.version ? undefined : 'its version does not grow'),
    (before, after) =>
      after.creationDate === before.creationDate ? undefined : 'its creation date changes without a purge',
    (before, after) =>
      isSameRecord(announcedFields(before), announcedFields(after)) ||
      (isAfter(after.lastChangeSeqnum, before.lastChangeSeqnum) && after.lastChangeTs >= before.lastChangeTs)
        ? undefined
        : 'a change of it can not be told from the one before',
    (before, after) =>
      after.announcedAt >= before.announcedAt ? undefined : 'its announcements go back in time',
    (before, after) => (isConfigOlder(after, before) ? 'it takes an older configuration' : undefined),
    (before, after) =>
      isConfigSame(after, before) && !isSameRecord(configOf(before), configOf(after))
        ? 'its configuration changes without a message'
        : undefined,
    (before, after) =>
      after.lastInterestRateChangeTs >= before.lastInterestRateChangeTs
        ? undefined
        : 'it forgets when its interest rate changed',
    (before, after) => {
      const isChange =
        after.interestRate !== before.interestRate ||
        after.lastInterestRateChangeTs !== before.lastInterestRateChangeTs;
      const pause = after.lastInterestRateChangeTs - before.lastInterestRateChangeTs;
      const isRight = pause >= minRatePause && after.previousInterestRate === before.interestRate;
      return isChange && !isRight ? 'its interest rate changes too soon after the last change' : undefined;
    },
  ];
}

export function accountsChangeByTheRules(settings: OperationSettings): CommitCheck {
  const rules = rulesOf(settings);
  return ({ accounts }) => {
    for (const { before, after } of accounts) {
      if (before === undefined || after === undefined) {
        continue;
      }
      for (const rule of rules) {
        const fault = rule(before, after);
        if (fault !== undefined) {
          return {
            guarantee: 'Changes of an account are ordered, and its configuration is the latest',
            details: `account ${printAccountKey(after)}: ${fault}: ${show(before)} → ${show(after)}`,
          };
        }
      }
    }
    return undefined;
  };
}

/** Deletion, what follows it, and the return from it. */
export function deletionByTheRules(settings: OperationSettings, { clockSkew }: Features): CommitCheck {
  const purged = new Map<string, string>();
  const reach =
    2 * DAY +
    (settings.commitPeriodSeconds + settings.intranetExtremeDelaySeconds - 2 * clockSkew) * SECOND -
    MINUTE;
  return ({ accounts, records, at }) => {
    for (const { before, after } of accounts) {
      const account = (after ?? before) as Account;
      const key = printAccountKey(account);
      const fault =
        after === undefined
          ? (purgeFault(account, at, reach) ?? traceFault(account, records))
          : (deletedFault(before, after, settings) ?? rebirthFault(before, after, purged.get(key)));
      if (after === undefined) {
        purged.set(key, account.creationDate);
      }
      if (fault !== undefined) {
        return {
          guarantee: 'An account is deleted and removed only when nothing can be lost by it',
          details: `account ${key} ${fault}: ${show(before)} → ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function purgeFault(account: Account, at: number, reach: number): string | undefined {
  const { deletedAt } = account;
  if (deletedAt === undefined) {
    return 'is removed although it is alive';
  }
  return at - Number(deletedAt) < reach
    ? 'is removed while messages may still be under way to it'
    : undefined;
}

/** The message about a purge can be repeated only if something of the account is left. */
function traceFault(account: Account, records: readonly Pair<TransferRecord>[]): string | undefined {
  const isLeft = records.some(
    ({ after }) =>
      after?.kind === 'tombstone' &&
      printAccountKey(after.sender) === printAccountKey(account) &&
      after.creationDate === account.creationDate,
  );
  return isLeft ? undefined : 'is removed without a trace';
}

function deletedFault(
  before: Account | undefined,
  after: Account,
  { messageMaxDelaySeconds }: OperationSettings,
): string | undefined {
  const { deletedAt } = after;
  if (deletedAt === undefined) {
    return undefined;
  }
  if (after.principal !== 0n || after.interest !== 0 || after.pendingTransfersCount !== 0) {
    return 'is deleted and holds something';
  }
  if (before === undefined || before.deletedAt !== undefined) {
    return before === undefined ? 'is born deleted' : undefined;
  }
  const isWanted = (before.configFlags & SCHEDULED_FOR_DELETION_FLAG) !== 0;
  const isSettled = Number(deletedAt - before.lastConfigTs) / 1e6 > messageMaxDelaySeconds;
  if (!isWanted || !isSettled || before.pendingTransfersCount !== 0) {
    return 'is deleted although that is not due';
  }
  return isRootAccount(before) && before.principal !== 0n
    ? 'is a root account that owes, and is deleted'
    : undefined;
}

function rebirthFault(
  before: Account | undefined,
  after: Account,
  lastLife: string | undefined,
): string | undefined {
  return before === undefined && lastLife !== undefined && after.creationDate <= lastLife
    ? 'is created anew with a creation date that is not later than the old one'
    : undefined;
}

function isConfigOlder(candidate: Account, reference: Account): boolean {
  return candidate.lastConfigTs === reference.lastConfigTs
    ? candidate.lastConfigSeqnum !== reference.lastConfigSeqnum &&
        !isAfter(candidate.lastConfigSeqnum, reference.lastConfigSeqnum)
    : candidate.lastConfigTs < reference.lastConfigTs;
}

function isConfigSame(a: Account, b: Account): boolean {
  return a.lastConfigTs === b.lastConfigTs && a.lastConfigSeqnum === b.lastConfigSeqnum;
}

function configOf({ configData, configFlags, negligibleAmount }: Account): object {
  return { configData, configFlags, negligibleAmount };
}
