/**
 * Which requests the console answers. A web page elsewhere must neither read the ledger nor press a button, also when its
 * host name was made to point to this machine (DNS rebinding).
 */

import type { IncomingHttpHeaders } from 'node:http';

/** Nothing of the console can be reached from another machine. */
export const LOOPBACK = '127.0.0.1';

export interface GuardedRequest {
  readonly method: string | undefined;
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin' | 'content-type' | 'sec-fetch-site'>;
}

/** @returns why the request is refused, or undefined */
export function refusalOf({ method, headers }: GuardedRequest, port: number): string | undefined {
  const { host, origin } = headers;
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) {
    return `The console answers only as ${hosts.join(' or ')}.`;
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return `The console answers no page of ${origin}.`;
  }
  if (headers['sec-fetch-site'] === 'cross-site') {
    return 'The console answers no page of another site.';
  }
  if (method === 'GET') {
    return undefined;
  }
  // Only a page of ours sends this with JSON; forms of other sites can't.
  if (method !== 'POST' || origin === undefined) {
    return 'The console takes only requests of its own page.';
  }
  return headers['content-type'] === 'application/json' ? undefined : 'The console takes only JSON.';
}
