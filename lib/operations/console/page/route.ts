/** The address of what is shown: all of it is behind the `#`, so that a link shows the same to whoever opens it. */

import { useEffect, useState } from 'preact/hooks';

export interface Route {
  /** The view's name. */
  readonly view: string;
  /** What the view shows, such as a type of message; often empty. */
  readonly subject: string;
  readonly params: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view = '', subject = ''] = path.split('/');
  return { view: view || 'feed', subject, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param params empty ones are omitted */
export function link(path: string, params: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

/** Changes the address without a new step in the browser's history, as while somebody types. */
export function replaceRoute(path: string, params: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', link(path, params));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const onChange = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return route;
}
