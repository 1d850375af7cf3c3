/** What an item has beyond its form is carried through every change, and a newer form is refused. */

import { describe, expect, it } from 'vitest';
import { announceAccount } from '../../lib/rules/account.ts';
import type { Tombstone } from '../../lib/rules/transfer.ts';
import { decodeAccount, encodeAccount } from '../../lib/storage/account-codec.ts';
import { carriedBy } from '../../lib/storage/carried.ts';
import { CorruptItemError } from '../../lib/storage/errors.ts';
import { decodeRecord, encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { aConfigRejection, anAccount, aTransfer, CREDITOR_ID, DEBTOR_ID, NOW } from '../support/builders.ts';

const A_TOMBSTONE: Tombstone = {
  kind: 'tombstone',
  sender: { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID },
  transferId: -5n,
  creationDate: '2026-09-21',
  purgedAt: NOW,
  expiresAt: NOW,
};

describe('an unknown attribute', () => {
  it.each([
    ['a text', 'x'],
    ['an integer', 5n],
    ['a truth value', { BOOL: true }],
    ['a list', { L: [{ N: '1.5' }] }],
  ])('of an account stays when the account changes: %s', (_, value) => {
    const account = decodeAccount({ ...encodeAccount(anAccount()), unknown: value });
    expect(encodeAccount(announceAccount(account, NOW))).toMatchObject({ unknown: value });
  });

  it('of any item of the transfers table stays too', () => {
    for (const record of [aTransfer(), aConfigRejection(), A_TOMBSTONE]) {
      const item = { ...encodeRecord(record), unknown: 'x' };
      expect(encodeRecord(decodeRecord(item))).toStrictEqual(item);
    }
  });

  it('is told apart from those at their defaults', () => {
    expect(decodeAccount(encodeAccount(anAccount()))).not.toHaveProperty('carried');
    expect(decodeRecord(encodeRecord(aTransfer()))).not.toHaveProperty('carried');
  });

  it('does not take the place of a known one', () => {
    const carried = { attributes: { principal: 'x' }, words: {} };
    expect(encodeAccount({ ...anAccount({ principal: 7n }), carried })).toMatchObject({ principal: 7n });
  });
});

describe('unknown words', () => {
  it('at the end of an attribute of several values stay', () => {
    const item = encodeRecord(aTransfer());
    const newer = { ...item, request: `${item.request} 5  six`, preparation: `${item.preparation} ` };
    const record = decodeRecord(newer);
    expect(record.carried).toStrictEqual({ attributes: {}, words: { request: '5  six', preparation: '' } });
    expect(encodeRecord(record)).toStrictEqual(newer);
    expect({ ...record, carried: undefined }).toStrictEqual({ ...aTransfer(), carried: undefined });
  });

  it('stay beside an unknown attribute', () => {
    const item = encodeRecord(aTransfer());
    const newer = { ...item, request: `${item.request} 5`, unknown: 'x' };
    expect(encodeRecord(decodeRecord(newer))).toStrictEqual(newer);
  });

  it('are found after known words that are absent', () => {
    const form = { number: 1n, attributes: new Set(['x']), packed: [{ attribute: 'x', wordCount: 2 }] };
    expect(carriedBy({ x: ' b c' }, form)).toStrictEqual({
      carried: { attributes: {}, words: { x: 'c' } },
    });
    expect(carriedBy({ x: ' b' }, form)).toStrictEqual({});
    expect(carriedBy({ x: 5n }, form)).toStrictEqual({});
  });

  it('go with an attribute that is not written any more', () => {
    const carried = { attributes: {}, words: { payment: 'x' } };
    expect(encodeRecord({ ...aTransfer(), carried })).toStrictEqual(encodeRecord(aTransfer()));
  });
});

describe('the form of an item', () => {
  it('is on every item', () => {
    expect([encodeAccount(anAccount()).form, encodeRecord(aTransfer()).form]).toStrictEqual([1n, 1n]);
    expect(encodeRecord(aConfigRejection()).form).toBe(1n);
  });

  it.each([
    [2n, 'its form is 2, and this release knows forms up to 1'],
    [0n, 'it has no form number'],
    ['1', 'it has no form number'],
  ])('%s is refused', (form, reason) => {
    for (const decode of [
      () => decodeAccount({ ...encodeAccount(anAccount()), form }),
      () => decodeRecord({ ...encodeRecord(aTransfer()), form }),
      () => decodeRecord({ ...encodeRecord(aConfigRejection()), form }),
      () => decodeRecord({ ...encodeRecord(A_TOMBSTONE), form }),
    ]) {
      expect(decode).toThrow(CorruptItemError);
      expect(decode).toThrow(reason);
    }
  });
});
