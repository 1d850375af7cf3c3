/** Whether an account can reserve so much concurrency. */

import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { judgeReserve, readConcurrency, reserveIn } from '../../../lib/operations/deploy/reserve-check.ts';

describe('A reserve', () => {
  it.each([
    [1, { limit: 10, unreserved: 10 }, 'too little', /so it can reserve none/],
    [450, { limit: 1_000, unreserved: 1_000 }, 'enough', /^$/],
    [451, { limit: 1_000, unreserved: 1_000 }, 'too little', /450 at the most/],
    [100, { limit: 1_000, unreserved: 300 }, 'enough', /^$/],
    [100, { limit: 1_000, unreserved: 299 }, 'doubtful', /has 299 unreserved .* the deployment will fail/],
  ] as const)('of %i each, in an account with %o, is %s', (reserve, concurrency, kind, sentence) => {
    const verdict = judgeReserve(reserve, concurrency);
    expect(verdict.kind).toBe(kind);
    expect('sentence' in verdict ? verdict.sentence : '').toMatch(sentence);
  });

  it('is judged by what Lambda says of the account', async () => {
    const AccountLimit = { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900 };
    const client = { send: async () => ({ AccountLimit }) } as unknown as LambdaClient;
    expect(await readConcurrency(client)).toStrictEqual({ limit: 1_000, unreserved: 900 });
  });

  it('is read from the template', () => {
    const Type = 'AWS::Lambda::Function';
    const Properties = { ReservedConcurrentExecutions: 5 };
    expect(reserveIn({ Resources: { A: { Type }, B: { Type, Properties } } })).toBe(5);
    expect([reserveIn({ Resources: { A: { Type } } }), reserveIn({})]).toStrictEqual([undefined, undefined]);
  });
});
