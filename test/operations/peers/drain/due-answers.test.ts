import { describe, expect, it } from 'vitest';
import { dueAnswers, isHeldBy } from '../../../../lib/operations/peers/drain/due-answers.ts';
import type { Responsibility } from '../../../../lib/peers/peer.ts';
import type { Account } from '../../../../lib/rules/account.ts';
import type { Transfer } from '../../../../lib/rules/transfer.ts';
import { aDeletedAccount, anAccount, aRootAccount, aTransfer, NOW } from '../../../support/builders.ts';

const DEBTOR = 0x1234abcd00000001n;
const ALICE = 0x0000020000000001n;
const STRANGER = 0x0000030000000001n;

const CREDITORS_AGENT: Responsibility = {
  type: 'creditors-agent',
  range: { digits: '000002' },
  authorityRange: { digits: '1234abcd' },
};
const DEBTORS_AGENT: Responsibility = {
  type: 'debtors-agent',
  range: { digits: '1234abcd00' },
  authorityRange: { digits: '1234abcd' },
};

const ofAlice = (changes: Partial<Account> = {}) =>
  anAccount({ debtorId: DEBTOR, creditorId: ALICE, ...changes });
const lockOfAlice = (changes: Partial<Transfer<'prepared'>> = {}) =>
  aTransfer({
    sender: { debtorId: DEBTOR, creditorId: ALICE },
    transferId: 9n,
    request: { coordinatorType: 'direct', coordinatorId: ALICE, coordinatorRequestId: 5n },
    ...(changes as object),
  });

function answersTo(
  account: Account,
  {
    peer = CREDITORS_AGENT,
    prepared = [],
    answered = [],
  }: {
    readonly peer?: Responsibility;
    readonly prepared?: readonly Transfer<'prepared'>[];
    readonly answered?: readonly string[];
  } = {},
) {
  return dueAnswers({ account, prepared }, { peer, answered: new Set(answered), now: NOW });
}

const CLOSED = { configFlags: 1, negligibleAmount: 1e30 };
const CLOSURE = {
  type: 'ConfigureAccount',
  debtorId: DEBTOR,
  creditorId: ALICE,
  negligibleAmount: 1e30,
  configFlags: 1,
  configData: '',
  ts: NOW,
  seqnum: 0,
};

describe('The answer that is due about an account of a drained peer', () => {
  it('schedules it for deletion, whatever is on it', () => {
    expect(answersTo(ofAlice({ principal: 1000n }))).toStrictEqual([
      {
        kind: 'due',
        answer: CLOSURE,
        state: `${DEBTOR}:${ALICE} 2026-09-21 1790000000000000 0`,
      },
    ]);
  });

  it.each<readonly [string, Partial<Account>, object | undefined]>([
    ['is due where only a little is negligible', { configFlags: 1, negligibleAmount: 1e29 }, {}],
    ['keeps other flags', { configFlags: 6 }, { configFlags: 7 }],
    [
      'is not earlier than a configuration from the future',
      { lastConfigTs: NOW + 60n, lastConfigSeqnum: 2_147_483_647 },
      { ts: NOW + 60n, seqnum: -2_147_483_648 },
    ],
    [
      'is later than a configuration of this very moment',
      { lastConfigTs: NOW, lastConfigSeqnum: 3 },
      { ts: NOW, seqnum: 4 },
    ],
    ['is none where the account is configured so', CLOSED, undefined],
    ['is none where it is configured so and has money', { ...CLOSED, principal: 5n }, undefined],
  ])('%s', (_, changes, difference) => {
    expect(answersTo(ofAlice(changes)).map(({ answer }) => answer)).toStrictEqual(
      difference === undefined ? [] : [{ ...CLOSURE, ...difference }],
    );
  });

  it('is none for a deleted account, which it would bring back', () => {
    expect(answersTo(aDeletedAccount({ debtorId: DEBTOR, creditorId: ALICE }))).toStrictEqual([]);
  });

  it('dismisses what is prepared, first of all', () => {
    expect(answersTo(ofAlice(), { prepared: [lockOfAlice()] }).map(({ answer }) => answer)).toStrictEqual([
      {
        type: 'FinalizeTransfer',
        debtorId: DEBTOR,
        creditorId: ALICE,
        transferId: 9n,
        coordinatorType: 'direct',
        coordinatorId: ALICE,
        coordinatorRequestId: 5n,
        committedAmount: 0n,
        transferNote: '',
        transferNoteFormat: '',
        ts: NOW,
      },
      CLOSURE,
    ]);
  });

  it('is given once to each state, and anew to a later configuration', () => {
    const held = { prepared: [lockOfAlice()] };
    const states = answersTo(ofAlice(), held).map(({ state }) => state);
    const kinds = (account: Account) =>
      answersTo(account, { ...held, answered: states }).map(({ kind }) => kind);
    expect(kinds(ofAlice())).toStrictEqual(['answered', 'answered']);
    expect(kinds(ofAlice({ principal: 7n, lastChangeSeqnum: 8 }))).toStrictEqual(['answered', 'answered']);
    expect(kinds(ofAlice({ lastConfigSeqnum: 1 }))).toStrictEqual(['answered', 'due']);
    expect(kinds(ofAlice({ creationDate: '2027-01-01' }))).toStrictEqual(['answered', 'due']);
  });

  it('is nobody’s who could not have sent it', () => {
    const issuing = { coordinatorType: 'issuing', coordinatorId: DEBTOR, coordinatorRequestId: 5n };
    expect(
      answersTo(ofAlice(CLOSED), { prepared: [lockOfAlice({ request: issuing })] }).map(({ kind }) => kind),
    ).toStrictEqual(['forbidden']);
    expect(answersTo(ofAlice({ debtorId: 1n })).map(({ kind }) => kind)).toStrictEqual(['forbidden']);
  });

  it('leaves the limit and the terms of a currency as they are', () => {
    const terms = '{"type": "RootConfigData", "rate": 2}';
    const root = aRootAccount({ debtorId: DEBTOR, configData: terms, principal: -50n });
    expect(answersTo(root, { peer: DEBTORS_AGENT }).map(({ answer }) => answer)).toStrictEqual([
      { ...CLOSURE, creditorId: 0n, negligibleAmount: 1e6, configData: terms },
    ]);
    expect(answersTo({ ...root, configFlags: 1 }, { peer: DEBTORS_AGENT })).toStrictEqual([]);
  });
});

describe('The accounts of a peer', () => {
  it.each([
    [CREDITORS_AGENT, ALICE, true],
    [CREDITORS_AGENT, STRANGER, false],
    [CREDITORS_AGENT, 0n, false],
    [DEBTORS_AGENT, 0n, true],
    [DEBTORS_AGENT, ALICE, false],
  ])('of %j include that of creditor %s: %s', (peer, creditorId, isHeld) => {
    expect(isHeldBy(peer, { debtorId: DEBTOR, creditorId })).toBe(isHeld);
  });

  it('of a debtors agent are those of its own currencies', () => {
    expect(isHeldBy(DEBTORS_AGENT, { debtorId: 0x1234abcd01000001n, creditorId: 0n })).toBe(false);
  });
});
