/** One unreadable item among readable ones: what needs it waits, whole and told of once; everything else goes on. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage, PrepareTransfer } from '../../lib/protocol/messages.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import { printChore } from '../../lib/shell/chore-queue.ts';
import { creditRecords } from '../../lib/shell/credit-recipients.ts';
import type { RecordKeeper } from '../../lib/shell/kept-records.ts';
import { processMessages } from '../../lib/shell/process-messages.ts';
import { runChores } from '../../lib/shell/run-chores.ts';
import { handleBatch } from '../../lib/shell/stream-batch.ts';
import { sweepTransfers } from '../../lib/shell/sweep-transfers.ts';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { itemClient } from '../../lib/storage/item-client.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { encodeRecordKey } from '../../lib/storage/record-keys.ts';
import type { StreamRecord } from '../../lib/storage/stream-record.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import {
  aCommittedTransfer,
  aConfigureAccount,
  aFinalizeTransfer,
  anAccount,
  aPayment,
  aPrepareTransfer,
  aTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  NOW,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger, TABLE_NAMES } from '../support/memory-ledger.ts';
import { TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';
import { anyPace } from '../support/sweep-pace.ts';

const [A, B, C, X] = [CREDITOR_ID, STRANGER_ID, RECIPIENT_ID, STRANGER_ID + 1n] as const;

function keyOf(creditorId: bigint) {
  return { debtorId: DEBTOR_ID, creditorId };
}

function keyOfRecord(message: PrepareTransfer) {
  return encodeRecordKey({ sender: message, transferId: transferIdOf(message) });
}

class Authority {
  readonly ledger = new MemoryLedger();
  readonly surroundings = new TestSurroundings();
  readonly telemetry = new TestTelemetry();

  constructor() {
    this.ledger.put(
      ...[A, B, C].map((creditorId) => anAccount({ creditorId, principal: 1_000n, announcedAt: NOW })),
    );
  }

  damage(creditorId: bigint): void {
    this.ledger.putItem('accounts', { ...encodeAccount(anAccount({ creditorId })), principal: 'abc' });
  }

  get invocation() {
    const { ledger, surroundings, telemetry } = this;
    return anInvocation({ store: ledger.store, surroundings, telemetry });
  }

  /** The messages are delivered under their places in the list. */
  process(...messages: readonly IncomingMessage[]): Promise<readonly string[]> {
    const deliveries = messages.map((message, index) => ({
      messageId: `${index}`,
      body: printMessage(message),
    }));
    return processMessages(deliveries, { ...this.invocation, deadLetters: { send: async () => [] } });
  }

  /** @returns where the stream starts again, and the sequence numbers of the records that were kept */
  async credit(...records: readonly StreamRecord[]) {
    const kept: { readonly sequenceNumber: string | undefined; readonly reason: string }[] = [];
    const keeper: RecordKeeper = {
      keep: async (poison) => {
        kept.push(
          ...poison.map(({ record, reason }) => ({
            sequenceNumber: record.dynamodb?.SequenceNumber,
            reason,
          })),
        );
        return [];
      },
    };
    const restart = await handleBatch(records, (batch) => creditRecords(batch, this.invocation), keeper);
    return { restart, kept };
  }

  async sweep(): Promise<void> {
    const work = sweepTransfers({ ...this.invocation, scan: this.ledger.scan });
    const { items } = await work.readPage({ segment: 0, totalSegments: 1 }, undefined);
    await work.handlePage(items, anyPace(this.invocation));
  }

  get warnings() {
    return this.telemetry.log.filter(({ level }) => level === 'warn');
  }
}

/** A request of one account, told apart by its number. */
function request(from: bigint, to: bigint, number: number) {
  return aPrepareTransfer({
    creditorId: from,
    coordinatorId: from,
    coordinatorRequestId: BigInt(number),
    minLockedAmount: 10n,
    maxLockedAmount: 10n,
    recipient: String(to),
  });
}

const X_IS_UNREADABLE = `Item ${DEBTOR_ID}:${X} of the accounts table can't be read: attribute principal is missing or illegal.`;

describe('messages', () => {
  it('wait when their recipient is unreadable, and their neighbours are processed', async () => {
    const authority = new Authority();
    authority.damage(X);
    const returned = await authority.process(
      ...[1, 2, 3, 4, 5].map((number) => request(A, C, number)),
      request(A, X, 6),
      aConfigureAccount({ creditorId: A, configData: '', negligibleAmount: 7 }),
      request(B, C, 7),
    );
    expect(returned).toStrictEqual(['5']);
    expect(authority.ledger.account(keyOf(A))).toMatchObject({
      pendingTransfersCount: 5,
      totalLockedAmount: 50n,
      negligibleAmount: 7,
    });
    expect(authority.ledger.account(keyOf(B))?.pendingTransfersCount).toBe(1);
    expect(authority.telemetry.counts).toStrictEqual({
      Commits: 1,
      'Messages.PrepareTransfer.applied': 6,
      'Messages.ConfigureAccount.applied': 1,
      'Messages.waiting': 1,
    });
    expect(authority.warnings).toStrictEqual([
      {
        level: 'warn',
        message: 'Messages wait for an item that can not be read.',
        details: { count: 1, error: expect.objectContaining({ message: X_IS_UNREADABLE }) },
      },
    ]);
  });

  it('are processed when they come again after the item was repaired', async () => {
    const authority = new Authority();
    authority.damage(X);
    expect(await authority.process(request(A, X, 1))).toStrictEqual(['0']);
    authority.ledger.put(anAccount({ creditorId: X }));
    expect(await authority.process(request(A, X, 1))).toStrictEqual([]);
    expect(authority.ledger.account(keyOf(A))?.pendingTransfersCount).toBe(1);
  });

  it('of several accounts that wait for one item are told of once', async () => {
    const authority = new Authority();
    authority.damage(X);
    const returned = await authority.process(request(A, X, 1), request(B, X, 2), request(X, C, 3));
    expect(returned.toSorted()).toStrictEqual(['0', '1', '2']);
    expect(authority.warnings.map(({ details }) => details.count)).toStrictEqual([3]);
    expect(authority.ledger.writes).toStrictEqual([]);
    expect(authority.surroundings.pauses).toStrictEqual([]);
  });

  it('that wait for different items are told of item by item', async () => {
    const authority = new Authority();
    authority.damage(X);
    authority.damage(X + 1n);
    await authority.process(request(A, X, 1), request(A, X + 1n, 2), request(B, X, 3));
    const told = authority.warnings.map(({ details }) => [details.count, (details.error as Error).message]);
    expect(told).toStrictEqual([
      [2, X_IS_UNREADABLE],
      [1, X_IS_UNREADABLE.replace(String(X), String(X + 1n))],
    ]);
  });

  it('wait when they name an unreadable transfer, and their neighbours are processed', async () => {
    const authority = new Authority();
    const [healthy, broken] = [7n, 8n].map((transferId) => aTransfer({ transferId }));
    authority.ledger.put(anAccount({ principal: 1_000n, totalLockedAmount: 200n, pendingTransfersCount: 2 }));
    authority.ledger.putRecord(healthy as NonNullable<typeof healthy>);
    authority.ledger.putItem('transfers', {
      ...encodeRecord(broken as NonNullable<typeof broken>),
      preparation: 'abc',
    });
    const returned = await authority.process(
      aFinalizeTransfer({ transferId: 8n }),
      aFinalizeTransfer({ transferId: 7n }),
      request(A, C, 1),
    );
    expect(returned).toStrictEqual(['0']);
    expect(authority.ledger.account(keyOf(A))).toMatchObject({ pendingTransfersCount: 2 });
    expect(authority.telemetry.counts).toMatchObject({
      'Messages.FinalizeTransfer.applied': 1,
      'Messages.PrepareTransfer.applied': 1,
      'Messages.waiting': 1,
    });
  });

  it('wait when a request names an unreadable transfer, which is not overwritten', async () => {
    const authority = new Authority();
    const message = request(A, C, 1);
    const broken = { ...keyOfRecord(message), status: 'lost' };
    authority.ledger.putItem('transfers', broken);
    expect(await authority.process(message, request(A, C, 2))).toStrictEqual(['0']);
    expect(authority.ledger.account(keyOf(A))?.pendingTransfersCount).toBe(1);
  });

  it('that open an account wait when the root account is unreadable, and those for open accounts do not', async () => {
    const authority = new Authority();
    authority.damage(0n);
    const returned = await authority.process(
      aConfigureAccount({ creditorId: X, configData: '' }),
      aConfigureAccount({ creditorId: A, configData: '', negligibleAmount: 7 }),
    );
    expect(returned).toStrictEqual(['0']);
    expect(authority.ledger.account(keyOf(A))?.negligibleAmount).toBe(7);
    expect(authority.ledger.account(keyOf(X))).toBeUndefined();
  });

  it('wait also when the item turns out to be unreadable after a lost race', async () => {
    const authority = new Authority();
    const { ledger } = authority;
    const broken = request(A, C, 1);
    let isFirst = true;
    ledger.intercept = (call, proceed) => {
      if (call.operation === 'write' && isFirst) {
        isFirst = false;
        ledger.putItem('transfers', {
          ...keyOfRecord(broken),
          status: 'lost',
        });
      }
      return proceed();
    };
    expect(await authority.process(broken, request(A, C, 2))).toStrictEqual(['0']);
    expect(ledger.account(keyOf(A))?.pendingTransfersCount).toBe(1);
    expect(authority.telemetry.counts).toMatchObject({ 'Messages.waiting': 1, Conflicts: 1 });
  });
});

describe('credits', () => {
  /** A committed transfer of 100, overdue for the sweep, in the table and as a record of the stream. */
  function committed(ledger: MemoryLedger, number: number, recipientId: bigint): StreamRecord {
    const transfer = aCommittedTransfer({
      transferId: BigInt(number),
      recipientId,
      payment: aPayment({ committedAt: NOW - 3_600_000_000n }),
    });
    ledger.putRecord(transfer);
    const NewImage = toWire(encodeRecord(transfer));
    const Keys = { account: NewImage.account, transferId: NewImage.transferId };
    return { dynamodb: { SequenceNumber: String(number), Keys, NewImage } };
  }

  it('to an unreadable recipient are kept aside at once, so that their shard goes on', async () => {
    const authority = new Authority();
    authority.damage(X);
    const { ledger } = authority;
    const { restart, kept } = await authority.credit(
      committed(ledger, 1, X),
      committed(ledger, 2, C),
      committed(ledger, 3, X),
      committed(ledger, 4, C),
    );
    expect(restart).toBeUndefined();
    expect(kept).toStrictEqual([
      { sequenceNumber: '1', reason: `CorruptItemError: ${X_IS_UNREADABLE}` },
      { sequenceNumber: '3', reason: `CorruptItemError: ${X_IS_UNREADABLE}` },
    ]);
    expect(ledger.account(keyOf(C))?.principal).toBe(1_200n);
    expect(authority.surroundings.pauses).toStrictEqual([]);
    expect(authority.warnings).toStrictEqual([
      {
        level: 'warn',
        message: 'Credits wait for an item that can not be read.',
        details: { count: 2, error: expect.objectContaining({ message: X_IS_UNREADABLE }) },
      },
    ]);
  });

  it('are made by the sweep when the recipient was repaired, and wait again until then', async () => {
    const authority = new Authority();
    authority.damage(X);
    const { ledger } = authority;
    await authority.credit(committed(ledger, 1, X), committed(ledger, 2, X));
    await authority.sweep();
    expect(authority.telemetry.counts['Credits.applied']).toBeUndefined();
    ledger.put(anAccount({ creditorId: X, principal: 5n }));
    await authority.sweep();
    expect(ledger.account(keyOf(X))?.principal).toBe(205n);
    expect(authority.telemetry.counts['Credits.applied']).toBe(2);
  });

  it('that open an account wait when the root account is unreadable, and the others do not', async () => {
    const authority = new Authority();
    authority.damage(0n);
    const { ledger } = authority;
    const { restart, kept } = await authority.credit(committed(ledger, 1, X), committed(ledger, 2, C));
    expect([restart, kept.map(({ sequenceNumber }) => sequenceNumber)]).toStrictEqual([undefined, ['1']]);
    expect(ledger.account(keyOf(C))?.principal).toBe(1_100n);
    expect(ledger.account(keyOf(X))).toBeUndefined();
  });

  it('whose item has become unreadable since it was committed are kept aside too', async () => {
    const authority = new Authority();
    const { ledger } = authority;
    const records = [committed(ledger, 1, C), committed(ledger, 2, C)];
    const { sender } = aCommittedTransfer();
    ledger.putItem('transfers', { ...encodeRecordKey({ sender, transferId: 1n }), status: 'lost' });
    const { restart, kept } = await authority.credit(...records);
    expect([restart, kept.map(({ sequenceNumber }) => sequenceNumber)]).toStrictEqual([undefined, ['1']]);
    expect(ledger.account(keyOf(C))?.principal).toBe(1_100n);
  });
});

describe('chores', () => {
  it('of an unreadable account come again, and the others are done after one read for all', async () => {
    const authority = new Authority();
    const pendingUpdateSince = NOW - 120_000_000n;
    authority.ledger.put(anAccount({ creditorId: C, pendingUpdateSince }));
    authority.damage(X);
    const deliveries = [X, C].map((creditorId) => ({
      messageId: String(creditorId),
      body: printChore({ account: keyOf(creditorId), since: pendingUpdateSince }),
    }));
    expect(await runChores(deliveries, authority.invocation)).toStrictEqual([String(X)]);
    expect(authority.ledger.account(keyOf(C))?.pendingUpdateSince).toBeUndefined();
    expect(authority.ledger.calls.filter(({ operation }) => operation === 'read')).toHaveLength(1);
    expect(authority.warnings).toHaveLength(1);
  });
});

describe('a known attribute of a type that no item has', () => {
  const sound = toWire(encodeAccount(anAccount({ creditorId: C })));
  const account = { S: `${DEBTOR_ID}:${X}` };

  function answering(answer: object): DynamoDBClient {
    return new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://localhost',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      requestHandler: {
        handle: async () => ({
          response: { statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) },
        }),
      } as never,
    });
  }

  it.each([
    ['a fraction', { N: '1.5' }],
    ['a truth value', { BOOL: true }],
    ['a list', { L: [] }],
    ['nothing', { NULL: true }],
  ])('makes its own item unreadable, and no other: %s', async (_, value) => {
    const items = [sound, { ...sound, account, principal: value }];
    const capacity = { consumed: () => {} };
    const scan = new TableScan(itemClient(answering({ Items: items })), TABLE_NAMES, capacity);
    const page = await scan.accounts({ segment: 0, totalSegments: 1 }, undefined);
    expect(page.items.map(({ creditorId }) => creditorId)).toStrictEqual([C]);
    expect(page.corrupt.map(({ message }) => message)).toStrictEqual([
      `Item 1:${X} of the accounts table can't be read: attribute principal is missing or illegal.`,
    ]);
    const client = itemClient(answering({ Responses: { Accounts: items } }));
    const store = new LedgerStore(client, TABLE_NAMES, capacity);
    const accounts = await store.loadAccounts([keyOf(C), keyOf(X)], { consistent: true });
    expect(accounts.get(printAccountKey(keyOf(C)))?.creditorId).toBe(C);
    expect(() => accounts.get(printAccountKey(keyOf(X)))).toThrow(/principal is missing or illegal/);
  });
});
