/** Transfers and rejected configurations as items, and that they are read back unchanged. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptItemError } from '../../lib/storage/errors.ts';
import { encodeRecordKey } from '../../lib/storage/record-keys.ts';
import { recordOfImage } from '../../lib/storage/stream-image.ts';
import { decodeRecord, encodeRecord } from '../../lib/storage/transfer-codec.ts';
import {
  aConfigRejection,
  aConfigureAccount,
  aCreditedTransfer,
  aPayment,
  aRejectedTransfer,
  aTombstone,
  aTransfer,
} from '../support/builders.ts';
import { itemSize } from '../support/item-size.ts';
import {
  anArbitraryConfigRejection,
  anArbitraryTombstone,
  anArbitraryTransfer,
} from '../support/state-arbitraries.ts';
import { wireLoop } from '../support/wire-loop.ts';

const aRecord = fc.oneof(anArbitraryTransfer, anArbitraryConfigRejection, anArbitraryTombstone);

describe('a transfer item', () => {
  it('that is prepared has its request and its lock', () => {
    expect(encodeRecord(aTransfer())).toStrictEqual({
      account: '1:1099511627777:5',
      form: 1n,
      transferId: 5n,
      status: 'prepared',
      request: '1800000000000000 1099511627778 1099511627777 7 direct',
      preparation: '100 1800000000000000 1807776000000000 253402300799999999',
      announcedTs: 1_800_000_000_000_000n,
    });
  });

  it('that was rejected has its reason, and expires in whole seconds', () => {
    expect(encodeRecord(aRejectedTransfer())).toStrictEqual({
      account: '1:1099511627777:5',
      form: 1n,
      transferId: 5n,
      status: 'rejected',
      request: '1800000000000000 1099511627778 1099511627777 7 direct',
      expiresAt: 1_803_196_800n,
      rejection: 'SENDER_IS_UNREACHABLE 0 1800000000000000',
    });
  });

  it('that was credited has every step it lived through', () => {
    expect(
      encodeRecord(aCreditedTransfer({ payment: aPayment({ note: 'n', noteFormat: 'f' }) })),
    ).toStrictEqual({
      account: '1:1099511627777:5',
      form: 1n,
      transferId: 5n,
      status: 'credited',
      request: '1800000000000000 1099511627778 1099511627777 7 direct',
      expiresAt: 1_803_196_801n,
      preparation: '100 1800000000000000 1807776000000000 253402300799999999',
      announcedTs: 1_800_000_000_000_000n,
      finalization: 'OK 100 0 1800000000000000',
      payment: '100 1800000000000000',
      note: 'n',
      noteFormat: 'f',
      senderEntry: '2026-09-21 1 900',
      creditedAt: 1_800_000_001_000_000n,
      recipientEntry: '2026-10-01 1 100',
    });
  });

  it('costs one write unit with a short note, when all its numbers are long', () => {
    const long = -(2n ** 63n);
    const entry = { creationDate: '2026-09-21', transferNumber: 2n ** 53n, principal: long };
    const transfer = aCreditedTransfer({
      sender: { debtorId: long, creditorId: long },
      transferId: 2n ** 63n - 1n,
      request: { coordinatorType: 'x'.repeat(30), coordinatorId: long, coordinatorRequestId: long },
      recipientId: long,
      payment: aPayment({
        amount: 2n ** 63n - 1n,
        note: 'x'.repeat(200),
        noteFormat: 'x'.repeat(8),
        senderEntry: entry,
      }),
      credit: { creditedAt: 1_800_000_001_000_001n, recipientEntry: entry },
    });
    expect(itemSize(encodeRecord(transfer))).toBeLessThanOrEqual(1024);
  });
});

describe('an item of a rejected configuration', () => {
  it('has the message as it came, under a status that no transfer has', () => {
    const config = aConfigureAccount({
      negligibleAmount: 1e300,
      configFlags: -2,
      configData: 'not acceptable',
      seqnum: -9,
    });
    expect(encodeRecord(aConfigRejection({ config }))).toStrictEqual({
      account: '1:1099511627777:11',
      form: 1n,
      transferId: -5n,
      status: 'config-rejected',
      configTs: 1_800_000_000_000_000n,
      configSeq: -9n,
      negligible: '1e+300',
      configFlags: -2n,
      config: 'not acceptable',
      rejectedAt: 1_800_000_000_000_000n,
      expiresAt: 1_803_196_800n,
    });
  });
});

describe('an item of a tombstone', () => {
  it('says which account was purged and when, under a status that no transfer has', () => {
    expect(encodeRecord(aTombstone())).toStrictEqual({
      account: '1:1099511627777:9',
      form: 1n,
      transferId: -7n,
      status: 'purged',
      creationDate: '2026-01-01',
      purgedAt: 1_800_000_000_000_000n,
      expiresAt: 1_803_196_800n,
    });
  });
});

describe('every item of the transfers table', () => {
  it('is read as the record it was made of, whatever its fields', () => {
    fc.assert(
      fc.property(aRecord, (record) => {
        expect(decodeRecord(encodeRecord(record))).toStrictEqual(record);
      }),
    );
  });

  it('survives the wire, and is the same in a stream', async () => {
    const loop = wireLoop();
    await fc.assert(
      fc.asyncProperty(aRecord, async (record) => {
        const { read, wire } = await loop.roundTrip(encodeRecord(record));
        expect(decodeRecord(read)).toStrictEqual(record);
        expect(recordOfImage(wire)).toStrictEqual(record);
      }),
    );
  });

  it('lies under the key by which it is looked for', () => {
    fc.assert(
      fc.property(aRecord, (record) => {
        expect(encodeRecord(record)).toMatchObject(encodeRecordKey(record));
      }),
    );
  });
});

describe('an item that can not be read', () => {
  const item = encodeRecord(aCreditedTransfer());

  it.each([
    ['account', '1', 'its account key is illegal'],
    ['account', '1:1099511627777', 'its account key is illegal'],
    ['account', '1:1099511627777:16', 'its account key is illegal'],
    ['form', undefined, 'it has no form number'],
    ['form', '1', 'it has no form number'],
    ['form', 0n, 'it has no form number'],
    ['form', 2n, 'its form is 2, and this release knows forms up to 1'],
    ['status', undefined, 'attribute status is missing or illegal'],
    ['status', 'lost', 'its status is lost, which a transfer of type direct never has'],
    ['status', 'toString', 'its status is toString, which a transfer of type direct never has'],
    ['status', 'committed', 'its status is committed, yet it has a credit'],
    ['status', 'dismissed', 'its status is dismissed, yet it has a payment'],
    ['status', 'rejected', 'its status is rejected, yet it has no rejection'],
    ['payment', undefined, 'its status is credited, yet it has no payment'],
    ['preparation', undefined, 'its status is credited, yet it has no preparation'],
    ['creditedAt', undefined, 'its status is credited, yet it has no credit'],
    ['request', '1 2 0 0 interest', 'its status is credited, yet it has a preparation'],
    ['request', undefined, 'attribute request is missing or illegal'],
    ['request', '1 2 3 4', 'attribute request is missing or illegal'],
    ['request', '1 2 x 4 direct', 'attribute request is missing or illegal'],
    ['preparation', '100 1 2', 'attribute preparation is missing or illegal'],
    ['announcedTs', undefined, 'attribute announcedTs is missing or illegal'],
    ['finalization', 'OK 100 0 1.5', 'attribute finalization is missing or illegal'],
    ['finalization', 5n, 'attribute finalization is missing or illegal'],
    ['payment', ' 1', 'attribute payment is missing or illegal'],
    ['senderEntry', '2026-09-21 1', 'attribute senderEntry is missing or illegal'],
    ['recipientEntry', '', 'attribute recipientEntry is missing or illegal'],
    ['expiresAt', 'x', 'attribute expiresAt is missing or illegal'],
  ])('is told with the attribute at fault: %s = %s', (attribute, value, reason) => {
    const { [attribute]: _, ...others } = item;
    const corrupt = value === undefined ? others : { ...others, [attribute]: value };
    const account = attribute === 'account' ? value : '1:1099511627777:5';
    expect(() => decodeRecord(corrupt)).toThrow(CorruptItemError);
    expect(() => decodeRecord(corrupt)).toThrow(expect.objectContaining({ cause: expect.any(Error) }));
    expect(() => decodeRecord(corrupt)).toThrow(
      `Item ${account} / 5 of the transfers table can't be read: ${reason}.`,
    );
  });
});
