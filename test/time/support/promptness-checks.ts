/** Checks that everything in a simulated year was announced and credited on time (SMP 2.1, sections 4 and 10). */

import type { AccountTransfer, AccountUpdate } from '../../../lib/protocol/messages.ts';
import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import { byKey, inDays, messagesOf } from './publications.ts';
import type { AccountChange } from './quiet-cloud.ts';
import type { YearResult } from './simulated-year.ts';
import { DAY, HOUR, MINUTE } from './year-clients.ts';

/** A deferred AccountUpdate whose chore was lost is overdue after an hour, and found by the next sweep. */
const LATEST_UPDATE = HOUR + 8n * HOUR;
/** A credit whose record was lost is overdue after a quarter of an hour, and found by the next sweep. */
const LATEST_CREDIT = 15n * MINUTE + DAY;

export function faultsOfPromptness(year: YearResult): string[] {
  return [...faultsOfUrgentUpdates(year), ...faultsOfFoldedUpdates(year), ...faultsOfCredits(year)];
}

/** A creation, a deletion, a change of configuration or rate is announced at once. */
function faultsOfUrgentUpdates(year: YearResult): string[] {
  const announced = new Set(
    messagesOf<AccountUpdate>(year, 'AccountUpdate').map(
      ({ at, message }) => `${message.creditorId} ${at} ${message.lastChangeSeqnum}`,
    ),
  );
  return year.cloud.accountChanges.filter(isUrgent).flatMap(({ at, after }) => {
    const isAnnounced = announced.has(`${after?.creditorId} ${at} ${after?.lastChangeSeqnum}`);
    return isAnnounced ? [] : [`${after?.creditorId} did not announce a change at once`];
  });
}

function isUrgent({ before, after }: AccountChange): boolean {
  return (
    after !== undefined &&
    (before === undefined ||
      before.interestRate !== after.interestRate ||
      before.lastConfigTs !== after.lastConfigTs ||
      before.deletedAt !== after.deletedAt)
  );
}

/** An AccountUpdate counts every transfer soon after it. */
function faultsOfFoldedUpdates(year: YearResult): string[] {
  const keyOf = ({ creditorId, creationDate }: AccountUpdate | AccountTransfer) =>
    `${creditorId}/${creationDate}`;
  const updates = byKey(messagesOf<AccountUpdate>(year, 'AccountUpdate'), keyOf);
  const transfers = byKey(messagesOf<AccountTransfer>(year, 'AccountTransfer'), keyOf);
  return [...transfers].flatMap(([key, list]) =>
    list.flatMap(({ at, message }) => {
      const update = updates
        .get(key)
        ?.find(
          (candidate) => candidate.at >= at && candidate.message.lastTransferNumber >= message.transferNumber,
        );
      const delay = (update?.at ?? year.end) - at;
      return delay <= LATEST_UPDATE ? [] : [`${key} told of its transfer after ${inDays(delay)} days`];
    }),
  );
}

/** Every recipient is credited soon after the commit; nothing is left under way at the end. */
function faultsOfCredits(year: YearResult): string[] {
  const faults = messagesOf<AccountTransfer>(year, 'AccountTransfer')
    .filter(({ at, message }) => at - message.committedAt > LATEST_CREDIT)
    .map(
      ({ at, message }) =>
        `${message.creditorId} was credited after ${inDays(at - message.committedAt)} days`,
    );
  const old = (at: Timestamp) => year.end - at > LATEST_CREDIT;
  const left = year.cloud.records.filter(
    (record) =>
      record.kind === 'transfer' && record.status === 'committed' && old(record.payment?.committedAt ?? 0n),
  );
  return left.length === 0 ? faults : [...faults, `${left.length} transfers are still under way`];
}
