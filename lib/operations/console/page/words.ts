/** How the page writes times, amounts and messages. */

import type { FeedEntry } from '../answers.ts';

/** `12:34:56.789`, in UTC as in the messages. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** `2027-01-15 12:34:56 UTC`: the date counts, since the clock of the functions can be moved. */
export function dateAndTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** An integer of any size with separators. */
export function amount(text: string): string {
  // Much faster than toLocaleString, and there may be hundreds on the page.
  return /^-?\d+$/.test(text) ? text.replace('-', '−').replaceAll(/\B(?=(\d{3})+$)/g, ',') : text;
}

export const KIND_WORDS: Readonly<Record<FeedEntry['kind'], string>> = {
  in: '→ in',
  out: '← out',
  ignored: '✗ ignored',
  dead: '✗ dead letter',
  warning: '✗ warning',
  fault: '✗ fault',
};

/** Fields that have columns of their own, or tell a reader little. */
const OMITTED = new Set(
  (
    'debtor_id creditor_id account_id ts ttl creation_date commit_period demurrage_rate last_change_ts last_config_ts ' +
    'last_interest_rate_change_ts final_interest_rate_ts last_transfer_committed_at transfer_note_max_bytes'
  ).split(' '),
);

/** The fields that tell something, as `name=value`. */
export function detailsOf({ fields }: Pick<FeedEntry, 'fields'>): string {
  return Object.entries(fields)
    .filter(([name, value]) => !OMITTED.has(name) && !/^0?(\.0)?$|^1970-01-01T00:00:00\+/.test(value))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** The body with a line for each field, whatever lines it came in. Numbers keep their digits, as the text itself is broken. */
export function prettyBody(body: string): string {
  try {
    JSON.parse(body);
  } catch {
    return body;
  }
  return body.replaceAll(/("(?:[^"\\]|\\.)*")|\s*([{,}])\s*/g, (match, text, mark) =>
    text === undefined ? (mark === '}' ? '\n}' : `${mark}\n  `) : match,
  );
}

/** `1 account`, `2 accounts`. */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${amount(`${count}`)} ${count === 1 ? noun : plural}`;
}
