/** Guarantee 6, outgoing: every change was published, and nothing untrue was published. */

import type { AccountUpdate } from '../../../lib/protocol/messages.ts';
import { type Account, printAccountKey } from '../../../lib/rules/account.ts';
import type { OperationSettings } from '../../../lib/shell/settings.ts';
import { isLaterUpdate, type Received } from '../clients/correspondence.ts';
import { announcedFields, contentOf, messagesOf, updateOf, urgentFields } from './announcements.ts';
import { type Evidence, isSameRecord, show, type Violation } from './violation.ts';

const NOT_LOST = '6. Every state change’s outgoing messages are eventually published';
const NOT_INVENTED = 'Nothing is published that contradicts the state';

export function publicationsMatchState(evidence: Evidence): Violation | undefined {
  const { correspondence, history, settings, authority } = evidence;
  const [unreadable] = correspondence.unreadable;
  if (unreadable !== undefined) {
    return { guarantee: NOT_INVENTED, details: `${unreadable.error}: ${unreadable.body}` };
  }
  const published = new Map(
    correspondence.published.map((received) => [contentOf(received.message), received]),
  );
  const due = new Set(history.latestRecords.flatMap(messagesOf).map(contentOf));
  const possible = new Set(due);
  for (const [key, states] of history.accounts) {
    let before: Account | undefined;
    for (const { value: after } of states) {
      if (after !== undefined) {
        possible.add(contentOf(updateOf(after, settings)));
      }
      for (const message of dueAt(before, after, settings)) {
        possible.add(contentOf(message));
        // Of what was given up, only the latest update can be published again; it replaces the others.
        if (message.type === 'AccountPurge' || !authority.abandonedAccounts.has(key)) {
          due.add(contentOf(message));
        }
      }
      before = after;
    }
    if (before !== undefined) {
      due.add(contentOf(updateOf(before, settings)));
    }
  }
  const missing = [...due].find((content) => !published.has(content));
  if (missing !== undefined) {
    return { guarantee: NOT_LOST, details: `never published: ${missing}` };
  }
  const invented = [...published.keys()].find((content) => !possible.has(content));
  return invented === undefined ? undefined : { guarantee: NOT_INVENTED, details: invented };
}

/** The messages that this change of an account makes due. */
function dueAt(
  before: Account | undefined,
  after: Account | undefined,
  settings: OperationSettings,
): Readonly<Record<string, unknown>>[] {
  if (after === undefined) {
    const { debtorId = 0n, creditorId = 0n, creationDate = '' } = before ?? {};
    return before === undefined ? [] : [{ type: 'AccountPurge', debtorId, creditorId, creationDate }];
  }
  const isUrgent = before === undefined || !isSameRecord(urgentFields(before), urgentFields(after));
  return isUrgent ? [updateOf(after, settings)] : [];
}

/** Topics and attributes, so that the right subscribers get the message. */
export function publicationsAreRouted({ correspondence }: Evidence): Violation | undefined {
  const wrong = correspondence.published.find((received) => !isRouted(received));
  return wrong && { guarantee: 'Each message goes to its topic with its attributes', details: show(wrong) };
}

function isRouted({ message, topic, attributes }: Received): boolean {
  const isForCoordinator = 'coordinatorId' in message;
  const isForDebtor = !isForCoordinator && message.creditorId === 0n;
  const [expected, id] = isForCoordinator
    ? ['to_coordinators', message.coordinatorId]
    : isForDebtor
      ? ['to_debtors', message.debtorId]
      : ['to_creditors', message.creditorId];
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(id);
  return (
    topic === expected &&
    attributes.type === message.type &&
    attributes.debtor_id === String(message.debtorId) &&
    attributes.creditor_id === String(message.creditorId) &&
    attributes.routing_key === bytes.toString('hex').replace(/..(?=.)/g, '$&.')
  );
}

/** AccountUpdates carry their own order, even when the clock goes back; two with the same position have the same content. */
export function updatesAreOrdered({ correspondence, history, settings }: Evidence): Violation | undefined {
  const contents = new Map<string, string>();
  for (const { message } of correspondence.published) {
    if (message.type === 'AccountUpdate') {
      const { creationDate, lastChangeTs, lastChangeSeqnum } = message;
      const name = `${printAccountKey(message)} ${creationDate} ${lastChangeTs} ${lastChangeSeqnum}`;
      const content = contentOf(message);
      if ((contents.get(name) ?? content) !== content) {
        return {
          guarantee: 'Later AccountUpdates can be told from earlier ones',
          details: `${contents.get(name)} and ${content}`,
        };
      }
      contents.set(name, content);
    }
  }
  const latest = latestUpdates(correspondence.published);
  const lost = history.finalAccounts.find((account) => !isLastWord(account, latest, settings));
  return (
    lost && {
      guarantee: 'The latest AccountUpdate tells the final state',
      details: show({ ...announcedFields(lost), account: printAccountKey(lost) }),
    }
  );
}

/** The final state of clients that keep the latest update of the latest life. */
function latestUpdates(published: readonly Received[]): Map<string, AccountUpdate> {
  const latest = new Map<string, AccountUpdate>();
  for (const { message } of published) {
    if (message.type === 'AccountUpdate') {
      const key = printAccountKey(message);
      const known = latest.get(key);
      if (known === undefined || isLaterUpdate(message, known)) {
        latest.set(key, message);
      }
    }
  }
  return latest;
}

function isLastWord(
  account: Account,
  latest: ReadonlyMap<string, AccountUpdate>,
  settings: OperationSettings,
): boolean {
  const update = latest.get(printAccountKey(account));
  return update !== undefined && contentOf(update) === contentOf(updateOf(account, settings));
}
