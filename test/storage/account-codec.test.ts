/** Accounts as items, and that they are read back unchanged. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAccount,
  encodeAccount,
  encodeAccountKey,
  parseAccountKey,
} from '../../lib/storage/account-codec.ts';
import { CorruptItemError } from '../../lib/storage/errors.ts';
import { accountOfImage } from '../../lib/storage/stream-image.ts';
import { anAccount } from '../support/builders.ts';
import { itemSize } from '../support/item-size.ts';
import { anArbitraryAccount } from '../support/state-arbitraries.ts';
import { wireLoop } from '../support/wire-loop.ts';

describe('an account item', () => {
  it('has short attribute names, and leaves out what is at its default', () => {
    expect(encodeAccount(anAccount({ lastConfigTs: 0n }))).toStrictEqual({
      account: '1:1099511627777',
      form: 1n,
      version: 1_790_000_000_000_000n,
      created: '2026-09-21',
      principal: 0n,
      changeTs: 1_790_000_000_000_000n,
      capitalTs: 1_790_000_000_000_000n,
      announcedTs: 1_790_000_000_000_000n,
    });
  });

  it('has all fields of an account where something happened', () => {
    const account = anAccount({
      debtorId: -1n,
      creditorId: -2n,
      deletedAt: 1n,
      principal: -3n,
      clippedAmount: 4n,
      interest: 1e300,
      interestRate: -50,
      previousInterestRate: 5e-324,
      lastInterestRateChangeTs: 5n,
      totalLockedAmount: 6n,
      pendingTransfersCount: 7,
      lastChangeSeqnum: -8,
      lastConfigSeqnum: -9,
      negligibleAmount: 0.1,
      configFlags: -10,
      configData: 'x',
      commitPeriod: 86_400,
      debtorInfo: { iri: 'i', contentType: 't', sha256: 's' },
      lastTransferNumber: 11n,
      lastTransferCommittedAt: 12n,
      lastDeletionAttemptTs: 13n,
      pendingUpdateSince: 14n,
    });
    expect(encodeAccount(account)).toStrictEqual({
      account: '-1:-2',
      form: 1n,
      version: 1_790_000_000_000_000n,
      created: '2026-09-21',
      deletedAt: 1n,
      principal: -3n,
      clipped: 4n,
      interest: '1e+300',
      rate: '-50',
      prevRate: '5e-324',
      rateTs: 5n,
      locked: 6n,
      pendingCount: 7n,
      changeTs: 1_790_000_000_000_000n,
      changeSeq: -8n,
      configTs: 1_790_000_000_000_000n,
      configSeq: -9n,
      negligible: '0.1',
      configFlags: -10n,
      config: 'x',
      commitPeriod: 86_400n,
      infoIri: 'i',
      infoType: 't',
      infoSha256: 's',
      transferNo: 11n,
      transferTs: 12n,
      capitalTs: 1_790_000_000_000_000n,
      deletionTs: 13n,
      pendingTs: 14n,
      announcedTs: 1_790_000_000_000_000n,
    });
  });

  it('is read as the account it was made of, whatever its fields', () => {
    fc.assert(
      fc.property(anArbitraryAccount, (account) => {
        expect(decodeAccount(encodeAccount(account))).toStrictEqual(account);
      }),
    );
  });

  it('survives the wire, and is the same in a stream', async () => {
    const loop = wireLoop();
    await fc.assert(
      fc.asyncProperty(anArbitraryAccount, async (account) => {
        const { read, wire } = await loop.roundTrip(encodeAccount(account));
        expect(decodeAccount(read)).toStrictEqual(account);
        expect(accountOfImage(wire)).toStrictEqual(account);
      }),
    );
  });

  it('costs one write unit, debtor info included, when all its numbers are long', () => {
    const account = anAccount({
      debtorId: -(2n ** 63n),
      creditorId: -(2n ** 63n),
      principal: -(2n ** 63n),
      interest: -1.234567890123456e-7,
      interestRate: -12.345678901234567,
      previousInterestRate: -12.345678901234567,
      lastInterestRateChangeTs: 1_790_000_000_123_456n,
      totalLockedAmount: 2n ** 63n - 1n,
      pendingTransfersCount: 2_147_483_647,
      lastChangeSeqnum: -2_147_483_648,
      lastConfigSeqnum: -2_147_483_648,
      negligibleAmount: 1.234567890123456e21,
      configFlags: -2_147_483_648,
      debtorInfo: {
        iri: `https://example.com/${'x'.repeat(180)}`,
        contentType: 'text/html',
        sha256: 'A'.repeat(64),
      },
      lastTransferNumber: 2n ** 53n,
      lastTransferCommittedAt: 1_790_000_000_123_456n,
      lastDeletionAttemptTs: 1_790_000_000_123_456n,
      pendingUpdateSince: 1_790_000_000_123_456n,
    });
    expect(itemSize(encodeAccount(account))).toBeLessThanOrEqual(1024);
  });
});

describe('an account item that can not be read', () => {
  const item = encodeAccount(anAccount());

  it.each([
    ['account', undefined, 'its account key is illegal'],
    ['account', '1', 'its account key is illegal'],
    ['account', '1:2:3', 'its account key is illegal'],
    ['account', '1:x', 'its account key is illegal'],
    ['version', undefined, 'attribute version is missing or illegal'],
    ['created', undefined, 'attribute created is missing or illegal'],
    ['principal', undefined, 'attribute principal is missing or illegal'],
    ['principal', '5', 'attribute principal is missing or illegal'],
    ['interest', 'x', 'attribute interest is missing or illegal'],
    ['interest', '', 'attribute interest is missing or illegal'],
    ['interest', 'Infinity', 'attribute interest is missing or illegal'],
    ['interest', 5n, 'attribute interest is missing or illegal'],
    ['deletedAt', 'x', 'attribute deletedAt is missing or illegal'],
    ['config', 5n, 'attribute config is missing or illegal'],
    ['configFlags', '5', 'attribute configFlags is missing or illegal'],
  ])('is told with the attribute at fault: %s = %s', (attribute, value, reason) => {
    const { [attribute]: _, ...others } = item;
    const corrupt = value === undefined ? others : { ...others, [attribute]: value };
    const name = attribute === 'account' ? value : '1:1099511627777';
    expect(() => decodeAccount(corrupt)).toThrow(CorruptItemError);
    expect(() => decodeAccount(corrupt)).toThrow(expect.objectContaining({ cause: expect.any(Error) }));
    expect(() => decodeAccount(corrupt)).toThrow(
      `Item ${name} of the accounts table can't be read: ${reason}.`,
    );
  });

  it('is a stream image with anything but strings and integers', () => {
    const image = { account: { S: '1:2' }, form: { N: '1' }, version: { N: '1.5' } };
    expect(() => accountOfImage(image)).toThrow('attribute version is missing or illegal');
    expect(() => accountOfImage({ account: {} })).toThrow(CorruptItemError);
  });

  it('is not an image that is missing', () => {
    expect(accountOfImage(undefined)).toBeUndefined();
  });
});

describe('an account key', () => {
  it('is the debtor ID and the creditor ID, signed, joined by a colon', () => {
    expect(encodeAccountKey({ debtorId: -1n, creditorId: 0n })).toStrictEqual({ account: '-1:0' });
    expect(parseAccountKey('-9223372036854775808:9223372036854775807')).toStrictEqual({
      debtorId: -9_223_372_036_854_775_808n,
      creditorId: 9_223_372_036_854_775_807n,
    });
  });

  it.each([undefined, 5n, ['1:2'], '', ':', '1:', ':1', '--1:1', '1:1\n', ' 1:1', '12345678901234567890:1'])(
    'is not %s',
    (text) => {
      expect(() => parseAccountKey(text)).toThrow('its account key is illegal');
    },
  );
});
