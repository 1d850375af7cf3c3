/**
 * The drill: payments go on while a ledger is upgraded from the first release to this one, which is sound or broken in one way.
 * Whatever becomes of the upgrade, every payment is made once, and all of it is published.
 */

import { describe, expect, it } from 'vitest';
import { DEBTOR_ID } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { recordOf } from './record-of.ts';
import { frozenRelease, type Release, THIS_RELEASE } from './release.ts';
import { Upgrade } from './upgrade.ts';
import { creditorId, UpgradedLedger } from './upgraded-ledger.ts';

const OLD = await frozenRelease(1);
const MINUTE = 60;
const STARTS_AT = 5 * MINUTE;
const SEEDS = [1, 2, 3];

/** A payment every quarter of a minute, long before the upgrade, while it lasts, and long after it. */
const PAYMENT_COUNT = 140;
const SECONDS_BETWEEN = 15;
const PATIENCE_SECONDS = 90 * MINUTE;

function broken(changes: Partial<Release>): Release {
  return { ...THIS_RELEASE, ...changes };
}

const THROWS = async () => {
  throw new Error('A bad deployment.');
};

/** Each raises an alarm. */
const BROKEN_RELEASES: readonly (readonly [string, Release])[] = [
  ['throws before it does anything', broken({ processMessages: THROWS, creditRecords: THROWS })],
  [
    'dies after it has written everything, every time',
    broken({
      processMessages: async (...args) => {
        await THIS_RELEASE.processMessages(...args);
        return THROWS();
      },
      creditRecords: async (...args) => {
        await THIS_RELEASE.creditRecords(...args);
        return THROWS();
      },
    }),
  ],
  [
    'refuses every message',
    broken({
      processMessages: async (deliveries, { deadLetters }) => {
        await deadLetters.send(deliveries.map((delivery) => ({ ...delivery, reason: 'A bad deployment.' })));
        return [];
      },
    }),
  ],
  [
    'can make no messages',
    broken({
      dueAfter: () => {
        throw new Error('A bad deployment.');
      },
    }),
  ],
];

interface Drill {
  readonly upgrade: Upgrade;
  readonly ledger: UpgradedLedger;
}

interface DrillPlan {
  readonly next: Release;
  readonly seed: number;
  /** When an operator undoes the upgrade. */
  readonly undoneAt?: number;
}

async function drill({ next, seed, undoneAt }: DrillPlan): Promise<Drill> {
  const upgrade = new Upgrade({ old: OLD, new: next }, { startsAt: STARTS_AT, seed });
  if (undoneAt !== undefined) {
    upgrade.undo(undoneAt);
  }
  const ledger = new UpgradedLedger(upgrade);
  let paid = 0;
  let isIssued = false;
  while (ledger.second < PATIENCE_SECONDS && !(paid === PAYMENT_COUNT && ledger.isAtRest)) {
    await ledger.step();
    if (!isIssued && ledger.isAtRest) {
      ledger.issue();
      isIssued = true;
    }
    if (ledger.second >= (paid + 8) * SECONDS_BETWEEN && paid < PAYMENT_COUNT) {
      ledger.pay(paid);
      paid += 1;
    }
    // What was refused is redriven by an operator when the upgrade has gone back.
    if (ledger.deadLetters.length > 0 && ledger.second > upgrade.endsAt) {
      for (const body of ledger.deadLetters.splice(0)) {
        ledger.resend(body);
      }
    }
  }
  return { upgrade, ledger };
}

/** What must hold at the end, whatever happened. */
function expectWholeLedger({ ledger }: Drill): void {
  const { tables, published, deadLetters } = ledger;
  expect([ledger.isAtRest, deadLetters]).toStrictEqual([true, []]);
  const statuses = tables.records.map((record) => ('status' in record ? record.status : 'none'));
  expect(statuses).toStrictEqual(Array.from({ length: PAYMENT_COUNT + 4 }, () => 'credited'));
  // Creditor i pays 1 + i, 5 + i, 9 + i … to the next one.
  const balances = [0, 1, 2, 3].map((index) => {
    const spent = sumOfPayments(index);
    const earned = sumOfPayments((index + 3) % 4);
    return [creditorId(index), 100_000n - spent + earned];
  });
  const found = balances.map(([id]) => [
    id,
    tables.account({ debtorId: DEBTOR_ID, creditorId: id as bigint })?.principal,
  ]);
  expect(found).toStrictEqual(balances);
  expect(tables.accounts.reduce((sum, { principal }) => sum + principal, 0n)).toBe(0n);
  // All that is due, as the old release would have said it.
  const { settings } = anInvocation();
  const due = tables.changes.map((change, index) =>
    OLD.dueAfter(OLD.changeOf(recordOf(change, index)), settings).events.map(({ body }) => body),
  );
  expect(due.map((_, index) => published.get(index))).toStrictEqual(due);
}

function sumOfPayments(index: number): bigint {
  let sum = 0n;
  for (let payment = index; payment < PAYMENT_COUNT; payment += 4) {
    sum += BigInt(payment + 1);
  }
  return sum;
}

describe('An upgrade with traffic', () => {
  it.each(SEEDS)('to a sound release goes through, with both at work meanwhile (seed %i)', async (seed) => {
    const { upgrade, ledger } = await drill({ next: THIS_RELEASE, seed });
    expect(upgrade.wentBackAt).toBeUndefined();
    expect(upgrade.newInvocations.length).toBeGreaterThan(50);
    expectWholeLedger({ upgrade, ledger });
  });

  describe.each(BROKEN_RELEASES)('to a release that %s', (_, next) => {
    it.each(SEEDS)('goes back on an alarm, and nothing is lost (seed %i)', async (seed) => {
      const { upgrade, ledger } = await drill({ next, seed });
      const { wentBackAt = Number.POSITIVE_INFINITY, newInvocations } = upgrade;
      // The first failure, the rest of its five minutes, and a minute.
      expect(wentBackAt - STARTS_AT).toBeLessThanOrEqual(13 * MINUTE);
      expect(newInvocations.length).toBeGreaterThan(0);
      expect(newInvocations.filter(({ second }) => second >= wentBackAt)).toStrictEqual([]);
      expectWholeLedger({ upgrade, ledger });
    });
  });

  it('to a release that hands all messages back is not noticed in time, and loses nothing', async () => {
    const next = broken({
      processMessages: async (deliveries) => deliveries.map(({ messageId }) => messageId),
    });
    const undoneAt = 50 * MINUTE;
    const { upgrade, ledger } = await drill({ next, seed: 1, undoneAt });
    expect(upgrade.wentBackAt).toBeUndefined();
    expect(ledger.second).toBeGreaterThan(undoneAt);
    expectWholeLedger({ upgrade, ledger });
  });
});
