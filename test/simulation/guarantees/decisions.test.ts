/** That what is decided once more is decided rightly: refusals, locks, interest, and what is taken for done. */

import { describe, expect, it } from 'vitest';
import type { PrepareTransfer } from '../../../lib/protocol/messages.ts';
import type { Account } from '../../../lib/rules/account.ts';
import type { TransferRecord } from '../../../lib/rules/transfer.ts';
import { parseSettings } from '../../../lib/shell/settings.ts';
import {
  aCommittedTransfer,
  aConfigureAccount,
  aDismissedTransfer,
  aFinalization,
  anAccount,
  aPreparation,
  aPrepareTransfer,
  aRejectedTransfer,
  aTransfer,
  NOW,
  RECIPIENT_ID,
} from '../../support/builders.ts';
import type { Correspondence } from '../clients/correspondence.ts';
import { drawFeatures } from '../features.ts';
import { type Commit, History, type Pair } from '../history.ts';
import { Random } from '../random.ts';
import { coversAfter, exactInteger, exactOf, heldInt64, spendableAt, spendableWithin } from './amounts.ts';
import { isAcceptable } from './answers.ts';
import { finalizationsAnsweredByTheRules } from './finalizations.ts';
import { livesBeginByTheRules } from './lives.ts';
import { unfinishedWork } from './repairs.ts';
import { requestsAnsweredByTheRules } from './requests.ts';
import { nothingIsLeftUndone } from './rest.ts';
import { configurationsWithin } from './side-effects.ts';
import type { CheckContext, CommitCheck, Evidence } from './violation.ts';

const YEAR = 31_557_600_000_000n;
const RICH = anAccount({ principal: 100n });
const LOCKED = anAccount({ principal: 100n, totalLockedAmount: 100n, pendingTransfersCount: 1 });

interface World {
  readonly asked?: PrepareTransfer;
  readonly amounts?: readonly bigint[];
  readonly recipient?: Account | undefined;
}

function contextOf({ asked = aPrepareTransfer(), amounts = [], ...others }: World): CheckContext {
  const recipient = 'recipient' in others ? others.recipient : anAccount({ creditorId: RECIPIENT_ID });
  const history = new History();
  history.accountStates = () => [recipient];
  const correspondence = {
    requestOf: () => asked,
    amountsAskedFor: () => amounts,
    configurationsOf: () => [],
  } as unknown as Correspondence;
  const features = drawFeatures(new Random('any'), { staleReads: 0 });
  return { features, settings: parseSettings({}), history, correspondence };
}

function isAccepted(check: CommitCheck, account: Pair<Account>, record: Pair<TransferRecord>): boolean {
  const commit: Commit = { at: Number(NOW), accounts: [account], records: [record] };
  return check(commit) === undefined;
}

describe('the answer to a request', () => {
  const lock = (lockedAmount: bigint) => ({
    before: undefined,
    after: aTransfer({ preparation: aPreparation({ lockedAmount }) }),
  });

  it.each<[string, bigint, World, boolean]>([
    ['locks what there is', 100n, {}, true],
    ['locks less than there is', 99n, {}, false],
    ['locks more than there is', 101n, {}, false],
    ['locks for a recipient that is not there', 100n, { recipient: undefined }, false],
    ['locks too little', 100n, { asked: aPrepareTransfer({ minLockedAmount: 101n }) }, false],
    ['locks just enough', 100n, { asked: aPrepareTransfer({ minLockedAmount: 100n }) }, true],
    ['locks after a newer rate', 100n, { asked: aPrepareTransfer({ finalInterestRateTs: -1n }) }, false],
  ])('that %s is right or wrong', (_name, lockedAmount, world, isRight) => {
    const check = requestsAnsweredByTheRules(contextOf(world));
    expect(isAccepted(check, { before: RICH, after: LOCKED }, lock(lockedAmount))).toBe(isRight);
  });

  it.each<[string, World, boolean]>([
    ['RECIPIENT_IS_UNREACHABLE', {}, false],
    ['RECIPIENT_IS_UNREACHABLE', { recipient: undefined }, true],
    ['SENDER_IS_UNREACHABLE', {}, false],
    ['TOO_MANY_TRANSFERS', {}, false],
    ['INSUFFICIENT_AVAILABLE_AMOUNT', { asked: aPrepareTransfer({ minLockedAmount: 100n }) }, false],
    ['INSUFFICIENT_AVAILABLE_AMOUNT', { asked: aPrepareTransfer({ minLockedAmount: 101n }) }, true],
    ['NEWER_INTEREST_RATE', {}, false],
    ['NEWER_INTEREST_RATE', { asked: aPrepareTransfer({ finalInterestRateTs: -1n }) }, true],
  ])('with the status %s needs its reason', (statusCode, world, isRight) => {
    const rejection = { statusCode, totalLockedAmount: 0n, rejectedAt: NOW } as never;
    const record = { before: undefined, after: aRejectedTransfer({ rejection }) };
    const check = requestsAnsweredByTheRules(contextOf(world));
    expect(isAccepted(check, { before: RICH, after: RICH }, record)).toBe(isRight);
  });
});

describe('the answer to a finalization', () => {
  const old = aPreparation({ preparedAt: NOW - YEAR, announcedAt: NOW - 1n });
  const prepared = aTransfer({ preparation: old });
  const unlocked = anAccount({ principal: 100n });

  it.each([
    ['dismisses what nobody dismissed', [100n], false],
    ['dismisses what somebody dismissed', [100n, 0n], true],
  ])('that %s is right or wrong', (_name, amounts, isRight) => {
    const record = { before: prepared, after: aDismissedTransfer({ preparation: old }) };
    const check = finalizationsAnsweredByTheRules(contextOf({ amounts }));
    expect(isAccepted(check, { before: LOCKED, after: unlocked }, record)).toBe(isRight);
  });

  it('counts demurrage from the preparation, whatever reminders there were', () => {
    const poor = { ...LOCKED, principal: 40n };
    const after = aCommittedTransfer({ preparation: old });
    const check = finalizationsAnsweredByTheRules(contextOf({ amounts: [100n] }));
    expect(isAccepted(check, { before: poor, after: poor }, { before: prepared, after })).toBe(false);
    const insufficient = aFinalization({ statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT', committedAmount: 0n });
    const refused = aDismissedTransfer({ preparation: old, finalization: insufficient });
    expect(isAccepted(check, { before: poor, after: poor }, { before: prepared, after: refused })).toBe(true);
    expect(isAccepted(check, { before: LOCKED, after: unlocked }, { before: prepared, after: refused })).toBe(
      false,
    );
  });
});

describe('amounts', () => {
  it('are the doubles themselves, not the texts that they are printed as', () => {
    expect(exactOf(72740019829006704)).toBe(exactInteger(72740019829006704n));
    expect(exactOf(-0.5)).toBe(-(1n << 127n));
    expect(exactOf(0)).toBe(0n);
    expect(exactOf(-5e-324)).toBe(-1n);
  });

  it('are floored after interest, with no doubt where there is none', () => {
    const account = anAccount({ principal: 100n, interest: -0.25, totalLockedAmount: 10n });
    expect(spendableAt(account, NOW)).toStrictEqual({ low: 89n, high: 89n });
    const doubled = anAccount({ principal: 100n, interestRate: 100, lastChangeTs: NOW - YEAR });
    const { low, high } = spendableAt(doubled, NOW);
    expect(low >= 199n && high <= 200n).toBe(true);
  });

  it('may be those of a later instant that the interest was already brought to', () => {
    const account = anAccount({ principal: 100n, interestRate: 100, lastChangeTs: NOW });
    expect(spendableWithin(account, NOW, NOW + YEAR)).toStrictEqual({ low: 100n, high: 200n });
    expect(spendableWithin(account, NOW + YEAR, NOW)).toStrictEqual(spendableAt(account, NOW + YEAR));
  });

  it('are halved by demurrage in a year', () => {
    expect(coversAfter(100n, 49n, YEAR)).toBe(true);
    expect(coversAfter(100n, 51n, YEAR)).toBe(false);
    expect(coversAfter(100n, 100n, 0n)).toBe(true);
    expect(coversAfter(100n, 101n, 0n)).toBe(false);
  });

  it('are held within int64', () => {
    expect([heldInt64(1n << 63n), heldInt64(-(1n << 63n) - 1n), heldInt64(-5n)]).toStrictEqual([
      (1n << 63n) - 1n,
      -(1n << 63n),
      -5n,
    ]);
  });
});

describe('a life', () => {
  it.each<[string, Partial<Account>, boolean]>([
    ['with a recent configuration', { lastConfigTs: NOW - 86_400_000_000n, lastChangeTs: NOW }, true],
    ['with one that is too old', { lastConfigTs: NOW - 8n * 86_400_000_000n, lastChangeTs: NOW }, false],
    ['with a rate that its currency does not have', { interestRate: 7, lastConfigTs: NOW }, false],
  ])('that begins %s is right or wrong', (_name, changes, isRight) => {
    const check = livesBeginByTheRules(contextOf({ recipient: undefined }));
    const commit = {
      at: Number(NOW),
      accounts: [{ before: undefined, after: anAccount(changes) }],
      records: [],
    };
    expect(check(commit) === undefined).toBe(isRight);
  });

  it('begins beyond all versions of the one before', () => {
    const check = livesBeginByTheRules(contextOf({ recipient: undefined }));
    const born = (version: bigint) => ({
      at: 0,
      accounts: [{ before: undefined, after: anAccount({ version }) }],
      records: [],
    });
    expect(check(born(5n))).toBe(undefined);
    expect(check(born(5n))?.details).toMatch(/version/);
  });
});

describe('what is taken for done', () => {
  const history = new History();

  it('needs a chore for each account with changes to announce', () => {
    const work = { kind: 'chores', due: ['1:2'], sent: new Set(['1:2']) } as const;
    expect(unfinishedWork(work, history)).toBe(undefined);
    expect(unfinishedWork({ ...work, sent: new Set() }, history)?.details).toMatch(/1:2/);
  });

  it('needs a segment that was read to its end, or is continued', () => {
    const sweep = (isReadToItsEnd: boolean, isContinued: boolean) =>
      unfinishedWork({ kind: 'sweep', isReadToItsEnd, isContinued }, history);
    expect(sweep(true, false)).toBe(undefined);
    expect(sweep(false, true)).toBe(undefined);
    expect(sweep(false, false)).not.toBe(undefined);
  });

  it('needs a credit that was made', () => {
    const record = aCommittedTransfer();
    history.records.set('1:2/5', [{ at: 0, value: record }]);
    const work = { kind: 'credits', transfers: ['1:2/5'] } as const;
    expect(unfinishedWork(work, history)?.details).toMatch(/not credited/);
  });
});

describe('A world at rest', () => {
  const { heartbeatSeconds } = parseSettings({});

  function evidenceOf(account: Account, secondsUntilLastSweep: number): Evidence {
    return {
      settings: parseSettings({}),
      history: { latestRecords: [], finalAccounts: [account] },
      authority: { incoming: { size: 0 }, chores: { size: 0 }, givenUpInCalm: 0 },
      lastSweepAt: Number(account.announcedAt) + secondsUntilLastSweep * 1e6,
    } as unknown as Evidence;
  }

  it.each([
    ['was due before the last sweep', 2 * 3_600, true],
    ['became due after the last sweep', -1, false],
  ])('misses a heartbeat that %s', (_, seconds, isMissed) => {
    const violation = nothingIsLeftUndone(evidenceOf(anAccount(), heartbeatSeconds + seconds));
    expect(violation?.details.includes('was silent') ?? false).toBe(isMissed);
  });
});

describe('The configuration of a root account', () => {
  it.each([
    ['', true],
    ['{"type":"RootConfigData","rate":-1.25,"limit":1000000}', true],
    ['{"type":"RootConfigData","rate":1000}', false],
    ['{}', false],
    ['nonsense', false],
  ])('%j is acceptable: %s', (configData, expected) => {
    expect(isAcceptable(aConfigureAccount({ creditorId: 0n, configData }))).toBe(expected);
  });
});

describe('The configurations of one commit', () => {
  const before = anAccount({ negligibleAmount: 5, lastConfigTs: NOW, lastConfigSeqnum: 1 });
  const between = aConfigureAccount({ negligibleAmount: 7, ts: NOW + 1n, seqnum: 1 });

  it('are all possible, also when the last of them says what held before', () => {
    const after = anAccount({ negligibleAmount: 5, lastConfigTs: NOW + 1n, lastConfigSeqnum: 2 });
    const states = configurationsWithin({ before, after }, [between]);
    expect(states.map((state) => state?.negligibleAmount)).toStrictEqual([5, 5, 7]);
  });

  it('are none when the account was not configured', () => {
    expect(configurationsWithin({ before, after: { ...before, principal: 9n } }, [between])).toStrictEqual([
      before,
    ]);
  });
});
