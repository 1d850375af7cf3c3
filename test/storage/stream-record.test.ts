/** What a record of a table's stream tells. */

import { describe, expect, it } from 'vitest';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import type { Item } from '../../lib/storage/fields.ts';
import {
  changeOf,
  committedTransferOf,
  printItemKey,
  type StreamRecord,
  sequenceNumberOf,
  tableOf,
} from '../../lib/storage/stream-record.ts';
import { COMMITTED_STATUS, TRANSFERS_TABLE } from '../../lib/storage/table-schema.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import { aCommittedTransfer, aCreditedTransfer, anAccount, aTransfer } from '../support/builders.ts';

const TRANSFER_KEYS = { account: { S: '1:1099511627777' }, transferId: { N: '5' } };
const ACCOUNT_KEYS = { account: { S: '1:1099511627777' } };

function aRecord(keys: object, before: Item | undefined, after: Item | undefined): StreamRecord {
  return {
    dynamodb: {
      SequenceNumber: '700',
      ApproximateCreationDateTime: 1_800_000_000.25,
      Keys: keys,
      ...(before && { OldImage: toWire(before) }),
      ...(after && { NewImage: toWire(after) }),
    },
  };
}

describe('a stream record', () => {
  it('tells how a transfer was and how it is', () => {
    const change = changeOf(
      aRecord(TRANSFER_KEYS, encodeRecord(aTransfer()), encodeRecord(aCommittedTransfer())),
    );
    expect(change).toMatchObject({ sequenceNumber: '700', recordedAt: 1_800_000_000_250_000n });
    expect(change.images()).toStrictEqual({
      table: 'transfers',
      before: aTransfer(),
      after: aCommittedTransfer(),
    });
  });

  it('tells how an account was and how it is', () => {
    const account = anAccount();
    expect(changeOf(aRecord(ACCOUNT_KEYS, undefined, encodeAccount(account))).images()).toStrictEqual({
      table: 'accounts',
      before: undefined,
      after: account,
    });
    expect(changeOf(aRecord(ACCOUNT_KEYS, encodeAccount(account), undefined)).images()).toStrictEqual({
      table: 'accounts',
      before: account,
      after: undefined,
    });
  });

  it('rounds its time to the microsecond', () => {
    const at = (seconds: number) =>
      changeOf({ dynamodb: { ApproximateCreationDateTime: seconds } }).recordedAt;
    expect(at(1_800_000_000.000_001)).toBe(1_800_000_000_000_001n);
    expect(at(1.000_000_6)).toBe(1_000_001n);
  });

  it('may be empty, and is then of no time and without images', () => {
    for (const record of [{}, { dynamodb: {} }]) {
      expect(sequenceNumberOf(record)).toBe('');
      expect(tableOf(record)).toBe('accounts');
      expect(printItemKey(record)).toBe('');
      expect(committedTransferOf(record)).toBeUndefined();
      expect(changeOf(record)).toMatchObject({ sequenceNumber: '', recordedAt: 0n });
      expect(changeOf(record).images()).toStrictEqual({
        table: 'accounts',
        before: undefined,
        after: undefined,
      });
    }
  });

  it('is of the table whose keys it has', () => {
    expect(tableOf({ dynamodb: { Keys: TRANSFER_KEYS } })).toBe('transfers');
    expect(tableOf({ dynamodb: { Keys: ACCOUNT_KEYS } })).toBe('accounts');
  });

  it('names its item for people', () => {
    expect(printItemKey({ dynamodb: { Keys: TRANSFER_KEYS } })).toBe('1:1099511627777 / 5');
    expect(printItemKey({ dynamodb: { Keys: ACCOUNT_KEYS } })).toBe('1:1099511627777');
    expect(printItemKey({ dynamodb: { Keys: { account: { B: 'x' }, transferId: { N: '5' } } } })).toBe('5');
  });
});

describe('a committed transfer', () => {
  it('has the status by which the filter of the stream selects it', () => {
    expect(encodeRecord(aCommittedTransfer())[TRANSFERS_TABLE.status]).toBe('committed');
    expect(COMMITTED_STATUS).toBe('committed');
  });

  it('is what a record tells whose new image is one', () => {
    const record = aRecord(TRANSFER_KEYS, undefined, encodeRecord(aCommittedTransfer()));
    expect(committedTransferOf(record)).toStrictEqual(aCommittedTransfer());
  });

  it('is not what a record tells of another status, of a removal, or of an account', () => {
    const committed = encodeRecord(aCommittedTransfer());
    expect(
      committedTransferOf(aRecord(TRANSFER_KEYS, committed, encodeRecord(aCreditedTransfer()))),
    ).toBeUndefined();
    expect(committedTransferOf(aRecord(TRANSFER_KEYS, committed, undefined))).toBeUndefined();
    expect(committedTransferOf(aRecord(ACCOUNT_KEYS, undefined, encodeAccount(anAccount())))).toBeUndefined();
  });
});
