/** What must hold once faults have ended and everything had time to happen: nothing is left undone. */

import { isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import { DAY, HOUR, SECOND } from '../scheduler.ts';
import type { Evidence, Violation } from './violation.ts';

const GUARANTEE = 'When faults end, everything that was begun is brought to its end';
/** So long a sweep may take, and so much clocks may differ. */
const LEEWAY = HOUR;

export function nothingIsLeftUndone(evidence: Evidence): Violation | undefined {
  const details = stuckFault(evidence) ?? recordFault(evidence) ?? accountFault(evidence);
  return details === undefined ? undefined : { guarantee: GUARANTEE, details };
}

function stuckFault({ authority }: Evidence): string | undefined {
  if (authority.incoming.size + authority.chores.size > 0) {
    return 'a queue still holds messages';
  }
  return authority.givenUpInCalm > 0
    ? 'a stream record can not be processed although nothing fails'
    : undefined;
}

function recordFault({ history, settings, lastSweepAt }: Evidence): string | undefined {
  for (const record of history.latestRecords) {
    if (record.kind !== 'transfer') {
      continue;
    }
    if (record.status === 'committed') {
      return `transfer ${printRecordKey(record)} is not credited`;
    }
    const { preparation, status } = record;
    const silence = (lastSweepAt - Number(preparation?.announcedAt ?? 0n) - LEEWAY) / SECOND;
    if (status === 'prepared' && silence > settings.reminderSeconds) {
      return `transfer ${printRecordKey(record)} is prepared, and its coordinator was not reminded for ${silence} s`;
    }
  }
  return undefined;
}

function accountFault({ history, settings, lastSweepAt }: Evidence): string | undefined {
  const rates = new Map(
    history.finalAccounts
      .filter(isRootAccount)
      .map(({ debtorId, configData }) => [debtorId, rateOf(configData)]),
  );
  for (const account of history.finalAccounts) {
    const name = `account ${printAccountKey(account)}`;
    if (account.pendingUpdateSince !== undefined) {
      return `${name} has a change that was not announced`;
    }
    const silence = (lastSweepAt - Number(account.announcedAt) - LEEWAY) / SECOND;
    if (account.deletedAt === undefined && silence > settings.heartbeatSeconds) {
      return `${name} was silent for ${silence} s`;
    }
    // Without a root account there is no rate to follow; its purge may have been the last event.
    const rate = isRootAccount(account) ? 0 : (rates.get(account.debtorId) ?? account.interestRate);
    const isOld =
      lastSweepAt - Number(account.lastInterestRateChangeTs) >
      settings.messageMaxDelaySeconds * SECOND + DAY + LEEWAY;
    if (account.deletedAt === undefined && isOld && account.interestRate !== rate) {
      return `${name} has the rate ${account.interestRate} instead of ${rate}`;
    }
  }
  return undefined;
}

function rateOf(configData: string): number {
  return configData === '' ? 0 : (JSON.parse(configData).rate ?? 0);
}
