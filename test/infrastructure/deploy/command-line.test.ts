/** What `npm run deploy` looks at before it deploys. */

import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { type DeployTools, deploy } from '../../../lib/infrastructure/deploy/command-line.ts';
import {
  type Concurrency,
  judgeReserve,
  readConcurrency,
} from '../../../lib/infrastructure/deploy/reserve-check.ts';

interface Answer {
  readonly environment?: DeployTools['environment'];
  readonly concurrency?: Concurrency | Error;
}

const PLENTY = { limit: 1_000, unreserved: 1_000 };

async function run(args: readonly string[], { environment = {}, concurrency = PLENTY }: Answer = {}) {
  const profiles: (string | undefined)[] = [];
  const deployed: (readonly string[])[] = [];
  const lines: string[] = [];
  const status = await deploy(args, {
    environment,
    readConcurrency: async (profile) => {
      profiles.push(profile);
      if (concurrency instanceof Error) {
        throw concurrency;
      }
      return concurrency;
    },
    runCdk: async (cdkArgs) => {
      deployed.push(cdkArgs);
      return 7;
    },
    warn: (line) => void lines.push(line),
  });
  return { status, profiles, deployed, lines };
}

describe('Deploying', () => {
  it('asks AWS for nothing where no concurrency is reserved, and hands all arguments to the CDK CLI', async () => {
    expect(await run(['--hotswap', '-c', 'logLevel=WARN'])).toStrictEqual({
      status: 7,
      profiles: [],
      deployed: [['deploy', '--outputs-file', 'cdk.out/outputs.json', '--hotswap', '-c', 'logLevel=WARN']],
      lines: [],
    });
  });

  it.each<readonly [string, readonly string[], DeployTools['environment'], string | undefined]>([
    ['in the environment', [], { APP_RESERVED_CONCURRENCY: '5' }, undefined],
    ['in the context', ['-c', 'reservedConcurrency=5'], {}, undefined],
    ['in the context, written out', ['--context', 'reservedConcurrency=5', '--profile', 'me'], {}, 'me'],
    ['in one word', ['--context=reservedConcurrency=5'], {}, undefined],
  ])('looks at the account where a reserve is asked for %s', async (_, args, environment, profile) => {
    const { status, profiles, lines } = await run(args, { environment });
    expect([status, profiles, lines]).toStrictEqual([7, [profile], []]);
  });

  it('does not begin where the account can not reserve so much', async () => {
    const { status, deployed, lines } = await run(['-c', 'reservedConcurrency=5'], {
      concurrency: { limit: 109, unreserved: 109 },
    });
    expect([status, deployed]).toStrictEqual([1, []]);
    expect(lines).toStrictEqual([
      'reservedConcurrency (APP_RESERVED_CONCURRENCY) is 5, for each of two functions; the account has 109 in this region and must keep 100 unreserved, so it can be 4 at the most. Ask AWS for a higher quota.',
    ]);
  });

  it('goes on, with a warning, where it can not look', async () => {
    const { status, lines } = await run(['-c', 'reservedConcurrency=5'], {
      concurrency: new Error('Region is missing'),
    });
    expect([status, lines]).toStrictEqual([
      7,
      ["The account's concurrency could not be checked: Region is missing"],
    ]);
  });

  it('leaves it to the app to tell of a wrong option', async () => {
    const { status, profiles } = await run(['-c', 'reservedConcurrency=many']);
    expect([status, profiles]).toStrictEqual([7, []]);
  });
});

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
});
