/**
 * Topics may lose what they were given. Heartbeats and reminders see to it that clients learn of what is so all the same: the
 * state of each living account, and each transfer that waits for its coordinator.
 */

import { printAccountKey } from '../../../lib/rules/account.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import { contentOf, updateOf } from './announcements.ts';
import type { Evidence, Violation } from './violation.ts';

export function clientsLearnInTheEnd({ correspondence, history, settings }: Evidence): Violation | undefined {
  const { heardUpdates, heardTransfers } = correspondence;
  const unheard = history.finalAccounts.find((account) => {
    const heard = heardUpdates.get(printAccountKey(account));
    const isKnown = heard !== undefined && contentOf(heard) === contentOf(updateOf(account, settings));
    return account.deletedAt === undefined && !isKnown;
  });
  const waiting = history.latestRecords.find(
    (record) =>
      record.kind === 'transfer' &&
      record.status === 'prepared' &&
      !heardTransfers.has(printRecordKey(record)),
  );
  const details =
    (unheard && `nobody knows the state of account ${printAccountKey(unheard)}`) ??
    (waiting && `nobody knows of the prepared transfer ${printRecordKey(waiting)}`);
  return details === undefined
    ? undefined
    : { guarantee: 'Heartbeats and reminders tell what topics have lost', details };
}
