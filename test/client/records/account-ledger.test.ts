/** A ledger from its messages: chained, bridged and patched, in whatever order they come. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendTransfer,
  bridgeToUpdate,
  EMPTY_LEDGER,
  hasGap,
  type LedgerEntry,
  type LedgerHead,
  patchLedger,
  placeOf,
} from '../../../lib/client/records.ts';
import type { AccountTransfer } from '../../../lib/protocol/messages.ts';
import { NOW } from '../../support/builders.ts';
import { anAccountTransfer, anAccountUpdate } from '../support/answers.ts';

const FIRST = anAccountTransfer();
const SECOND = anAccountTransfer({
  transferNumber: 2n,
  previousTransferNumber: 1n,
  acquiredAmount: -30n,
  principal: 70n,
});
const { head: AFTER_FIRST } = appendTransfer(EMPTY_LEDGER, FIRST);

describe('a transfer', () => {
  it.each([
    ['the first', EMPTY_LEDGER, FIRST, 'next'],
    ['one without its predecessor', EMPTY_LEDGER, SECOND, 'early'],
    ['the one after the last', AFTER_FIRST, SECOND, 'next'],
    ['one that is there', AFTER_FIRST, FIRST, 'known'],
    ['one of a former life', AFTER_FIRST, anAccountTransfer({ creationDate: '2026-01-01' }), 'known'],
    ['the first of a new life', AFTER_FIRST, anAccountTransfer({ creationDate: '2028-01-01' }), 'next'],
    ['a later one of a new life', AFTER_FIRST, { ...SECOND, creationDate: '2028-01-01' }, 'early'],
  ] as const)('has a place: %s', (_what, head, transfer, place) => {
    expect(placeOf(head, transfer)).toBe(place);
  });

  it('becomes an entry with a running balance', () => {
    expect(appendTransfer(AFTER_FIRST, SECOND)).toStrictEqual({
      head: { creationDate: '2027-01-15', lastTransferNumber: 2n, principal: 70n, entryCount: 2n },
      entries: [
        {
          kind: 'transfer',
          entryNumber: 2n,
          creationDate: '2027-01-15',
          acquiredAmount: -30n,
          principal: 70n,
          committedAt: NOW,
          transfer: SECOND,
        },
      ],
    });
  });

  it('comes after an entry for what was not told before it', () => {
    const { head, entries } = appendTransfer(AFTER_FIRST, { ...SECOND, principal: 72n });
    expect(head.principal).toBe(72n);
    expect(entries).toMatchObject([
      { kind: 'bridge', entryNumber: 2n, acquiredAmount: 2n, principal: 102n },
      { kind: 'transfer', entryNumber: 3n, acquiredAmount: -30n, principal: 72n },
    ]);
  });

  it('of a new life starts from zero', () => {
    const { head, entries } = appendTransfer(AFTER_FIRST, anAccountTransfer({ creationDate: '2028-01-01' }));
    expect(entries).toMatchObject([
      { kind: 'bridge', acquiredAmount: -100n, principal: 0n },
      { kind: 'transfer', acquiredAmount: 100n, principal: 100n },
    ]);
    expect(head).toStrictEqual({
      creationDate: '2028-01-01',
      lastTransferNumber: 1n,
      principal: 100n,
      entryCount: 3n,
    });
  });
});

describe('the latest AccountUpdate', () => {
  it('shows what negligible credits added since the last transfer', () => {
    const update = anAccountUpdate({ principal: 103n, lastTransferNumber: 1n });
    expect(bridgeToUpdate(AFTER_FIRST, update).entries).toMatchObject([
      { kind: 'bridge', acquiredAmount: 3n, principal: 103n, committedAt: NOW },
    ]);
  });

  it('is all that a root account has', () => {
    const update = anAccountUpdate({ creditorId: 0n, principal: -1000n });
    expect(bridgeToUpdate(EMPTY_LEDGER, update)).toMatchObject({
      head: { creationDate: '2027-01-15', principal: -1000n, entryCount: 1n },
      entries: [{ kind: 'bridge', acquiredAmount: -1000n }],
    });
  });

  it.each([
    ['knows of more transfers', { principal: 70n, lastTransferNumber: 2n }],
    ['knows of fewer transfers', { principal: 3n, lastTransferNumber: 0n }],
    ['agrees', { principal: 100n, lastTransferNumber: 1n }],
    ['is of a former life', { creationDate: '2026-01-01', lastTransferNumber: 1n }],
  ])('adds nothing when it %s', (_why, changes) => {
    expect(bridgeToUpdate(AFTER_FIRST, anAccountUpdate(changes))).toStrictEqual({
      head: AFTER_FIRST,
      entries: [],
    });
  });
});

describe('a gap', () => {
  const FOURTH = anAccountTransfer({
    transferNumber: 4n,
    previousTransferNumber: 3n,
    acquiredAmount: 5n,
    principal: 75n,
  });

  it('before a transfer that waits is closed by an entry that names what is missing', () => {
    const gap = { earliest: FOURTH, update: undefined };
    expect(hasGap(AFTER_FIRST, gap)).toBe(true);
    const { head, entries } = patchLedger(AFTER_FIRST, gap);
    expect(entries).toMatchObject([
      { kind: 'missing', firstMissing: 2n, lastMissing: 3n, acquiredAmount: -30n, principal: 70n },
    ]);
    expect(placeOf(head, FOURTH)).toBe('next');
  });

  it('before the latest AccountUpdate is closed the same way', () => {
    const update = anAccountUpdate({ principal: 75n, lastTransferNumber: 4n });
    const { head, entries } = patchLedger(AFTER_FIRST, { earliest: undefined, update });
    expect(entries).toMatchObject([
      { kind: 'missing', firstMissing: 2n, lastMissing: 4n, acquiredAmount: -25n, principal: 75n },
    ]);
    expect(head.lastTransferNumber).toBe(4n);
  });

  it('is none when the update knows of nothing more', () => {
    const gap = { earliest: undefined, update: anAccountUpdate({ lastTransferNumber: 1n }) };
    expect(hasGap(AFTER_FIRST, gap)).toBe(false);
    expect(patchLedger(AFTER_FIRST, gap)).toStrictEqual({ head: AFTER_FIRST, entries: [] });
  });
});

describe('any order and repetition of transfers', () => {
  it('leads to the same ledger', () => {
    const amounts = fc.array(
      fc.bigInt({ min: -50n, max: 50n }).filter((amount) => amount !== 0n),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(amounts, fc.infiniteStream(fc.nat()), (some, picks) => {
        const transfers = chain(some);
        const expected = transfers.reduce(append, { head: EMPTY_LEDGER, entries: [] as LedgerEntry[] });
        expect(inAnyOrder(transfers, picks)).toStrictEqual(expected);
      }),
    );
  });
});

interface Ledger {
  readonly head: LedgerHead;
  readonly entries: LedgerEntry[];
}

function chain(amounts: readonly bigint[]): AccountTransfer[] {
  let principal = 0n;
  return amounts.map((acquiredAmount, index) => {
    principal += acquiredAmount;
    const transferNumber = BigInt(index + 1);
    const previousTransferNumber = BigInt(index);
    return anAccountTransfer({ transferNumber, previousTransferNumber, acquiredAmount, principal });
  });
}

function append(ledger: Ledger, transfer: AccountTransfer): Ledger {
  const { head, entries } = appendTransfer(ledger.head, transfer);
  return { head, entries: [...ledger.entries, ...entries] };
}

/** Delivers a transfer at random until all are there; what comes too early waits, as a store keeps it. */
function inAnyOrder(transfers: readonly AccountTransfer[], picks: fc.Stream<number>): Ledger {
  let ledger: Ledger = { head: EMPTY_LEDGER, entries: [] };
  const waiting = new Set<AccountTransfer>();
  const left = new Set(transfers);
  for (const pick of picks) {
    const transfer = transfers[pick % transfers.length];
    if (transfer === undefined || left.size === 0) {
      return ledger;
    }
    left.delete(transfer);
    waiting.add(transfer);
    for (let next = nextOf(ledger, waiting); next !== undefined; next = nextOf(ledger, waiting)) {
      ledger = append(ledger, next);
    }
  }
  return ledger;
}

function nextOf({ head }: Ledger, waiting: ReadonlySet<AccountTransfer>): AccountTransfer | undefined {
  return [...waiting].find((transfer) => placeOf(head, transfer) === 'next');
}
