import { describe, expect } from 'vitest';
import {
  type AccountKey,
  creditor,
  MemoryStore,
  openClient,
  type Transport,
} from '../../lib/client/client.ts';
import { askForPrincipals } from './support/conservation.ts';
import { isLater } from './support/currency.ts';
import { it } from './support/end-to-end-test.ts';
import { instant } from './support/instants.ts';
import { printWire } from './support/wire-json.ts';

const CREDITORS = [4_294_967_297n, 4_294_967_298n, -3n, -4n] as const;

describe('A client', () => {
  it('of the library rebuilds every ledger from AccountTransfers, in whatever order and however often they come', async ({
    currency,
  }) => {
    const { openRoot, open, transfer } = currency;
    await Promise.all([openRoot(), ...CREDITORS.map((creditorId) => open(creditorId))]);
    const issued = await Promise.all(
      CREDITORS.map((creditorId) => transfer({ from: 0n, to: creditorId, amount: 10_000n })),
    );
    // Everybody pays everybody else, several at once; the amounts distinguish the payments.
    const payments = Array.from({ length: 40 }, (_, index) => {
      const from = CREDITORS[index % 4] as bigint;
      const to = CREDITORS[(index + 1 + (index % 3)) % 4] as bigint;
      return transfer({ from, to, amount: BigInt(100 + index), note: `payment ${index}` });
    });
    const messages = [...issued, ...(await Promise.all(payments))];
    const entries = messages
      .flatMap(({ sent, received }) => [sent, received])
      .filter((entry) => entry !== undefined);

    const principals = await askForPrincipals(currency);
    for (const creditorId of CREDITORS) {
      const own = entries.filter((entry) => entry.creditor_id === creditorId).map(printWire);
      const account = { debtorId: currency.debtorId, creditorId };
      const ledger = await rebuildLedger(account, [...own.toReversed(), ...own]);
      expect(ledger.kinds).toStrictEqual(own.map(() => 'transfer'));
      expect(ledger.principal).toBe(principals.get(creditorId));
    }
    expect(principals.get(0n)).toBe(-40_000n);
  });

  it('can tell the latest of many AccountUpdates, each of which folds many payments', async ({
    currency,
  }) => {
    const { openRoot, open, transfer, latestUpdates, receive, updates } = currency;
    const [from, to] = CREDITORS;
    await Promise.all([openRoot(), open(from), open(to)]);
    await transfer({ from: 0n, to: from, amount: 1_000n });
    await Promise.all(Array.from({ length: 60 }, () => transfer({ from, to, amount: 10n })));
    await receive('AccountUpdate', { creditor_id: to, principal: 600n });
    await receive('AccountUpdate', { creditor_id: from, principal: 400n });
    for (const creditorId of [from, to]) {
      const ordered = updates(creditorId).toSorted((a, b) => (isLater(a, b) ? 1 : -1));
      expect(ordered.length).toBeLessThan(20);
      expect(ordered.at(-1)).toBe(latestUpdates().get(creditorId));
      for (const [index, update] of ordered.slice(1).entries()) {
        const previous = ordered[index];
        expect(instant(update.last_change_ts)).toBeGreaterThanOrEqual(instant(previous?.last_change_ts));
      }
    }
  });
});

/** What the library makes of the account's ledger when these messages come in this order. */
async function rebuildLedger(account: AccountKey, bodies: readonly string[]) {
  await using client = await openClient({
    role: creditor(account.creditorId),
    store: new MemoryStore(),
    transport: replay(bodies),
  });
  const transferCount = BigInt(new Set(bodies).size);
  const { ledger } = await client.accountWhen(
    account,
    ({ ledger: { lastTransferNumber } }) => lastTransferNumber === transferCount,
  );
  const kinds: string[] = [];
  for await (const { kind } of client.ledger(account)) {
    kinds.push(kind);
  }
  return { kinds, principal: ledger.principal };
}

/** Delivers these messages, and then no more. */
function replay(bodies: readonly string[]): Transport {
  let deliveries = bodies.map((body, index) => ({ body, handle: `${index}` }));
  return {
    send: async () => {},
    receive: async (signal) => {
      if (deliveries.length === 0) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      const now = deliveries;
      deliveries = [];
      return now;
    },
    acknowledge: async () => {},
  };
}
