/** What must be true of one account's item by itself, whatever the other items say. */

import { MAX_INTEREST_RATE, MIN_INTEREST_RATE } from '../../../protocol/constants.ts';
import { EPOCH, printTimestamp, type Timestamp } from '../../../protocol/timestamps.ts';
import { type Account, isRootAccount } from '../../../rules/account.ts';
import { isUpdateOverdue } from '../../../rules/account-chores.ts';
import { isAcceptableConfigData } from '../../../rules/currency.ts';
import { type Fault, faultsOf } from './checks.ts';

/** The faults of an account without range fault, apart from what only time makes one. */
export function accountFaults(account: Account): readonly Fault[] {
  return [
    ...rateFaults(account),
    ...(isRootAccount(account) ? rootFaults(account) : []),
    ...(account.deletedAt === undefined ? [] : deletedFaults(account)),
    ...faultsOf('account-states', [
      !isAcceptableConfigData(account.configData, isRootAccount(account)) &&
        'its configuration is none that could have been accepted',
    ]),
    ...faultsOf('locks', [
      account.totalLockedAmount < 0n && `its total locked amount is ${account.totalLockedAmount}`,
      account.pendingTransfersCount < 0 && `its pending count is ${account.pendingTransfersCount}`,
    ]),
    ...faultsOf('transfer-numbers', [
      account.lastTransferNumber === 0n &&
        account.lastTransferCommittedAt !== EPOCH &&
        `it has no transfer, yet the last one was committed at ${printTimestamp(account.lastTransferCommittedAt)}`,
    ]),
    ...announcementFaults(account),
  ];
}

function rateFaults({ interestRate, previousInterestRate }: Account): Fault[] {
  const isWrong = (rate: number): boolean => rate < MIN_INTEREST_RATE || rate > MAX_INTEREST_RATE;
  const bounds = `outside of ${MIN_INTEREST_RATE} … ${MAX_INTEREST_RATE}`;
  return faultsOf('account-states', [
    isWrong(interestRate) && `its interest rate is ${interestRate}, ${bounds}`,
    isWrong(previousInterestRate) && `its previous interest rate is ${previousInterestRate}, ${bounds}`,
  ]);
}

function rootFaults({ interest, interestRate, lastTransferNumber }: Account): Fault[] {
  return [
    ...faultsOf('account-states', [
      interest !== 0 && `it is a root account with interest ${interest}`,
      interestRate !== 0 && `it is a root account with interest rate ${interestRate}`,
    ]),
    ...faultsOf('transfer-numbers', [
      lastTransferNumber !== 0n && `it is a root account with last transfer number ${lastTransferNumber}`,
    ]),
  ];
}

function deletedFaults(account: Account): Fault[] {
  const { principal, interest, totalLockedAmount, pendingTransfersCount, pendingUpdateSince } = account;
  return faultsOf('account-states', [
    principal !== 0n && `it is deleted with principal ${principal}`,
    interest !== 0 && `it is deleted with interest ${interest}`,
    totalLockedAmount !== 0n && `it is deleted with total locked amount ${totalLockedAmount}`,
    pendingTransfersCount !== 0 && `it is deleted with pending count ${pendingTransfersCount}`,
    pendingUpdateSince !== undefined && 'it is deleted with an update that is due',
  ]);
}

/** Each change of announced fields makes an AccountUpdate due, at once or later. */
function announcementFaults({ lastChangeTs, announcedAt, pendingUpdateSince }: Account): Fault[] {
  return faultsOf('announcements', [
    pendingUpdateSince === undefined &&
      announcedAt < lastChangeTs &&
      `it changed at ${printTimestamp(lastChangeTs)}, was announced at ${printTimestamp(announcedAt)}, and no update is due`,
  ]);
}

/** An AccountUpdate that should long have been sent (SMP 2.1, section 4). */
export function overdueUpdateFault(account: Account, at: Timestamp): Fault | undefined {
  const { pendingUpdateSince } = account;
  return pendingUpdateSince !== undefined && isUpdateOverdue(account, at)
    ? { check: 'announcements', sentence: `an update is due since ${printTimestamp(pendingUpdateSince)}` }
    : undefined;
}
