import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalRun, startLocalRun } from '../../lib/local/local-run.ts';
import { askForPrincipals } from '../end-to-end/support/conservation.ts';
import { createCurrency } from '../end-to-end/support/currency.ts';
import { type Inbox, openInbox } from '../end-to-end/support/inbox.ts';
import { type StackUnderTest, stackUnderTest } from '../end-to-end/support/stack-under-test.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { OTHER_DYNAMODB } from '../support/other-dynamodb.ts';

const CREDITORS = [4_294_967_297n, 4_294_967_298n, -3n, -4n] as const;
const TIMEOUT_MS = 240_000;
const PAYMENT_COUNT = 60;

const seed = randomInt(2 ** 31);

let dir: string;
let proxies: FaultProxy[];
let localRun: LocalRun;
let stack: StackUnderTest;
let inbox: Inbox;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'faults-'));
  localRun = await startLocalRun({
    dynamoDbEndpoint: OTHER_DYNAMODB,
    port: 0,
    dynamoDbPort: 0,
    dir,
    fresh: true,
    environment: { ...process.env, APP_ACCOUNTS_SCAN_HOURS: '0.0005' },
    endpointsOfFunctions: async ({ endpoint, dynamoDbEndpoint }) => {
      const tables = await startFaultProxy({ target: dynamoDbEndpoint, seed, rate: 0.25 });
      const messaging = await startFaultProxy({ target: endpoint, seed: seed + 1, rate: 0.15 });
      proxies = [tables, messaging];
      return { endpoint: messaging.endpoint, dynamoDbEndpoint: tables.endpoint };
    },
  });
  const [outputs] = Object.values(JSON.parse(readFileSync(localRun.outputsFile, 'utf8')));
  stack = stackUnderTest({ outputs: outputs as Record<string, string>, patienceMs: 150_000 });
  inbox = await openInbox(stack);
}, TIMEOUT_MS);

afterEach(async () => {
  for (const proxy of proxies) {
    proxy.calmDown();
  }
  await inbox.close();
  await localRun.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  rmSync(dir, { recursive: true, maxRetries: 10 });
}, TIMEOUT_MS);

describe('A stack whose tables, queues and topics fail', { timeout: TIMEOUT_MS }, () => {
  it(`makes and announces every payment exactly once (faults from seed ${seed})`, async () => {
    const currency = createCurrency(stack, inbox);
    const { openRoot, open, transfer } = currency;
    await Promise.all([openRoot(), ...CREDITORS.map((creditorId) => open(creditorId))]);
    await Promise.all(CREDITORS.map((creditorId) => transfer({ from: 0n, to: creditorId, amount: 10_000n })));
    const payments = Array.from({ length: PAYMENT_COUNT }, (_, index) =>
      transfer({
        from: CREDITORS[index % 4] as bigint,
        to: CREDITORS[(index + 1 + (index % 3)) % 4] as bigint,
        amount: BigInt(100 + index),
      }),
    );
    const entries = (await Promise.all(payments)).flatMap(({ sent, received }) => [sent, received]);
    for (const proxy of proxies) {
      proxy.calmDown();
    }

    const principals = await askForPrincipals(currency);
    const expected = CREDITORS.map((creditorId) => {
      const own = entries.filter((entry) => entry?.creditor_id === creditorId);
      return own.reduce((sum, entry) => sum + (entry?.acquired_amount as bigint), 10_000n);
    });
    expect(CREDITORS.map((creditorId) => principals.get(creditorId))).toStrictEqual(expected);
    expect(principals.get(0n)).toBe(-40_000n);
    for (const creditorId of CREDITORS) {
      const numbers = inbox
        .history(({ message }) => message.type === 'AccountTransfer' && message.creditor_id === creditorId)
        .map(({ message }) =>
          [message.transfer_number, message.principal, message.acquired_amount].join(' '),
        );
      // A message may be published twice, but then it says the same.
      const distinct = [...new Set(numbers)];
      const count = entries.filter((entry) => entry?.creditor_id === creditorId).length + 1;
      expect(distinct).toHaveLength(count);
    }
    const injected = proxies.flatMap(({ counts }) => [...counts.keys()]);
    expect(new Set(injected)).toStrictEqual(
      new Set(['throttled', 'conflict', 'failed-before', 'failed-after', 'cut-off-before', 'cut-off-after']),
    );
  });
});
