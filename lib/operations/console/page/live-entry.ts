/** An entry of the feed as the page keeps it. */

import type { FeedEntry } from '../answers.ts';
import { accountWords } from './search.ts';
import { clockTime, KIND_WORDS } from './words.ts';

export interface LiveEntry extends FeedEntry {
  /** All words of the entry in lower case, for the search. */
  readonly words: string;
}

export function withWords(entry: FeedEntry): LiveEntry {
  const { kind, type, fields, reason, label, at } = entry;
  const account = accountWords(fields.debtor_id, fields.creditor_id);
  const shown = [clockTime(at), KIND_WORDS[kind], account, type, reason, label];
  const words = [kind, ...shown, ...Object.entries(fields).map((pair) => pair.join('='))];
  return { ...entry, words: words.join(' ').toLowerCase() };
}
