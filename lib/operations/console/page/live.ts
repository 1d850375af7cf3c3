/** The page's connection with the console: the feed as it comes, answers to questions, and presses of buttons. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { About, ActionAnswer, FeedEntry } from '../answers.ts';
import { FeedStore } from './feed-store.ts';

export interface LiveFeed {
  readonly store: FeedStore;
  /** Grows with each showing, since the store itself changes. */
  readonly version: number;
  readonly isConnected: boolean;
}

/** What has come is shown after this time, and where too much comes to be read, after a longer one. */
const SHOWING_MS = 250;
const BUSY_SHOWING_MS = 1_000;
/** More in one showing is too much to be read. */
const READABLE = 12;

/** The feed; the component is rendered anew when something has come, but not with every message. */
export function useLiveFeed({ hasFeed }: About): LiveFeed {
  const store = useMemo(() => new FeedStore(), []);
  const [shown, setShown] = useState({ version: 0, isConnected: false });
  useEffect(() => {
    if (!hasFeed) {
      return;
    }
    const source = new EventSource('/api/events');
    const waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let [count, pause] = [0, 0];
    const show = (isConnected: boolean) => {
      timer = undefined;
      pause = count > READABLE ? BUSY_SHOWING_MS : SHOWING_MS;
      count = 0;
      setShown(({ version }) => ({ version: version + 1, isConnected }));
    };
    const takeOne = () => {
      const entries = JSON.parse(waiting.shift() ?? '[]') as readonly FeedEntry[];
      store.add(entries);
      count += entries.length;
      timer ??= setTimeout(show, pause, true);
      if (waiting.length > 0) {
        setTimeout(takeOne);
      }
    };
    source.onopen = () => {
      // After a break everything is sent anew, perhaps by another local run.
      waiting.length = 0;
      store.clear();
    };
    // Many come at once when the page is opened; the page does other things between them.
    source.onmessage = ({ data }) => {
      waiting.push(data);
      if (waiting.length === 1) {
        setTimeout(takeOne);
      }
    };
    source.onerror = () => show(false);
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [hasFeed]);
  return { store, ...shown };
}

/** What the console answered last. */
export interface Answered<T> {
  /** Undefined until the first answer. */
  readonly value?: T;
  /** Why there is no newer answer; empty if all is well. */
  readonly trouble: string;
}

/** What the address answers now, asked again after each change of `version`. An older answer stays until then. */
export function useAnswer<T>(address: string, version = 0): Answered<T> {
  const [answer, setAnswer] = useState<Answered<T>>({ trouble: '' });
  const asking = useRef<{ readonly address: string; readonly controller: AbortController } | undefined>(
    undefined,
  );
  useEffect(() => {
    if (asking.current?.address === address) {
      return;
    }
    asking.current?.controller.abort();
    const controller = new AbortController();
    const own = { address, controller };
    asking.current = own;
    ask<T>(address, controller.signal)
      .then((value) => setAnswer({ value, trouble: '' }))
      .catch((error: Error) => {
        if (!controller.signal.aborted) {
          setAnswer((last) => ({ ...last, trouble: error.message }));
        }
      })
      .finally(() => {
        if (asking.current === own) {
          asking.current = undefined;
        }
      });
  }, [address, version]);
  useEffect(() => () => asking.current?.controller.abort(), []);
  return answer;
}

const SECOND_MS = 1_000;
/** Without a feed, and now and then with one, since time alone changes what is shown. */
const IDLE_SECONDS = 5;

/** Counts every second in which something has come, and every fifth of the others. */
export function useSlowVersion({ store }: LiveFeed): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let seen = -1;
    let seconds = 0;
    const timer = setInterval(() => {
      seconds += 1;
      if (store.lastSeq !== seen || seconds % IDLE_SECONDS === 0) {
        seen = store.lastSeq;
        setVersion((count) => count + 1);
      }
    }, SECOND_MS);
    return () => clearInterval(timer);
  }, [store]);
  return version;
}

/** @throws {Error} with words for a person */
export async function ask<T>(address: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(address, { signal: signal ?? null }).catch((error) => {
    throw new Error(`The console does not answer (${error.message}). Was it stopped?`);
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response.json();
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
  } catch {
    return { isGood: false, words: 'The local run does not answer: is npm start running?' };
  }
}
