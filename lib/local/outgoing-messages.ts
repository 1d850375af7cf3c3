/** Prints outgoing messages for a person, one line each. What the messages mean is in lib/protocol. */

import type { PublishedMessage } from './emulators/queue-and-topic-emulator.ts';
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
 * `12:34:56.789 to_creditors AccountUpdate debtor 1 creditor 2 principal=100 …`. Fields that are zero or empty are
 * omitted. Numbers of any size are printed exactly as in the message.
 */
export function printOutgoingMessage({ topicName, body }: PublishedMessage, now: number): string {
  const time = new Date(now).toISOString().slice(11, 23);
  const fields = parse(body);
  if (typeof fields?.type !== 'string') {
    return `${time} ${topicName}: ${body}`;
  }
  const details = Object.entries(fields)
    .filter(([name, value]) => !OMITTED.has(name) && !isEmpty(value))
    .map(([name, value]) => `${name}=${printValue(value)}`);
  const account = `debtor ${fields.debtor_id} creditor ${fields.creditor_id}`;
  return [`${time} ${topicLabel(topicName)} ${fields.type} ${account}`, ...details].join(' ');
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
function topicLabel(topicName: string): string {
  const word = ['creditors', 'debtors', 'coordinators'].find((name) =>
    topicName.toLowerCase().includes(`to${name}`),
  );
  return word === undefined ? topicName : `to_${word}`;
}
