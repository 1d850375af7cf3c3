/** What the views of the tables have in common. */

import type { About, ListPage } from '../answers.ts';
import { type Answered, type LiveFeed, useAnswer, useSlowVersion } from './live.ts';
import { Hint } from './parts.tsx';
import type { Route } from './route.ts';

export interface ViewProps {
  readonly route: Route;
  readonly feed: LiveFeed;
  readonly about: About;
}

/** The part of the list that the address wants. */
export function useList<T>(list: string, { route: { params }, feed }: ViewProps): Answered<ListPage<T>> {
  const { q = '', page = '', sort = '' } = params;
  const query = new URLSearchParams({ q, page, sort });
  return useAnswer<ListPage<T>>(`/api/${list}?${query}`, useSlowVersion(feed));
}

export function Reading({ trouble }: { readonly trouble: string }) {
  return trouble === '' ? <Hint>Reading the tables …</Hint> : null;
}

export function Unreadable({ list: { unreadable } }: { readonly list: ListPage<unknown> }) {
  return unreadable.count === 0 ? null : (
    <div class="card bad" role="alert">
      <b>Items that can't be read: {unreadable.count}</b>
      <ul>
        {unreadable.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
