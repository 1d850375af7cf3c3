/** The page's connection with the local run: the feed as it comes, answers to questions, and presses of buttons. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { FeedEntry } from '../feed.ts';

export interface LiveEntry extends FeedEntry {
  /** All words of the entry in lower case, for the search. */
  readonly words: string;
}

export interface LiveFeed {
  /** In order. */
  readonly entries: readonly LiveEntry[];
  readonly isConnected: boolean;
}

const KEPT = 5_000;

/** The feed; the component is rendered anew whenever something has come. */
export function useLiveFeed(): LiveFeed {
  const [feed, setFeed] = useState<LiveFeed>({ entries: [], isConnected: false });
  useEffect(() => {
    const source = new EventSource('/api/events');
    let entries: readonly LiveEntry[] = [];
    source.onopen = () => {
      // After a break everything is sent anew, perhaps by another local run.
      entries = [];
    };
    source.onmessage = ({ data }) => {
      const more = (JSON.parse(data) as FeedEntry[]).map(withWords);
      entries = [...entries, ...more].slice(-KEPT);
      setFeed({ entries, isConnected: true });
    };
    source.onerror = () => setFeed({ entries, isConnected: false });
    return () => source.close();
  }, []);
  return feed;
}

function withWords(entry: FeedEntry): LiveEntry {
  const { kind, type, fields, reason, label } = entry;
  const words = [kind, type, reason, label, ...Object.entries(fields).map((pair) => pair.join('='))];
  return { ...entry, words: words.join(' ').toLowerCase() };
}

/** What the address answers now, asked again after each change of `version`; undefined until the first answer. */
export function useAnswer<T>(address: string, version: number): T | undefined {
  const [answer, setAnswer] = useState<{ readonly address: string; readonly value: T }>();
  const isAsking = useRef(false);
  useEffect(() => {
    if (isAsking.current) {
      return;
    }
    isAsking.current = true;
    ask<T>(address)
      .then((value) => setAnswer({ address, value }))
      .catch(() => undefined)
      .finally(() => {
        isAsking.current = false;
      });
  }, [address, version]);
  return answer?.address === address ? answer.value : undefined;
}

/** Counts every second in which something has come, so that tables are read again but not with every message. */
export function useSlowVersion(lastSeq: number): number {
  const latest = useRef(lastSeq);
  latest.current = lastSeq;
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let seen = -1;
    const timer = setInterval(() => {
      if (latest.current !== seen) {
        seen = latest.current;
        setVersion((count) => count + 1);
      }
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return version;
}

async function ask<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response.json();
}

export interface ActionAnswer {
  readonly isGood: boolean;
  readonly words: string;
}

/** Presses a button of the local run. Failures are answers, too. */
export async function press(action: string, input: object): Promise<ActionAnswer> {
  try {
    const response = await fetch(`/api/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return response.ok ? await response.json() : { isGood: false, words: await response.text() };
  } catch (error) {
    return { isGood: false, words: `The local run does not answer: ${error}. Is npm start running?` };
  }
}
