import { describe, expect, it } from 'vitest';
import { auditLedger, summarizeAbsent } from '../../../../lib/operations/audit/checks/ledger-checks.ts';
import type {
  LedgerClock,
  NumberedSide,
  UnnumberedSide,
} from '../../../../lib/operations/audit/checks/ledger-sides.ts';
import { anAccount } from '../../../support/builders.ts';

/** 2027-01-15T08:00:00Z. */
const AT = 1_800_000_000_000_000n;
const AT_REST: LedgerClock = { at: AT, readSince: undefined, purgedBefore: 0n };
const SECOND = 1_000_000n;
const DAY = 86_400_000_000n;

/** The principal is 100 after number 2; its whole history is kept. */
const ACCOUNT = anAccount({
  creationDate: '2027-01-01',
  principal: 100n,
  lastTransferNumber: 2n,
  lastTransferCommittedAt: AT - 60n * SECOND,
  lastChangeTs: AT - 10n * SECOND,
});

function numbered(transferNumber: bigint, changes: Partial<NumberedSide> = {}): NumberedSide {
  return {
    creationDate: '2027-01-01',
    transferNumber,
    principal: 50n * transferNumber,
    acquiredAmount: 50n,
    at: AT - 60n * SECOND,
    committedAt: AT - 60n * SECOND,
    transfer: `transfer ${transferNumber}`,
    ...changes,
  };
}

function negligible(acquiredAmount: bigint, secondsAgo: bigint): UnnumberedSide {
  return { acquiredAmount, at: AT - secondsAgo * SECOND, isByWritersClock: false };
}

interface Given {
  readonly account?: Partial<typeof ACCOUNT>;
  readonly sides: readonly NumberedSide[];
  readonly negligible?: readonly UnnumberedSide[];
  readonly clock?: LedgerClock;
}

function audited({ account = {}, sides, negligible: unnumbered = [], clock = AT_REST }: Given) {
  const faults: string[] = [];
  const unknown: string[] = [];
  const totals = auditLedger(
    {
      account: { ...ACCOUNT, ...account },
      sides: { numbered: sides, unnumbered: () => unnumbered },
      clock,
    },
    {
      fault: ({ sentence }) => faults.push(sentence),
      unknownTransfer: ({ transfer }) => unknown.push(transfer),
    },
  );
  return { faults, unknown, ...totals };
}

const SOUND = { faults: [], unknown: [], doubtful: { low: 0n, high: 0n } };

describe('The ledger of an account', () => {
  it('is sound when each principal is the one before and the acquired amount', () => {
    expect(audited({ sides: [numbered(2n), numbered(1n)] })).toStrictEqual({ ...SOUND, included: 100n });
  });

  it('counts negligible credits between the transfers that they came between', () => {
    const sides = [numbered(2n, { principal: 102n, at: AT - 40n * SECOND }), numbered(1n)];
    const account = { principal: 105n };
    const [later, earlier] = [negligible(3n, 20n), negligible(2n, 50n)];
    expect([
      audited({ account, sides, negligible: [later, earlier] }).faults,
      audited({ account, sides, negligible: [negligible(4n, 20n), earlier] }).faults,
    ]).toStrictEqual([
      [],
      [
        'number 2 (transfer 2) says principal 102; by the later transfers and the present principal it was 101',
      ],
    ]);
  });

  it('takes the order of negligible credits for certain where a clock was an hour late', () => {
    const sides = [numbered(2n, { principal: 102n, at: AT - 3_600n * SECOND }), numbered(1n)];
    const given = { account: { principal: 105n }, sides };
    expect(
      audited({ ...given, negligible: [negligible(3n, 20n), negligible(2n, 50n)] }).faults,
    ).toStrictEqual([]);
  });

  it('does not compare principals that were held at an end of int64', () => {
    const sides = [numbered(2n, { principal: 7n }), numbered(1n)];
    expect(audited({ account: { clippedAmount: 5n }, sides }).faults).toStrictEqual([]);
  });

  it('tells one wrong principal once, and the others not', () => {
    const sides = [numbered(2n), numbered(1n, { principal: 51n })];
    expect(audited({ sides }).faults).toStrictEqual([
      'number 1 (transfer 1) says principal 51; by the later transfers and the present principal it was 50',
    ]);
  });

  it('tells one wrong amount once, however many transfers are before it', () => {
    const account = { lastTransferNumber: 3n, principal: 150n };
    const sides = [numbered(3n, { acquiredAmount: 49n }), numbered(2n), numbered(1n)];
    expect(audited({ account, sides }).faults).toStrictEqual([
      'number 2 (transfer 2) says principal 100; by the later transfers and the present principal it was 101',
    ]);
  });

  it.each([
    [29n, ['number 1 is missing']],
    [31n, []],
  ])('misses a transfer of an account that is %s days old only while it is kept', (days, faults) => {
    const creationDate = days === 29n ? '2026-12-17' : '2026-12-15';
    const account = { creationDate };
    const sides = [numbered(2n, { creationDate })];
    expect(audited({ account, sides }).faults).toStrictEqual(faults);
  });

  it('misses a transfer between two that are there, unless the earlier one is older than what is kept', () => {
    const account = { creationDate: '2026-01-01', lastTransferNumber: 3n };
    const missing = (at: bigint) => [
      numbered(3n, { creationDate: '2026-01-01', principal: 100n }),
      numbered(1n, { creationDate: '2026-01-01', at }),
    ];
    expect([
      audited({ account, sides: missing(AT - 29n * DAY) }).faults,
      audited({ account, sides: missing(AT - 31n * DAY) }).faults,
    ]).toStrictEqual([['number 2 is missing'], []]);
  });

  it('misses the last transfer by the moment that the account tells of it', () => {
    const account = { creationDate: '2026-01-01', lastTransferNumber: 9n };
    const gone = { ...account, lastTransferCommittedAt: AT - 31n * DAY };
    expect([
      audited({ account, sides: [] }).faults,
      audited({ account: gone, sides: [] }).faults,
    ]).toStrictEqual([['number 9 is missing'], []]);
  });

  it('does not judge transfers that came after the account was read', () => {
    const sides = [numbered(3n, { principal: 150n }), numbered(2n), numbered(1n)];
    expect(audited({ sides })).toStrictEqual({ ...SOUND, unknown: ['transfer 3'], included: 100n });
  });

  it('counts the transfers of a former life, and judges only its numbers', () => {
    const former = { creationDate: '2026-05-01', at: AT - 20n * DAY };
    const sides = [
      numbered(2n),
      numbered(1n),
      numbered(7n, { ...former, acquiredAmount: -3n }),
      numbered(7n, { ...former, transfer: 'another' }),
    ];
    const given = { sides, negligible: [negligible(4n, 2_000_000n)] };
    expect(audited(given)).toStrictEqual({
      ...SOUND,
      faults: ['number 7 is taken by transfer 7 and another'],
      included: 151n,
    });
  });

  it('doubts what happened at the very instant at which a living ledger was read', () => {
    const clock = { ...AT_REST, readSince: AT - 60n * SECOND };
    const given = {
      account: { creditorId: 0n, lastTransferNumber: 0n },
      sides: [],
      negligible: [
        negligible(5n, 9n),
        negligible(4n, 10n),
        { ...negligible(-3n, 11n), isByWritersClock: true },
        negligible(2n, 12n),
      ],
    };
    expect([audited({ ...given, clock }), audited(given)]).toStrictEqual([
      { ...SOUND, included: 2n, doubtful: { low: -3n, high: 4n } },
      { ...SOUND, included: 3n },
    ]);
  });
});

describe('An account that was not found', () => {
  const CLOCK = { ...AT_REST, purgedBefore: AT - DAY };
  const absent = (sides: readonly NumberedSide[], mentions: readonly bigint[] = []) =>
    summarizeAbsent(
      { numbered: sides, unnumbered: () => [negligible(7n, 10n), negligible(3n, 300_000n)] },
      mentions.map((at) => ({ at })),
      CLOCK,
    );

  it('may have been purged after what is old, but not after what is recent', () => {
    const sides = [numbered(2n), numbered(1n, { at: AT - 3n * DAY })];
    expect(absent(sides)).toStrictEqual({ purged: 53n, recent: 57n, existedAt: AT - 10n * SECOND });
  });

  it('existed when it was mentioned last', () => {
    expect(absent([], [AT - 5n * SECOND, AT - 20n * SECOND]).existedAt).toBe(AT - 5n * SECOND);
  });

  it('is no loss where everything about it is old', () => {
    const old = { numbered: [numbered(1n, { at: AT - DAY })], unnumbered: () => [] };
    expect(summarizeAbsent(old, [{ at: AT - DAY }], CLOCK)).toStrictEqual({
      purged: 50n,
      recent: 0n,
      existedAt: undefined,
    });
  });
});
