/** An entry of the feed as the page keeps it. */

import type { FeedEntry } from '../answers.ts';

export interface LiveEntry extends FeedEntry {
  /** All words of the entry in lower case, for the search. */
  readonly words: string;
}

export function withWords(entry: FeedEntry): LiveEntry {
  const { kind, type, fields, reason, label } = entry;
  const words = [kind, type, reason, label, ...Object.entries(fields).map((pair) => pair.join('='))];
  return { ...entry, words: words.join(' ').toLowerCase() };
}
