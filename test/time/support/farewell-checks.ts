/** Checks the accounts that were deleted in a simulated year (SMP 2.1, section 7). */

import type { AccountPurge, AccountTransfer, PreparedTransfer } from '../../../lib/protocol/messages.ts';
import { byKey, inDays, messagesOf, shortestGap } from './publications.ts';
import type { AccountChange } from './quiet-cloud.ts';
import type { YearResult } from './simulated-year.ts';
import { DAY, type Farewell, HOUR } from './year-clients.ts';

const ACCOUNTS_PERIOD = 8n * HOUR;

/** What happens to an account in each way, after it was created and paid. */
const STORIES: Readonly<Record<Farewell, string>> = {
  'with money': 'deleted, purged',
  'refused first': 'refused, deleted, purged',
  'held first': 'deleted, purged',
  'back by a credit': 'deleted, back, deleted, purged',
  'back by its owner': 'deleted, back',
  anew: 'deleted, purged, created',
};

interface Event extends AccountChange {
  readonly kind: 'created' | 'refused' | 'deleted' | 'back' | 'purged';
}

export function faultsOfFarewells(year: YearResult): string[] {
  const faults: string[] = [];
  for (const [creditorId, farewell] of year.farewells) {
    const [creation, ...events] = eventsOf(year, creditorId);
    const story = events.map(({ kind }) => kind).join(', ');
    if (creation?.kind !== 'created' || story !== STORIES[farewell]) {
      faults.push(`${creditorId}, which went ${farewell}, was ${story}`);
    }
    const all = [...faultsOfTimes(events), ...faultsOfRest(year, events), ...faultsOfDates(year, creditorId)];
    faults.push(...all.map((fault) => `${creditorId} ${fault}`));
  }
  return [...faults, ...faultsOfIds(year)];
}

function eventsOf({ cloud }: YearResult, creditorId: bigint): readonly Event[] {
  return cloud.accountChanges
    .filter(({ before, after }) => (after ?? before)?.creditorId === creditorId)
    .flatMap((change) => {
      const kind = kindOf(change);
      return kind === undefined ? [] : [{ ...change, kind }];
    });
}

function kindOf({ before, after }: AccountChange): Event['kind'] | undefined {
  if (after === undefined) {
    return 'purged';
  }
  if (before === undefined) {
    return 'created';
  }
  if (before.deletedAt === undefined && after.deletedAt !== undefined) {
    return 'deleted';
  }
  if (before.deletedAt !== undefined && after.deletedAt === undefined) {
    return 'back';
  }
  return before.lastDeletionAttemptTs === after.lastDeletionAttemptTs ? undefined : 'refused';
}

/** Attempts 14 days apart, more than 7 days after the configuration; the purge 106 days after the deletion. */
function faultsOfTimes(events: readonly Event[]): string[] {
  const faults: string[] = [];
  const attempts = events.filter(({ kind }) => kind === 'deleted' || kind === 'refused');
  if (shortestGap(attempts.map(({ at }) => at)) < 14n * DAY) {
    faults.push(`was tried to delete after ${inDays(shortestGap(attempts.map(({ at }) => at)))} days`);
  }
  for (const { at, before } of attempts) {
    if (at - (before?.lastConfigTs ?? 0n) <= 7n * DAY || before?.pendingTransfersCount !== 0) {
      faults.push(`was tried to delete too early`);
    }
  }
  for (const { at, before } of events.filter(({ kind }) => kind === 'purged')) {
    const age = at - (before?.deletedAt ?? 0n);
    if (age < 106n * DAY || age > 106n * DAY + ACCOUNTS_PERIOD) {
      faults.push(`was purged after ${inDays(age)} days`);
    }
  }
  return faults;
}

/** The rest went to the root account, and nothing is left. */
function faultsOfRest(year: YearResult, events: readonly Event[]): string[] {
  const payments = messagesOf<AccountTransfer>(year, 'AccountTransfer').filter(
    ({ message }) => message.coordinatorType === 'delete' && message.recipient === '0',
  );
  return events
    .filter(({ kind }) => kind === 'deleted')
    .flatMap(({ at, before, after }) => {
      const own = payments.filter(
        ({ message }) => message.creditorId === before?.creditorId && message.committedAt === at,
      );
      const paid = own.reduce((sum, { message }) => sum - message.acquiredAmount, 0n);
      // Interest may have become principal in the same write.
      const isAll = paid >= (before?.principal ?? 0n) && own.length <= 1;
      return isAll && after?.principal === 0n && after.interest === 0
        ? []
        : [`paid ${paid} when it was deleted`];
    });
}

/** Each purge is announced, and a later account of the same key has a later creation date. */
function faultsOfDates(year: YearResult, creditorId: bigint): string[] {
  const changes = year.cloud.accountChanges.filter(
    ({ before, after }) => (after ?? before)?.creditorId === creditorId,
  );
  const created = changes.flatMap(({ before, after }) =>
    before === undefined ? [after?.creationDate ?? ''] : [],
  );
  const purged = changes.flatMap(({ before, after }) =>
    after === undefined ? [before?.creationDate ?? ''] : [],
  );
  const told = messagesOf<AccountPurge>(year, 'AccountPurge')
    .filter(({ message }) => message.creditorId === creditorId)
    .map(({ message }) => message.creationDate);
  const isRising = created.every((date, index) => index === 0 || date > (created[index - 1] ?? ''));
  return isRising && told.join() === purged.join()
    ? []
    : [`was created on ${created.join()}, purged ${told.join()}`];
}

/** No transfer ID is ever used again for an account, not even after its purge. */
function faultsOfIds(year: YearResult): string[] {
  const prepared = byKey(
    messagesOf<PreparedTransfer>(year, 'PreparedTransfer'),
    ({ creditorId, transferId }) => `${creditorId}/${transferId}`,
  );
  return [...prepared]
    .filter(([, list]) => new Set(list.map(({ message }) => `${message.coordinatorRequestId}`)).size > 1)
    .map(([key]) => `${key} names two transfers`);
}
