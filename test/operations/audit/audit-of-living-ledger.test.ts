import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrepareTransfer } from '../../../lib/protocol/messages.ts';
import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import type { AccountKey } from '../../../lib/rules/account.ts';
import { printRecordKey } from '../../../lib/storage/record-keys.ts';
import { auditOf, wireTablesOf } from '../../support/audits.ts';
import { aConfigureAccount } from '../../support/builders.ts';
import { finalization, LedgerWorld, payment } from '../../support/ledger-world.ts';
import { ALICE, AUDITED_AT, aSampleLedger, atMinute } from '../../support/sample-ledger.ts';
import { wireAccount, wireRecord } from '../../support/wire-tables.ts';

describe('An audit of a sound ledger', () => {
  it('finds nothing, and tells what it has seen', async () => {
    expect(await auditOf(wireTablesOf(aSampleLedger().world), AUDITED_AT)).toStrictEqual({
      counts: { accounts: 8, transfers: 14 },
      findings: [],
      unverified: [],
      currencies: [
        { debtorId: 1n, accountCount: 4, creditsUnderWayCount: 1, creditsUnderWay: 8n },
        { debtorId: 2n, accountCount: 2, creditsUnderWayCount: 0, creditsUnderWay: 0n },
        { debtorId: 3n, accountCount: 2, creditsUnderWayCount: 0, creditsUnderWay: 0n },
      ],
    });
  });

  it.each([1, 3, 50])('finds the same in %s segments', async (segmentCount) => {
    const { findings } = await auditOf(wireTablesOf(aSampleLedger().world), AUDITED_AT, { segmentCount });
    expect(findings).toStrictEqual([]);
  });

  it.each([30, 35, 60])('does not miss transfers that were forgotten %s days later', async (days) => {
    const { world } = aSampleLedger();
    world.creditAll(AUDITED_AT);
    const later = atMinute((26 + days) * 1_440);
    for (const [key, { expiresAt }] of world.records) {
      if (expiresAt !== undefined && expiresAt <= later) {
        world.records.delete(key);
      }
    }
    expect((await auditOf(wireTablesOf(world), later)).findings).toStrictEqual([]);
  });

  it('does not miss transfers that are kept longer than they need to be', async () => {
    const { world, transfers } = aSampleLedger();
    world.creditAll(AUDITED_AT);
    world.records.delete(printRecordKey(transfers.credited));
    expect((await auditOf(wireTablesOf(world), atMinute(60 * 1_440))).findings).toStrictEqual([]);
  });
});

const ROOT: AccountKey = { debtorId: 5n, creditorId: 0n };
const OWNERS: readonly AccountKey[] = [1n, 2n, 3n, 4n].map((index) => ({
  debtorId: 5n,
  creditorId: 1_099_511_627_776n + index,
}));

/** The work of clients and functions while an audit reads. */
type Step =
  | {
      readonly kind: 'prepare' | 'pay';
      readonly from: number;
      readonly to: number;
      readonly amount: number;
    }
  | { readonly kind: 'finalize'; readonly isCommitted: boolean }
  | { readonly kind: 'credit' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('prepare' as const, 'pay' as const),
    // Money comes from the root account, which has no transfer numbers.
    from: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
    to: fc.nat(4),
    amount: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('finalize' as const), isCommitted: fc.boolean() }),
  fc.record({ kind: fc.constant('credit' as const) }),
);

/** Steps between two calls of the audit, each with the lead of its clock. */
const SCHEDULE = fc.array(fc.array(fc.tuple(STEP, fc.integer({ min: -5, max: 5 })), { maxLength: 4 }), {
  minLength: 10,
  maxLength: 40,
});

/** A ledger whose clocks tick 2 ms a step, and differ by a few. */
class LivingLedger {
  readonly world = new LedgerWorld();
  readonly #open: PrepareTransfer[] = [];
  #now: Timestamp = AUDITED_AT - 1_000_000n;
  #requestCount = 0n;

  constructor() {
    for (const [index, key] of [ROOT, ...OWNERS].entries()) {
      // Every second one has a negligible amount of 4.
      const negligibleAmount = index === 0 ? 1e6 : index % 2 === 0 ? 4 : 0;
      this.world.handle(
        aConfigureAccount({ ...key, negligibleAmount, ts: atMinute(index) }),
        atMinute(index),
      );
    }
  }

  take(step: Step, skewMs: number): void {
    this.#now += 2_000n;
    const now = this.#now + BigInt(skewMs) * 1_000n;
    switch (step.kind) {
      case 'prepare':
        this.#open.push(...this.#prepare(step, now));
        return;
      case 'pay':
        for (const request of this.#prepare(step, now)) {
          this.world.handle(finalization(request, request.maxLockedAmount, now), now);
        }
        return;
      case 'finalize': {
        const request = this.#open.shift();
        if (request !== undefined) {
          const amount = step.isCommitted ? request.maxLockedAmount : 0n;
          this.world.handle(finalization(request, amount, now), now);
        }
        return;
      }
      case 'credit':
        this.world.creditAll(now);
        return;
      default:
        step satisfies never;
    }
  }

  #prepare(
    { from, to, amount }: { readonly from: number; readonly to: number; readonly amount: number },
    now: Timestamp,
  ): PrepareTransfer[] {
    const [sender, recipient] = [[ROOT, ...OWNERS][from], [ROOT, ...OWNERS][to]];
    if (sender === undefined || recipient === undefined) {
      return [];
    }
    this.#requestCount += 1n;
    const request = {
      ...payment(sender, recipient.creditorId, BigInt(amount), now),
      coordinatorRequestId: this.#requestCount,
    };
    this.world.handle(request, now);
    return [request];
  }
}

function auditWhile(ledger: LivingLedger, schedule: readonly (readonly (readonly [Step, number])[])[]) {
  const tables = wireTablesOf(ledger.world);
  const turns = [...schedule];
  tables.onCall = () => {
    for (const [step, skewMs] of turns.shift() ?? []) {
      ledger.take(step, skewMs);
    }
    tables.tables.Accounts = [...ledger.world.accounts.values()].map(wireAccount);
    tables.tables.Transfers = [...ledger.world.records.values()].map(wireRecord);
  };
  return auditOf(tables, AUDITED_AT - 500_000n);
}

describe('An audit of a ledger that lives on meanwhile', () => {
  it('blames it for nothing', async () => {
    await fc.assert(
      fc.asyncProperty(SCHEDULE, SCHEDULE, async (before, during) => {
        const ledger = new LivingLedger();
        for (const [step, skewMs] of before.flat()) {
          ledger.take(step, skewMs);
        }
        const { findings } = await auditWhile(ledger, during);
        expect(findings).toStrictEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('does not take money that appears for a transfer under way', async () => {
    await fc.assert(
      fc.asyncProperty(SCHEDULE, SCHEDULE, fc.nat(4), async (before, during, index) => {
        const ledger = new LivingLedger();
        for (const [step, skewMs] of before.flat()) {
          ledger.take(step, skewMs);
        }
        const account = ledger.world.account([ROOT, ...OWNERS][index] ?? ROOT);
        ledger.world.put({ ...account, principal: account.principal + 1_000_000n });
        const { findings } = await auditWhile(ledger, during);
        expect(findings.filter((finding) => finding.startsWith('conservation')).length).toBe(1);
      }),
      { numRuns: 50 },
    );
  }, 120_000);
});

describe('An audit', () => {
  it.each([
    [
      false,
      [],
      [
        'whether the principals and the credits under way add up to 0, since transfers were made while its accounts were read',
      ],
    ],
    [
      true,
      ['conservation | currency 5 | the principals and the credits under way add up to 7 instead of 0'],
      [],
    ],
  ])('is certain of what happened last where nobody writes (%s)', async (isAtRest, findings, unverified) => {
    const ledger = new LivingLedger();
    ledger.take({ kind: 'pay', from: 0, to: 1, amount: 7 }, 0);
    ledger.world.put({ ...ledger.world.account(ROOT), principal: 0n });
    const outcome = await auditOf(wireTablesOf(ledger.world), AUDITED_AT - 999_000n, { isAtRest });
    expect([outcome.findings, outcome.unverified]).toStrictEqual([findings, unverified]);
  });

  it('says so when an account changes faster than it can be read', async () => {
    const { world } = aSampleLedger();
    const tables = wireTablesOf(world);
    let version = 0n;
    tables.onCall = () => {
      version += 1n;
      const locked = { ...world.account(ALICE), version, totalLockedAmount: 30n + version };
      tables.tables.Accounts = [wireAccount(locked)];
    };
    expect((await auditOf(tables, AUDITED_AT)).unverified).toContain(
      'the locks of account 1:1099511627777, which changes faster than it can be read',
    );
  });
});
