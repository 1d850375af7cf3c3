/** A case passes on the real handlers, and fails loudly on an authority that loses, doubles or alters anything. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_DYNAMODB } from '../support/other-dynamodb.ts';
import type { Authority } from './authority.ts';
import type { BenchCase } from './cases.ts';
import { type DirectAuthority, startDirectAuthority } from './direct-authority.ts';
import { underWay } from './load.ts';
import { measureRedelivery } from './redelivery.ts';
import { runCase } from './run-case.ts';

const CIRCLE: BenchCase = {
  name: 'circle',
  title: 'a few payments in a circle',
  transferCount: 9,
  parties: () => ({
    accountCount: 3,
    pairing: (index) => ({ sender: index % 3, recipient: (index + 1) % 3 }),
  }),
  load: underWay(4),
};

let direct: DirectAuthority;
beforeAll(async () => {
  direct = await startDirectAuthority({ batchSize: 100, accountUpdateDelaySeconds: 0 });
});
afterAll(async () => {
  await direct.stop();
});

let latestDebtorId = 0;

function run(authority: Authority, patienceMs: number) {
  latestDebtorId += 1;
  return runCase(CIRCLE, {
    authority,
    debtorId: latestDebtorId,
    transferCount: CIRCLE.transferCount,
    patienceMs,
    onProgress: () => {},
  });
}

/** Changes how received messages reach the client. */
function received(change: (body: string) => readonly string[]): Authority {
  return {
    ...direct,
    listen: (onMessage) =>
      direct.listen((body) => {
        for (const changed of change(body)) {
          onMessage(changed);
        }
      }),
  };
}

function onceTo(pattern: RegExp, change: (body: string) => readonly string[]) {
  let isDone = false;
  return (body: string): readonly string[] => {
    if (isDone || !pattern.test(body)) {
      return [body];
    }
    isDone = true;
    return change(body);
  };
}

describe.skipIf(OTHER_DYNAMODB !== undefined)('a case', () => {
  it('passes when all comes as it must, and tells what it took', async () => {
    const { faults, transferCount, accountCount, usage, times, transfersPerSecond } = await run(
      direct,
      20_000,
    );
    expect(faults).toStrictEqual([]);
    expect([transferCount, accountCount]).toStrictEqual([9, 3]);
    expect(usage?.metrics['Credits.applied']).toBe(9);
    expect(usage?.functions['credit-recipients']?.writeUnits).toBeGreaterThanOrEqual(9 * 2);
    expect(times.credited.p50).toBeGreaterThan(0);
    expect(transfersPerSecond).toBeGreaterThan(0);
  });

  it('passes when messages come twice', async () => {
    const { faults, messages } = await run(
      received((body) => [body, body]),
      20_000,
    );
    expect(faults).toStrictEqual([]);
    expect(messages.repeated).toBeGreaterThan(30);
  });

  const payment = /"AccountTransfer".*"transfer_note":"8"/;
  it.each<[string, (body: string) => readonly string[], RegExp]>([
    ['a message is lost', onceTo(payment, () => []), /1 payments are not done, and nothing comes/],
    [
      'an amount is not the one that was paid',
      onceTo(payment, (body) => [body.replace(/"acquired_amount":(-?)1\b/, '"acquired_amount":$12')]),
      /not a side of the transfer/,
    ],
    [
      'a principal does not follow',
      onceTo(payment, (body) => [body.replace(/"principal":\d+/, '"principal":77')]),
      /does not add up/,
    ],
    [
      'a transfer is finalized twice',
      onceTo(/"FinalizedTransfer"/, (body) => [body, body.replace(/"ts":"\d{4}/, '"ts":"2099')]),
      /finalized twice/,
    ],
    [
      'a transfer is prepared twice',
      onceTo(/"PreparedTransfer"/, (body) => [body, body.replace(/"transfer_id":\d+/, '"transfer_id":5')]),
      /prepared twice/,
    ],
    [
      'a number is given twice',
      onceTo(/"AccountTransfer".*"transfer_number":2,/, (body) => [
        body.replace('"transfer_number":2,', '"transfer_number":1,'),
      ]),
      /wrongly numbered|a number given twice/,
    ],
  ])('fails when %s', async (_, change, fault) => {
    const { faults } = await run(received(change), 1_000);
    expect(faults.join('\n')).toMatch(fault);
    expect(faults).not.toStrictEqual([]);
  });

  it('fails when the table holds another principal', async () => {
    const { faults } = await run(
      {
        ...direct,
        readPrincipals: async (debtorId, creditorIds) => {
          const principals = await direct.readPrincipals(debtorId, creditorIds);
          return new Map([...principals].map(([creditorId, principal]) => [creditorId, principal + 1n]));
        },
      },
      20_000,
    );
    expect(faults.at(-1)).toBe('the principals come to 4 instead of 0');
  });

  it('fails when a message ends as a dead letter', async () => {
    let letterCount = 0;
    const { faults } = await run({ ...direct, countDeadLetters: async () => letterCount++ }, 20_000);
    expect(faults).toStrictEqual(['1 messages went to the dead-letter queue']);
  });
});

describe.skipIf(OTHER_DYNAMODB !== undefined)('a message that comes a second time', () => {
  it('costs reads only, and nothing is published', async () => {
    const { messageCount, writeUnits, readUnits, publishedCount } = await measureRedelivery(20);
    expect([messageCount, writeUnits, publishedCount]).toStrictEqual([42, 0, 0]);
    expect(readUnits).toBeGreaterThan(0);
    expect(readUnits).toBeLessThanOrEqual(2);
  });
});
