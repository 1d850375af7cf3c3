/** Committed transfers on their way to their recipients: exactly once, whatever fails in between (SMP 2.1, section 3). */

import { describe, expect, it } from 'vitest';
import type { Transfer } from '../../lib/rules/transfer.ts';
import { creditRecipients, creditRecords } from '../../lib/shell/credit-recipients.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import type { StreamRecord } from '../../lib/storage/stream-record.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import {
  aCommittedTransfer,
  aCreditedTransfer,
  aDeletedAccount,
  anAccount,
  aRootAccount,
  aTransfer,
  DEBTOR_ID,
  NOW,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const RECIPIENT = { debtorId: DEBTOR_ID, creditorId: RECIPIENT_ID };
const STRANGER = { debtorId: DEBTOR_ID, creditorId: STRANGER_ID };

class Authority {
  readonly ledger = new MemoryLedger();
  readonly surroundings = new TestSurroundings();
  readonly telemetry = new TestTelemetry();

  async credit(...transfers: readonly Transfer<'committed'>[]): Promise<readonly bigint[]> {
    const { surroundings, telemetry } = this;
    const invocation = anInvocation({ store: this.ledger.store, surroundings, telemetry });
    const failed = await creditRecipients(transfers, invocation);
    return failed.map(({ transferId }) => transferId);
  }

  get writeSizes(): readonly number[] {
    return this.ledger.writes.map(({ size }) => size);
  }
}

/** So many transfers of 100, each from a sender of its own; they are in the table. */
function someTransfers(
  ledger: MemoryLedger,
  count: number,
  recipientId = RECIPIENT_ID,
): Transfer<'committed'>[] {
  const transfers = Array.from({ length: count }, (_, index) =>
    aCommittedTransfer({
      sender: { debtorId: DEBTOR_ID, creditorId: 5_000_000_000n + BigInt(index) },
      transferId: BigInt(index + 1),
      recipientId,
    }),
  );
  ledger.putRecord(...transfers);
  return transfers;
}

function readsOf({ calls }: MemoryLedger): readonly string[] {
  return calls
    .filter(({ operation }) => operation === 'read')
    .map(({ table, isConsistent, size }) => `${size} of ${table}${isConsistent ? ', consistently' : ''}`);
}

describe('committed transfers', () => {
  it('to one account are credited in one transaction, with one read', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    expect(await authority.credit(...someTransfers(authority.ledger, 20))).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(2_000n);
    expect(authority.writeSizes).toStrictEqual([21]);
    expect(authority.ledger.calls.filter(({ operation }) => operation === 'read')).toStrictEqual([
      { operation: 'read', table: 'Accounts', isConsistent: true, size: 1 },
    ]);
    expect(authority.telemetry.counts).toStrictEqual({ Commits: 1, 'Credits.applied': 20 });
  });

  it('to several accounts, a few to each, are credited in one transaction', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }), anAccount({ creditorId: STRANGER_ID }));
    const [one, other] = [
      someTransfers(authority.ledger, 2),
      someTransfers(authority.ledger, 5, STRANGER_ID).slice(2),
    ];
    expect(await authority.credit(...one, ...other)).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(200n);
    expect(authority.ledger.account(STRANGER)?.principal).toBe(300n);
    expect(authority.writeSizes).toStrictEqual([7]);
    expect(authority.telemetry.counts).toStrictEqual({ Commits: 1, 'Credits.applied': 5 });
  });

  it('are cut into transactions of 99, with one read of the account', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    expect(await authority.credit(...someTransfers(authority.ledger, 250))).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)).toMatchObject({
      principal: 25_000n,
      lastTransferNumber: 250n,
    });
    expect(authority.writeSizes).toStrictEqual([100, 100, 53]);
    expect(authority.ledger.calls.filter(({ operation }) => operation === 'read')).toHaveLength(1);
  });

  it('delivered twice in one batch are credited once', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    const [transfer] = someTransfers(authority.ledger, 1) as [Transfer<'committed'>];
    expect(await authority.credit(transfer, transfer)).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(100n);
  });

  it('that were credited meanwhile are left out, and the others are credited', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    const transfers = someTransfers(authority.ledger, 3);
    const { sender, transferId } = transfers[1] as Transfer;
    authority.ledger.putRecord(aCreditedTransfer({ sender, transferId }));
    expect(await authority.credit(...transfers)).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(200n);
    expect(authority.telemetry.counts).toStrictEqual({
      Conflicts: 1,
      Retries: 1,
      Commits: 1,
      'Credits.applied': 2,
    });
    // What was lost is looked at as it is, not as it was.
    expect(readsOf(authority.ledger)).toStrictEqual([
      '1 of Accounts, consistently',
      '1 of Accounts, consistently',
      '3 of Transfers, consistently',
    ]);
  });

  it('of an account that lost a race are tried again as it is now, and those that were with them as they were', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }), anAccount({ creditorId: STRANGER_ID }));
    const [one, other] = [
      someTransfers(authority.ledger, 2),
      someTransfers(authority.ledger, 5, STRANGER_ID).slice(2),
    ];
    const lost = new CommitConflictError(RECIPIENT);
    authority.ledger.failWrites('before', (number) => (number === 0 ? lost : undefined));
    expect(await authority.credit(...one, ...other)).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([7, 4, 3]);
    expect(readsOf(authority.ledger)).toStrictEqual([
      '2 of Accounts, consistently',
      '1 of Accounts, consistently',
    ]);
  });

  it('as many as a transaction takes are one, and nothing is left over', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    expect(await authority.credit(...someTransfers(authority.ledger, 99))).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([100]);
    expect(authority.telemetry.log).toStrictEqual([]);
  });

  it('to accounts that begin or come back with them share a transaction too, on terms that are looked up cheaply', async () => {
    const authority = new Authority();
    authority.ledger.put(aRootAccount(), aDeletedAccount({ creditorId: STRANGER_ID }));
    const [one, other] = [
      someTransfers(authority.ledger, 2),
      someTransfers(authority.ledger, 5, STRANGER_ID).slice(2),
    ];
    expect(await authority.credit(...one, ...other)).toStrictEqual([]);
    expect(authority.writeSizes).toStrictEqual([7]);
    expect(readsOf(authority.ledger)).toStrictEqual(['2 of Accounts, consistently', '1 of Accounts']);
  });

  it('that were all credited meanwhile cost no further write', async () => {
    const authority = new Authority();
    const credited = aCreditedTransfer();
    authority.ledger.putRecord(credited);
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID, principal: 100n }));
    expect(await authority.credit(aCommittedTransfer())).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(100n);
    expect(authority.writeSizes).toStrictEqual([2]);
  });

  it.each([
    ['creates an account that does not exist', undefined, { interestRate: 5, lastInterestRateChangeTs: NOW }],
    [
      'brings back one that is marked as deleted, with its rate',
      aDeletedAccount({ creditorId: RECIPIENT_ID, interestRate: 3, lastInterestRateChangeTs: 1n }),
      { interestRate: 3, lastInterestRateChangeTs: 1n },
    ],
  ])('one of them %s', async (_, existing, rates) => {
    const authority = new Authority();
    const root = aRootAccount({
      configData:
        '{"type": "RootConfigData", "rate": 5.0, "info": {"type": "DebtorInfo", "iri": "https://example.com/"}}',
    });
    authority.ledger.put(root, ...(existing === undefined ? [] : [existing]));
    expect(await authority.credit(...someTransfers(authority.ledger, 2))).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)).toMatchObject({
      principal: 200n,
      deletedAt: undefined,
      ...rates,
      debtorInfo: { iri: 'https://example.com/' },
    });
  });
});

describe('when crediting fails', () => {
  it('for one recipient, only its transfers come back', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }), anAccount({ creditorId: STRANGER_ID }));
    const [one, other] = [
      someTransfers(authority.ledger, 2),
      someTransfers(authority.ledger, 5, STRANGER_ID).slice(2),
    ];
    const lost = new CommitConflictError(RECIPIENT);
    authority.ledger.failWrites('before', (_, { size }) => (size === 3 || size === 7 ? lost : undefined));
    expect(await authority.credit(...one, ...other)).toStrictEqual([1n, 2n]);
    expect(authority.ledger.account(STRANGER)?.principal).toBe(300n);
    expect(authority.telemetry.counts).toMatchObject({ Conflicts: 33, Retries: 33, 'Credits.returned': 2 });
    expect(authority.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'Transfers could not be credited now.',
        details: { account: `${DEBTOR_ID}:${RECIPIENT_ID}`, count: 2, error: lost },
      },
    ]);
  });

  it('in a later slice, only that slice and what follows it come back', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    authority.ledger.failWrites('before', (number) =>
      number > 0 ? new StoreUnavailableError('busy') : undefined,
    );
    const returned = await authority.credit(...someTransfers(authority.ledger, 250));
    expect(returned).toHaveLength(151);
    expect(returned[0]).toBe(100n);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(9_900n);
  });

  it('with an unknown outcome, nothing is credited twice although it took effect', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    const timeout = Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    authority.ledger.failWrites('after', (number) => (number < 2 ? timeout : undefined));
    expect(await authority.credit(...someTransfers(authority.ledger, 120))).toStrictEqual([]);
    expect(authority.ledger.account(RECIPIENT)).toMatchObject({
      principal: 12_000n,
      lastTransferNumber: 120n,
    });
  });

  it('since the recipients can not all be read, each is read for itself', async () => {
    const authority = new Authority();
    authority.ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    authority.ledger.putItem('accounts', { account: `${DEBTOR_ID}:${STRANGER_ID}`, version: 1n });
    const transfers = [
      ...someTransfers(authority.ledger, 1),
      ...someTransfers(authority.ledger, 2, STRANGER_ID).slice(1),
    ];
    expect(await authority.credit(...transfers)).toStrictEqual([2n]);
    expect(authority.ledger.account(RECIPIENT)?.principal).toBe(100n);
  });
});

describe('records of the stream of transfers', () => {
  function recordOf(sequenceNumber: string, transfer: Transfer, changes: object = {}): StreamRecord {
    const NewImage = { ...toWire(encodeRecord(transfer)), ...changes };
    const Keys = { account: NewImage.account, transferId: NewImage.transferId };
    return { dynamodb: { SequenceNumber: sequenceNumber, Keys, NewImage } };
  }

  it('are credited but for those that can not be read, which are told of with the reason', async () => {
    const authority = new Authority();
    const { ledger, surroundings, telemetry } = authority;
    ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    const transfers = someTransfers(ledger, 4);
    const { payment: _, ...unpaid } = toWire(encodeRecord(transfers[3] as Transfer));
    const outcome = await creditRecords(
      [
        recordOf('0', transfers[0] as Transfer),
        recordOf('1', transfers[1] as Transfer, { payment: { S: 'a lot' } }),
        recordOf('2', transfers[2] as Transfer),
        {
          dynamodb: {
            SequenceNumber: '3',
            Keys: { account: unpaid.account, transferId: unpaid.transferId },
            NewImage: unpaid,
          },
        },
        { dynamodb: { SequenceNumber: '4', Keys: { account: { S: '1:2' } }, NewImage: {} } },
        recordOf('5', aTransfer()),
      ],
      anInvocation({ store: ledger.store, surroundings, telemetry }),
    );
    expect(outcome).toStrictEqual({
      failed: new Set(),
      unreadable: [
        {
          sequenceNumber: '1',
          reason:
            "CorruptItemError: Item 1:5000000001:2 / 2 of the transfers table can't be read: attribute payment is missing or illegal.",
        },
        {
          sequenceNumber: '3',
          reason:
            "CorruptItemError: Item 1:5000000003:4 / 4 of the transfers table can't be read: its status is committed, yet it has no payment.",
        },
      ],
    });
    expect(ledger.account(RECIPIENT)?.principal).toBe(200n);
    expect(telemetry.counts).toMatchObject({ 'Records.unreadable': 2 });
    expect(telemetry.log).toMatchObject([
      { level: 'warn', details: { sequenceNumber: '1', error: { name: 'CorruptItemError' } } },
      { level: 'warn', details: { sequenceNumber: '3', error: { name: 'CorruptItemError' } } },
    ]);
  });

  it('are told of when they could not be credited now', async () => {
    const { ledger, surroundings, telemetry } = new Authority();
    ledger.failWrites('before', () => new StoreUnavailableError('busy'));
    const records = someTransfers(ledger, 2).map((transfer, index) => recordOf(`${index}`, transfer));
    expect(
      await creditRecords(records, anInvocation({ store: ledger.store, surroundings, telemetry })),
    ).toStrictEqual({
      failed: new Set(['0', '1']),
      unreadable: [],
    });
  });
});
