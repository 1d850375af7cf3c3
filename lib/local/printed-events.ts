/** Prints what happens for a person, one line for each event. What the messages mean is in lib/protocol. */

import type { FeedEvent } from '../operations/console/feed-event.ts';
import { parseWire, type WireMessage } from './wire.ts';

/** Fields that begin every line anyway, or tell a reader little. */
const OMITTED = new Set(
  (
    'type debtor_id creditor_id account_id ts ttl creation_date commit_period demurrage_rate last_change_ts ' +
    'last_config_ts last_interest_rate_change_ts final_interest_rate_ts last_transfer_committed_at ' +
    'transfer_note_max_bytes'
  ).split(' '),
);

/**
 * `12:34:56.789 ← to_creditors AccountUpdate debtor 1 creditor 2 principal=100 …`. Incoming messages have an →, and those
 * without effect an ✗ with the reason. Fields that are zero or empty are omitted. Numbers of any size are printed exactly
 * as in the message.
 * @param now milliseconds since 1970
 */
export function printEvent(event: FeedEvent, now: number): string {
  return `${new Date(now).toISOString().slice(11, 23)} ${printWords(event)}`;
}

function printWords(event: FeedEvent): string {
  switch (event.kind) {
    case 'in':
      return `→ ${printBody(event.body)}`;
    case 'out':
      return `← ${topicLabel(event.topicName)} ${printBody(event.body)}`;
    case 'dead':
      return `✗ dead letter: ${event.reason} in ${printBody(event.body)}`;
    case 'ignored':
      return `✗ ignored ${event.type} of ${event.account}: ${event.reason}`;
    case 'warning':
      return `✗ ${event.functionLabel}: ${event.sentence}`;
    case 'fault':
      return `✗ ${event.functionLabel} ${event.sentence}`;
  }
}

function printBody(body: string): string {
  const fields = parse(body);
  if (typeof fields?.type !== 'string') {
    return clip(body);
  }
  const details = Object.entries(fields)
    .filter(([name, value]) => !OMITTED.has(name) && !isEmpty(value))
    .map(([name, value]) => `${name}=${printValue(value)}`);
  return clip(
    [`${fields.type} debtor ${fields.debtor_id} creditor ${fields.creditor_id}`, ...details].join(' '),
  );
}

/** Anybody may send a megabyte of anything, also over several lines. */
const MAX_CHARACTERS = 1_000;

function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)} …` : line;
}

function parse(body: string): WireMessage | undefined {
  try {
    return parseWire(body) ?? undefined;
  } catch {
    return undefined;
  }
}

function isEmpty(value: unknown): boolean {
  const isEpoch = typeof value === 'string' && value.startsWith('1970-01-01T00:00:00+');
  return value === '' || value === 0 || value === 0n || isEpoch;
}

function printValue(value: unknown): string {
  return typeof value === 'bigint' || (typeof value === 'string' && /^[\w:.+/-]+$/.test(value))
    ? `${value}`
    : JSON.stringify(value, (_name, item) => (typeof item === 'bigint' ? `${item}` : item));
}

/** `SwaptacularAccounts-ToCreditorsBE7BA258` → `to_creditors`, as the protocol calls it. */
export function topicLabel(topicName: string): string {
  const word = ['creditors', 'debtors', 'coordinators'].find((name) =>
    topicName.toLowerCase().includes(`to${name}`),
  );
  return word === undefined ? topicName : `to_${word}`;
}
