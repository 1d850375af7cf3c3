/** Does what is due by the clock: sends again what had no answer, releases what can't be committed, forgets, patches ledgers. */

import { lesserOf } from '../../protocol/integers.ts';
import type { IncomingMessage } from '../../protocol/messages.ts';
import { addSeconds, type Timestamp } from '../../protocol/timestamps.ts';
import { resendConfiguration } from '../records/configuration-chores.ts';
import { runTransferChore } from '../records/transfer-chores.ts';
import { parseAccount } from './account-book.ts';
import { reportAccount, reportTransfer, sendSaved } from './after-saving.ts';
import type { AgendaItem } from './agenda.ts';
import type { Surroundings } from './surroundings.ts';

const PAGE = 50;

/** Does everything that is due, and returns when to look again: when the next is due, but at most `longest` seconds from now. */
export async function runDueChores(
  client: Surroundings,
  { longest, signal }: { readonly longest: number; readonly signal?: AbortSignal },
): Promise<Timestamp> {
  const now = client.clock.now();
  const latest = addSeconds(now, longest);
  let last: AgendaItem | undefined;
  for (;;) {
    const items = await client.agenda.list(PAGE, last, signal);
    for (const item of items) {
      if (item.dueAt > now) {
        return lesserOf(item.dueAt, latest);
      }
      await runChore(client, item, signal);
      last = item;
    }
    if (items.length < PAGE) {
      return latest;
    }
  }
}

function runChore(client: Surroundings, item: AgendaItem, signal?: AbortSignal): Promise<void> {
  switch (item.subject) {
    case 'transfer':
      return runChoreOfTransfer(client, item.sort, signal);
    case 'account':
      return runChoreOfAccount(client, item.sort, signal);
    default:
      return item.subject satisfies never;
  }
}

async function runChoreOfTransfer(client: Surroundings, sort: string, signal?: AbortSignal): Promise<void> {
  const now = client.clock.now();
  const change = await client.transfers.change(
    sort,
    (transfer) =>
      transfer === undefined ? { transfer, send: [] } : runTransferChore(transfer, now, client.settings),
    signal,
  );
  await sendSaved(client, change.send, signal);
  reportUnanswered(client, change.send, change.transfer?.sentCount ?? 0);
  reportTransfer(client, change);
}

async function runChoreOfAccount(client: Surroundings, sort: string, signal?: AbortSignal): Promise<void> {
  const key = parseAccount(sort);
  let isUnfinished: boolean;
  do {
    const now = client.clock.now();
    const change = await client.accounts.change(
      key,
      { now, step: (data) => resendConfiguration(data, now, client.settings), patches: true },
      signal,
    );
    await sendSaved(client, change.send, signal);
    reportUnanswered(client, change.send, change.account.data.configuration?.sentCount ?? 0);
    reportAccount(client, change);
    isUnfinished = change.isUnfinished;
  } while (isUnfinished);
}

/** @param sentCount how often by now; the first time is no repetition */
function reportUnanswered(
  { notices }: Surroundings,
  messages: readonly IncomingMessage[],
  sentCount: number,
): void {
  for (const message of sentCount > 1 ? messages : []) {
    const { debtorId, creditorId, type } = message;
    notices.tell({ kind: 'unanswered', request: type, about: `${debtorId}/${creditorId}`, sentCount });
  }
}
