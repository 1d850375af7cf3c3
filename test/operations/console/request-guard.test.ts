import { describe, expect, it } from 'vitest';
import { type GuardedRequest, refusalOf } from '../../../lib/operations/console/request-guard.ts';

const GET: GuardedRequest = { method: 'GET', headers: { host: '127.0.0.1:4580' } };
const POST: GuardedRequest = {
  method: 'POST',
  headers: {
    host: 'localhost:4580',
    origin: 'http://localhost:4580',
    'content-type': 'application/json',
    'sec-fetch-site': 'same-origin',
  },
};

const withHeaders = (request: GuardedRequest, headers: GuardedRequest['headers']): GuardedRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

describe('The console', () => {
  it.each([
    ['a person who types the address', GET],
    ['a button of its page', POST],
    [
      'a script of its page',
      withHeaders(GET, { origin: 'http://127.0.0.1:4580', 'sec-fetch-site': 'same-origin' }),
    ],
  ])('answers %s', (_case, request) => {
    expect(refusalOf(request, 4580)).toBe(undefined);
  });

  it.each([
    [
      'a page whose host name was made to point here',
      withHeaders(GET, { host: 'evil.example:4580' }),
      'The console answers only as 127.0.0.1:4580 or localhost:4580.',
    ],
    [
      'another port’s host',
      withHeaders(GET, { host: '127.0.0.1:80' }),
      'The console answers only as 127.0.0.1:4580 or localhost:4580.',
    ],
    [
      'a script of another page',
      withHeaders(GET, { origin: 'https://evil.example' }),
      'The console answers no page of https://evil.example.',
    ],
    ['a page from a file', withHeaders(POST, { origin: 'null' }), 'The console answers no page of null.'],
    [
      'another site that hides its origin',
      withHeaders(GET, { 'sec-fetch-site': 'cross-site' }),
      'The console answers no page of another site.',
    ],
    [
      'a button without an origin',
      { method: 'POST', headers: { host: 'localhost:4580', 'content-type': 'application/json' } },
      'The console takes only requests of its own page.',
    ],
    [
      'a form, which any site can send',
      withHeaders(POST, { 'content-type': 'text/plain' }),
      'The console takes only JSON.',
    ],
    ['another method', { ...POST, method: 'DELETE' }, 'The console takes only requests of its own page.'],
  ])('refuses %s', (_case, request, words) => {
    expect(refusalOf(request, 4580)).toBe(words);
  });
});
