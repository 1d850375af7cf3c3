/** Sends the feed to a page as server-sent events: first what is kept, then whatever comes, some entries at a time. */

import type { ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';

/** Entries that come close together are sent at once, so that a busy ledger does not keep the page busy. */
const PERIOD_MS = 200;
/** More entries would keep the page busy for long at once, as when it is opened. */
const MAX_ENTRIES = 100;
/** A page that reads too slowly misses entries instead of filling our memory. */
const MAX_WAITING_BYTES = 4_000_000;

/** @param after the last entry that the page has; 0 for none */
export function streamEntries(response: ServerResponse, feed: Feed, after: number): void {
  response.setHeader('content-type', 'text/event-stream');
  // A page that was connected to an earlier run has entries of that one.
  let sent = after > feed.lastSeq ? 0 : after;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    if (response.writableLength > MAX_WAITING_BYTES) {
      timer = setTimeout(flush, PERIOD_MS);
      return;
    }
    const entries = feed.after(sent);
    sent = feed.lastSeq;
    for (let start = 0; start < entries.length; start += MAX_ENTRIES) {
      response.write(`data: ${JSON.stringify(entries.slice(start, start + MAX_ENTRIES))}\n\n`);
    }
  };
  // Even with nothing in it, this tells the page that it is connected.
  response.write('data: []\n\n');
  flush();
  const stop = feed.listen(() => {
    timer ??= setTimeout(flush, PERIOD_MS);
  });
  response.on('close', () => {
    stop();
    clearTimeout(timer);
  });
}
