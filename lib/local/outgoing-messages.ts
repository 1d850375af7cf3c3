/** Outgoing messages as the local run shows them to a person: one line each. What they mean is in lib/protocol. */

import type { PublishedMessage } from './emulators/queue-and-topic-emulator.ts';

/** Fields that every line begins with, or that say little to a reader. */
const LEFT_OUT = new Set([
  'type',
  'debtor_id',
  'creditor_id',
  'ts',
  'creation_date',
  'last_change_ts',
  'last_interest_rate_change_ts',
  'last_config_ts',
  'last_transfer_committed_at',
  'demurrage_rate',
  'commit_period',
  'transfer_note_max_bytes',
  'ttl',
  'account_id',
  'final_interest_rate_ts',
]);

/**
 * `12:34:56.789 to_creditors AccountUpdate debtor 1 creditor 2 principal=100 …`. Fields that are zero or empty are
 * left out. Numbers are shown as they were written, of whatever size.
 */
export function printOutgoingMessage({ topicName, body }: PublishedMessage, now: number): string {
  const time = new Date(now).toISOString().slice(11, 23);
  const fields = parseNumbersAsTexts(body);
  if (typeof fields?.type !== 'string') {
    return `${time} ${topicName}: ${body}`;
  }
  const details = Object.entries(fields)
    .filter(([name, value]) => !LEFT_OUT.has(name) && !isEmpty(value))
    .map(([name, value]) => `${name}=${printValue(value)}`);
  const account = `debtor ${fields.debtor_id} creditor ${fields.creditor_id}`;
  return [`${time} ${topicLabel(topicName)} ${fields.type} ${account}`, ...details].join(' ');
}

/** A number of the message, as it is written there. */
class NumberText {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
  toString(): string {
    return this.digits;
  }
}

function parseNumbersAsTexts(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body, (_name, item: unknown, context?: { readonly source?: string }) =>
      typeof item === 'number' ? new NumberText(context?.source ?? String(item)) : item,
    );
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isEmpty(value: unknown): boolean {
  return value === '' || (value instanceof NumberText && Number(value.digits) === 0) || isEpoch(value);
}

function isEpoch(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('1970-01-01T00:00:00+');
}

function printValue(value: unknown): string {
  if (value instanceof NumberText) {
    return value.digits;
  }
  return typeof value === 'string' && /^[\w:.+/-]+$/.test(value) ? value : JSON.stringify(value);
}

/** `SwaptacularAccounts-ToCreditorsBE7BA258` → `to_creditors`, the protocol's word. */
function topicLabel(topicName: string): string {
  const word = ['creditors', 'debtors', 'coordinators'].find((name) =>
    topicName.toLowerCase().includes(`to${name}`),
  );
  return word === undefined ? topicName : `to_${word}`;
}
