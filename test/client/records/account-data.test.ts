/** What messages change in the data of an account, and how configurations are sent. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountData,
  accountStateOf,
  DEFAULT_RECORD_SETTINGS,
  receiveAccountMessage,
  resendConfiguration,
  sendConfiguration,
  unknownAccount,
} from '../../../lib/client/records.ts';
import type { AccountPurge, AccountUpdate, RejectedConfig } from '../../../lib/protocol/messages.ts';
import { NOW } from '../../support/builders.ts';
import { anAccountUpdate } from '../support/answers.ts';

const DAY = 86_400_000_000n;
const UNKNOWN = unknownAccount({ debtorId: 1n, creditorId: 1_099_511_627_777n });
const CHOICE = { negligibleAmount: 2, configFlags: 0, configData: '' };
const PURGE: AccountPurge = {
  type: 'AccountPurge',
  debtorId: 1n,
  creditorId: 1_099_511_627_777n,
  creationDate: '2027-01-15',
  ts: NOW,
};

function receive(
  account: AccountData,
  ...messages: (AccountUpdate | AccountPurge | RejectedConfig)[]
): AccountData {
  return messages.reduce((state, message) => receiveAccountMessage(state, message, NOW), account);
}

describe('an AccountUpdate', () => {
  it('is taken when it is the first', () => {
    const account = receive(UNKNOWN, anAccountUpdate());
    expect(account).toStrictEqual({ ...UNKNOWN, latest: anAccountUpdate(), lastHeartbeatTs: NOW });
    expect(accountStateOf(account)).toBe('open');
  });

  it.each<[string, Partial<AccountUpdate>, Partial<AccountUpdate>?]>([
    ['a later change', { lastChangeTs: NOW + 1n }],
    ['a later sequence number of the same time', { lastChangeSeqnum: 2 }],
    [
      'a sequence number that has wrapped',
      { lastChangeSeqnum: -2_147_483_648 },
      { lastChangeSeqnum: 2_147_483_647 },
    ],
    ['a later life, though its change is earlier', { creationDate: '2027-01-16', lastChangeTs: NOW - 1n }],
  ])('replaces the latest one with %s', (_what, changes, latest = {}) => {
    const known = receive(UNKNOWN, anAccountUpdate(latest));
    const update = anAccountUpdate({ principal: 7n, ...changes });
    expect(receive(known, update).latest).toStrictEqual(update);
  });

  it.each([
    ['an earlier change', { lastChangeTs: NOW - 1n, lastChangeSeqnum: 9 }],
    ['an earlier sequence number', { lastChangeSeqnum: 0 }],
    ['the same change', { principal: 7n }],
    ['a former life', { creationDate: '2027-01-14', lastChangeTs: NOW + 1n }],
    ['an age beyond its ttl', { lastChangeTs: NOW + 1n, ts: NOW - 7n * DAY - 1n }],
  ])('changes nothing with %s', (_what, changes) => {
    const known = receive(UNKNOWN, anAccountUpdate());
    expect(receive(known, anAccountUpdate({ principal: 7n, ...changes })).latest).toBe(known.latest);
  });

  it('of the same change is a heartbeat, which never lies in the future', () => {
    const known = receive(UNKNOWN, anAccountUpdate({ ts: NOW - 5n }));
    expect(receive(known, anAccountUpdate({ ts: NOW - 1n })).lastHeartbeatTs).toBe(NOW - 1n);
    expect(receive(known, anAccountUpdate({ ts: NOW + DAY })).lastHeartbeatTs).toBe(NOW);
    expect(receive(known, anAccountUpdate({ ts: NOW - 6n }))).toBe(known);
  });

  it('leads to the latest state in any order, with any repetition', () => {
    const updates = [1, 2, 3, 4].map((seqnum) =>
      anAccountUpdate({ lastChangeSeqnum: seqnum, principal: BigInt(seqnum), ts: NOW - BigInt(9 - seqnum) }),
    );
    const order = fc.array(fc.constantFrom(...updates), { maxLength: 12 });
    fc.assert(
      fc.property(order, (some) => {
        const greatest = Math.max(0, ...some.map(({ lastChangeSeqnum }) => lastChangeSeqnum));
        expect(receive(UNKNOWN, ...some).latest).toStrictEqual(updates[greatest - 1]);
      }),
    );
  });
});

describe('an AccountPurge', () => {
  it('ends the account, and no update of that life brings it back', () => {
    const purged = receive(UNKNOWN, anAccountUpdate(), PURGE, anAccountUpdate({ lastChangeTs: NOW + 1n }));
    expect(purged.latest).toBeUndefined();
    expect(accountStateOf(purged)).toBe('purged');
  });

  it('that comes before anything else keeps its life from being taken for a living one', () => {
    expect(receive(UNKNOWN, PURGE, anAccountUpdate()).latest).toBeUndefined();
  });

  it('of a former life leaves the new one alone', () => {
    const account = receive(UNKNOWN, anAccountUpdate({ creationDate: '2027-06-01' }), PURGE);
    expect(accountStateOf(account)).toBe('open');
    expect(receive(account, PURGE)).toBe(account);
  });
});

describe('a configuration', () => {
  const { account: sent, send } = sendConfiguration(UNKNOWN, CHOICE, NOW);
  const [message] = send;
  const rejected: RejectedConfig = {
    type: 'RejectedConfig',
    debtorId: 1n,
    creditorId: 1_099_511_627_777n,
    configTs: NOW,
    configSeqnum: 0,
    configFlags: 0,
    negligibleAmount: 2,
    configData: '',
    rejectionCode: 'INVALID_CONFIGURATION',
    ts: NOW,
  };

  it('is later than the one before, also when the clock stands still or goes back', () => {
    expect(sendConfiguration(sent, CHOICE, NOW).send).toMatchObject([{ ts: NOW, seqnum: 1 }]);
    expect(sendConfiguration(sent, CHOICE, NOW - DAY).send).toMatchObject([{ ts: NOW, seqnum: 1 }]);
    const known = receive(
      UNKNOWN,
      anAccountUpdate({ lastConfigTs: NOW + DAY, lastConfigSeqnum: 2_147_483_647 }),
    );
    expect(sendConfiguration(known, CHOICE, NOW).send).toMatchObject([
      { ts: NOW + DAY, seqnum: -2_147_483_648 },
    ]);
  });

  it.each([
    ['applied', { lastConfigTs: NOW, lastConfigSeqnum: 0 }],
    ['superseded', { lastConfigTs: NOW, lastConfigSeqnum: 1 }],
    ['superseded', { lastConfigTs: NOW + 1n, lastConfigSeqnum: 0 }],
    ['sent', { lastConfigTs: NOW - 1n, lastConfigSeqnum: 5 }],
  ])('is %s when the account shows %o', (status, changes) => {
    expect(receive(sent, anAccountUpdate(changes)).configuration?.status).toBe(status);
  });

  it('is rejected by the message that names it, and by no other', () => {
    expect(receive(sent, rejected).configuration).toMatchObject({
      status: 'rejected',
      rejectionCode: 'INVALID_CONFIGURATION',
    });
    expect(receive(sent, { ...rejected, configSeqnum: 1 })).toBe(sent);
    expect(receive(sent, { ...rejected, configTs: NOW - 1n })).toBe(sent);
  });

  it('is sent again when it had no answer, and anew when it has become old', () => {
    const settings = DEFAULT_RECORD_SETTINGS;
    expect(resendConfiguration(sent, NOW + 59_000_000n, settings)).toStrictEqual({ account: sent, send: [] });
    const again = resendConfiguration(sent, NOW + 60_000_000n, settings);
    expect(again.send).toStrictEqual([message]);
    expect(again.account.configuration?.sentCount).toBe(2);
    const renewed = resendConfiguration(sent, NOW + 2n * DAY, settings);
    expect(renewed.send).toMatchObject([{ ts: NOW + 2n * DAY, negligibleAmount: 2 }]);
    expect(renewed.account.configuration?.sentCount).toBe(2);
  });
});
