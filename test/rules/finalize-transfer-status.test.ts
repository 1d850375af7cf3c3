/** FinalizeTransfer: the statuses in their order, and when an amount counts as expendable or reserved. */

import { describe, expect, it } from 'vitest';
import type { FinalizeTransfer } from '../../lib/protocol/messages.ts';
import type { Account } from '../../lib/rules/account.ts';
import { decide } from '../../lib/rules/decide.ts';
import { finalizeTransfer } from '../../lib/rules/finalize-transfer.ts';
import type { Preparation, Transfer } from '../../lib/rules/transfer.ts';
import { transferChore } from '../../lib/rules/transfer-chores.ts';
import {
  aFinalizeTransfer,
  anAccount,
  aPreparation,
  aPrepareTransfer,
  aRootAccount,
  aSnapshot,
  aTransfer,
  at,
  DEFAULT_SETTINGS,
  NOW,
} from '../support/builders.ts';

interface Case {
  readonly account: Partial<Account>;
  readonly preparation?: Partial<Preparation>;
  readonly message?: Partial<FinalizeTransfer>;
  readonly now?: bigint;
}

/** What FinalizedTransfer will tell: the status, and the committed amount. */
function finalized({ account, preparation, message, now = NOW }: Case): string {
  const transfer = aTransfer({ preparation: aPreparation(preparation) });
  const locks = { totalLockedAmount: transfer.preparation?.lockedAmount ?? 0n, pendingTransfersCount: 1 };
  const snapshot = aSnapshot({ account: anAccount({ ...locks, ...account }), records: [transfer] });
  const { record } = finalizeTransfer(snapshot, aFinalizeTransfer(message), at(now));
  const finalization = record?.kind === 'transfer' ? record.finalization : undefined;
  return `${finalization?.statusCode} ${finalization?.committedAmount}`;
}

/** Each row repairs one fault of the row above, so that the next status in the specification's order shows. */
describe('FinalizeTransfer statuses, in their order', () => {
  const newRate = { principal: 0n, lastInterestRateChangeTs: 1_790_000_000_000_001n };
  const early = { finalInterestRateTs: 1_790_000_000_000_000n, deadline: 1_799_999_999_999_999n };
  const tooMuch = { committedAmount: 101n };

  it.each<[string, Case]>([
    ['TIMEOUT 0', { account: newRate, preparation: early, message: tooMuch }],
    [
      'NEWER_INTEREST_RATE 0',
      { account: newRate, preparation: { ...early, deadline: NOW }, message: tooMuch },
    ],
    [
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
      {
        account: newRate,
        preparation: { deadline: NOW, finalInterestRateTs: 1_790_000_000_000_001n },
        message: tooMuch,
      },
    ],
    [
      'OK 100',
      {
        account: newRate,
        preparation: { deadline: NOW, finalInterestRateTs: 1_790_000_000_000_001n },
        message: { committedAmount: 100n },
      },
    ],
  ])('%s, once all faults before it are repaired', (result, faults) => {
    expect(finalized(faults)).toBe(result);
  });

  it('a dismissal is OK whatever is wrong', () => {
    const faults = { account: newRate, preparation: early, message: { committedAmount: 0n } };
    expect(finalized(faults)).toBe('OK 0');
  });
});

describe('a committed amount', () => {
  it('may be all that is available, more than was locked', () => {
    const account = { principal: 1000n, totalLockedAmount: 130n };
    expect(finalized({ account, message: { committedAmount: 970n } })).toBe('OK 970');
    expect(finalized({ account, message: { committedAmount: 971n } })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });

  it('may be what was locked, when the rest of the balance is gone', () => {
    expect(finalized({ account: { principal: -1000n }, message: { committedAmount: 100n } })).toBe('OK 100');
    expect(finalized({ account: { principal: -1000n }, message: { committedAmount: 101n } })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });

  it('may be what was locked, when other locks take more than the balance', () => {
    const account = { principal: 100n, totalLockedAmount: 500n };
    expect(finalized({ account, message: { committedAmount: 100n } })).toBe('OK 100');
    expect(finalized({ account, message: { committedAmount: 101n } })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });

  it('may be less than was locked', () => {
    expect(finalized({ account: {}, message: { committedAmount: 1n } })).toBe('OK 1');
  });

  it('may use a lock of zero for what has become available since', () => {
    const preparation = { lockedAmount: 0n };
    const account = { principal: 7n };
    expect(finalized({ account, preparation, message: { committedAmount: 7n } })).toBe('OK 7');
    expect(finalized({ account, preparation, message: { committedAmount: 8n } })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });

  it('counts whole units of interest as available', () => {
    const account = { principal: 100n, interest: 1.999 };
    expect(finalized({ account, message: { committedAmount: 101n } })).toBe('OK 101');
    expect(finalized({ account, message: { committedAmount: 102n } })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });

  it('of a root account is expendable down to its minimal balance', () => {
    const account = { ...aRootAccount({ principal: -900n, negligibleAmount: 1000 }), totalLockedAmount: 50n };
    const preparation = { lockedAmount: 50n };
    expect(finalized({ account, preparation, message: { committedAmount: 100n } })).toBe('OK 100');
    expect(finalized({ account, preparation, message: { committedAmount: 101n } })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });
});

describe('the deadline of a commit', () => {
  it('may be the very instant, and not a microsecond before it', () => {
    const deadline = 1_800_000_000_000_000n;
    expect(finalized({ account: {}, preparation: { deadline }, now: deadline })).toBe('OK 100');
    expect(finalized({ account: {}, preparation: { deadline }, now: 1_800_000_000_000_001n })).toBe(
      'TIMEOUT 0',
    );
  });

  it('is not judged by the ts of the message', () => {
    const deadline = 1_799_999_999_999_999n;
    expect(
      finalized({ account: {}, preparation: { deadline }, message: { ts: 1_700_000_000_000_000n } }),
    ).toBe('TIMEOUT 0');
  });
});

describe('a change of the interest rate before a commit', () => {
  it.each([
    ['earlier than', 1_789_999_999_999_999n, 'OK 100'],
    ['at', 1_790_000_000_000_000n, 'OK 100'],
    ['a microsecond after', 1_790_000_000_000_001n, 'NEWER_INTEREST_RATE 0'],
  ])('%s final_interest_rate_ts', (_when, lastInterestRateChangeTs, result) => {
    const preparation = { finalInterestRateTs: 1_790_000_000_000_000n };
    expect(finalized({ account: { lastInterestRateChangeTs }, preparation })).toBe(result);
  });
});

/** The bounds are floor(locked × 2^(−t / 365.25 days)), computed with 60 digits by mpmath. */
describe('demurrage of a locked amount', () => {
  it.each([
    ['nothing at once', 0n, 1_000_000n, 1_000_000n],
    ['nearly nothing in a microsecond, but the amount is no longer covered', 1n, 1_000_000n, 999_999n],
    ['2.2e-8 of it in a second', 1_000_000n, 1_000_000n, 999_999n],
    ['0.19 % of it in a day', 86_400_000_000n, 1_000_000n, 998_104n],
    ['5.5 % of it in 30 days', 2_592_000_000_000n, 1_000_000n, 944_658n],
    ['15.7 % of it in 90 days', 7_776_000_000_000n, 1_000_000n, 842_993n],
    ['half of it in a year', 31_557_600_000_000n, 1_000_000n, 500_000n],
    ['half of it in a year, fractions counted', 31_557_600_000_000n, 3n, 1n],
    ['15.7 % of a small one in 90 days', 7_776_000_000_000n, 3n, 2n],
  ])('takes %s', (_case, elapsed, lockedAmount, covered) => {
    const lock = { lockedAmount, deadline: 253_402_300_799_999_999n };
    const commit = (committedAmount: bigint) =>
      finalized({
        account: { principal: 0n },
        preparation: lock,
        message: { committedAmount },
        now: 1_800_000_000_000_000n + elapsed,
      });
    expect(commit(covered)).toBe(`OK ${covered}`);
    expect(commit(covered + 1n)).toBe('INSUFFICIENT_AVAILABLE_AMOUNT 0');
  });

  it('is counted from the preparation, whatever the interest rate of the account', () => {
    const commit = (interestRate: number) =>
      finalized({
        account: { principal: -1n, interestRate, lastChangeTs: NOW },
        preparation: { lockedAmount: 1_000_000n, deadline: 253_402_300_799_999_999n },
        message: { committedAmount: 944_659n },
        now: 1_802_592_000_000_000n,
      });
    expect(commit(0)).toBe('INSUFFICIENT_AVAILABLE_AMOUNT 0');
    expect(commit(100)).toBe('INSUFFICIENT_AVAILABLE_AMOUNT 0');
  });

  it('goes on counting from the preparation after a reminder', () => {
    const commit = (committedAmount: bigint) =>
      finalized({
        account: { principal: 0n },
        preparation: {
          lockedAmount: 1_000_000n,
          // 30 days before now, and a second before.
          preparedAt: 1_797_408_000_000_000n,
          announcedAt: 1_799_999_999_000_000n,
          deadline: 253_402_300_799_999_999n,
        },
        message: { committedAmount },
        now: 1_800_000_000_000_000n,
      });
    expect(commit(944_658n)).toBe('OK 944658');
    expect(commit(944_659n)).toBe('INSUFFICIENT_AVAILABLE_AMOUNT 0');
  });

  it('does not matter where the balance covers the amount', () => {
    const account = { principal: 1_000_000n };
    const preparation = { lockedAmount: 1_000_000n };
    const message = { committedAmount: 1_000_000n };
    expect(finalized({ account, preparation, message, now: 1_802_592_000_000_000n })).toBe('OK 1000000');
  });

  it('takes nothing from what a root account has locked', () => {
    const account = {
      ...aRootAccount({ principal: -5n, negligibleAmount: 0 }),
      totalLockedAmount: 1_000_000n,
    };
    const preparation = { lockedAmount: 1_000_000n };
    const now = 1_802_592_000_000_000n;
    expect(finalized({ account, preparation, message: { committedAmount: 1_000_000n }, now })).toBe(
      'OK 1000000',
    );
    expect(finalized({ account, preparation, message: { committedAmount: 1_000_001n }, now })).toBe(
      'INSUFFICIENT_AVAILABLE_AMOUNT 0',
    );
  });

  it('takes nothing when the clock has gone back', () => {
    const account = { principal: 0n };
    expect(finalized({ account, now: 1_799_999_000_000_000n })).toBe('OK 100');
  });

  it('goes on counting when the transfer is announced again', () => {
    const account = anAccount({ principal: 1000n, interestRate: -50, lastChangeTs: NOW });
    const request = aPrepareTransfer({ minLockedAmount: 1000n, maxLockedAmount: 1000n });
    const prepared = decide(aSnapshot({ account }), [request], at(NOW));
    const later = NOW + 40n * 86_400_000_000n;
    const chore = transferChore(prepared.records[0] as Transfer, later, DEFAULT_SETTINGS);
    const reminded = chore.kind === 'remind' ? [chore.transfer] : [];
    expect(reminded).toMatchObject([{ preparation: { preparedAt: NOW, announcedAt: later } }]);
    const commit = (committedAmount: bigint) => {
      const message = aFinalizeTransfer({ transferId: reminded[0]?.transferId ?? 0n, committedAmount });
      const snapshot = aSnapshot({ account: prepared.account, records: reminded });
      return decide(snapshot, [message], at(later)).records;
    };
    expect(commit(999n)).toMatchObject([{ finalization: { statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT' } }]);
    // floor(1000 × 2^(−40/365.25))
    expect(commit(926n)).toMatchObject([{ finalization: { statusCode: 'OK' } }]);
    expect(commit(927n)).toMatchObject([{ finalization: { statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT' } }]);
  });
});
