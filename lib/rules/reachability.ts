/** To whom a transfer may be prepared (SMP 2.1, PrepareTransfer, check 1). */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { type Account, isScheduledForDeletion, livingAccount } from './account.ts';

/** The root account always is; an ordinary account is when it exists, is not deleted, and is not scheduled for deletion. */
export function isReachableAccount(creditorId: bigint, account: Account | undefined): boolean {
  const living = livingAccount(account);
  return creditorId === ROOT_CREDITOR_ID || (living !== undefined && !isScheduledForDeletion(living));
}
