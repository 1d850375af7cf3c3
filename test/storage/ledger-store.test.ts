/** Which calls the ledger store makes of DynamoDB: what it reads and how, what it writes under which condition, what it counts. */

import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/rules/account.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { CommitConflictError, CorruptItemError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import type { ItemClient } from '../../lib/storage/item-client.ts';
import { type Change, itemCountOf, LedgerStore } from '../../lib/storage/ledger-store.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { aCommittedTransfer, aConfigRejection, anAccount, aTransfer } from '../support/builders.ts';

const TABLES = { accounts: 'Accounts', transfers: 'Transfers' };
const KEY = { debtorId: 1n, creditorId: 1_099_511_627_777n };
const NOT_THERE = {
  ConditionExpression: 'attribute_not_exists(#key)',
  ExpressionAttributeNames: { '#key': 'account' },
};

interface Sent {
  readonly command: string;
  readonly input: unknown;
}

/** A store whose calls get these answers one after the other, what it sent, and what it counted. */
function aStore(...answers: readonly unknown[]) {
  const sent: Sent[] = [];
  const counted: unknown[] = [];
  const remaining = [...answers];
  const send = async (command: { readonly input: unknown }): Promise<unknown> => {
    sent.push({ command: command.constructor.name, input: command.input });
    const answer = remaining.shift() ?? {};
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };
  const capacity = { consumed: (units: unknown) => void counted.push(units) };
  return { store: new LedgerStore({ send } as unknown as ItemClient, TABLES, capacity), sent, counted };
}

/** A change of the account alone. */
function aChange(change: Partial<Change>): Change {
  return { key: KEY, before: undefined, after: undefined, records: [], ...change };
}

function versionIs(version: bigint): object {
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': version },
  };
}

describe('reading accounts', () => {
  it.each([true, false])(
    'asks once for each account, and says whether it is consistent: %s',
    async (consistent) => {
      const { store, sent } = aStore();
      await store.loadAccounts([KEY, { debtorId: 1n, creditorId: 0n }, { ...KEY }], { consistent });
      expect(sent).toStrictEqual([
        {
          command: 'BatchGetCommand',
          input: {
            RequestItems: {
              Accounts: {
                Keys: [{ account: '1:1099511627777' }, { account: '1:0' }],
                ConsistentRead: consistent,
              },
            },
            ReturnConsumedCapacity: 'TOTAL',
          },
        },
      ]);
    },
  );

  it('gives those that exist, by their printed key', async () => {
    const account = anAccount({ principal: 5n });
    const { store } = aStore({ Responses: { Accounts: [encodeAccount(account)] } });
    const keys = [KEY, { debtorId: 1n, creditorId: 0n }];
    const loaded = await store.loadAccounts(keys, { consistent: true });
    expect([...loaded.values()]).toStrictEqual([account]);
    expect([loaded.get('1:1099511627777'), loaded.get('1:0')]).toStrictEqual([account, undefined]);
  });

  it('tells of one that can not be read only to whoever asks for it', async () => {
    const [account, root] = [
      anAccount(),
      { ...encodeAccount(anAccount({ creditorId: 0n })), principal: 'x' },
    ];
    const { store } = aStore({ Responses: { Accounts: [root, encodeAccount(account)] } });
    const loaded = await store.loadAccounts([KEY, { debtorId: 1n, creditorId: 0n }], { consistent: true });
    expect(loaded.get('1:1099511627777')).toStrictEqual(account);
    expect(() => loaded.get('1:0')).toThrow(CorruptItemError);
  });

  it('makes no call for no keys', async () => {
    const { store, sent } = aStore();
    expect([...(await store.loadAccounts([], { consistent: true })).values()]).toStrictEqual([]);
    expect(sent).toStrictEqual([]);
  });

  it('asks for 100 at a time', async () => {
    const { store, sent } = aStore();
    const keys = Array.from({ length: 201 }, (_, index) => ({ debtorId: 1n, creditorId: BigInt(index) }));
    await store.loadAccounts(keys, { consistent: true });
    expect(sent.map(keysOf)).toStrictEqual([
      keys.slice(0, 100).map(({ creditorId }) => ({ account: `1:${creditorId}` })),
      keys.slice(100, 200).map(({ creditorId }) => ({ account: `1:${creditorId}` })),
      [{ account: '1:200' }],
    ]);
  });

  it('asks again for what was left unprocessed, as consistently as at first', async () => {
    const [account, root] = [anAccount(), anAccount({ creditorId: 0n })];
    const { store, sent } = aStore(
      {
        Responses: { Accounts: [encodeAccount(account)] },
        UnprocessedKeys: { Accounts: { Keys: [{ account: '1:0' }] } },
      },
      { Responses: { Accounts: [encodeAccount(root)] }, UnprocessedKeys: { Accounts: { Keys: [] } } },
    );
    const accounts = await store.loadAccounts([KEY, root], { consistent: true });
    expect([accounts.get('1:1099511627777'), accounts.get('1:0')]).toStrictEqual([account, root]);
    expect(sent.map(({ input }) => input)).toMatchObject([
      { RequestItems: { Accounts: { Keys: [{ account: '1:1099511627777' }, { account: '1:0' }] } } },
      { RequestItems: { Accounts: { Keys: [{ account: '1:0' }], ConsistentRead: true } } },
    ]);
  });

  it('gives up when keys are left unprocessed eight times', async () => {
    const left = { UnprocessedKeys: { Accounts: { Keys: [{ account: '1:0' }] } } };
    const { store, sent } = aStore(...Array.from({ length: 20 }, () => left));
    await expect(store.loadAccounts([KEY], { consistent: true })).rejects.toThrow(
      new StoreUnavailableError('The table left 1 keys of a read unprocessed.'),
    );
    expect(sent).toHaveLength(8);
  });

  it('takes what the eighth call brings', async () => {
    const left = { UnprocessedKeys: { Accounts: { Keys: [{ account: '1:0' }] } } };
    const last = { Responses: { Accounts: [encodeAccount(anAccount())] } };
    const { store } = aStore(...Array.from({ length: 7 }, () => left), last);
    const loaded = await store.loadAccounts([KEY], { consistent: true });
    expect(loaded.readable(printAccountKey(KEY))).toStrictEqual(anAccount());
  });

  it('says that the table is unavailable when it does not answer', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    await expect(aStore(throttled).store.loadAccounts([KEY], { consistent: true })).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
  });

  it('counts what each call has cost', async () => {
    const { store, counted } = aStore({
      ConsumedCapacity: [{ CapacityUnits: 1.5 }, { CapacityUnits: 2 }, {}],
    });
    await store.loadAccounts([KEY], { consistent: true });
    expect(counted).toStrictEqual([{ read: 3.5, write: 0 }]);
  });
});

describe('reading records', () => {
  it.each([true, false])(
    'asks once for each item, and says whether it is consistent: %s',
    async (consistent) => {
      const { store, sent } = aStore();
      const keys = [
        { sender: KEY, transferId: 5n },
        { sender: KEY, transferId: 6n },
        { sender: KEY, transferId: 5n },
      ];
      await store.loadRecords(keys, { consistent });
      expect(sent.map(({ input }) => input)).toStrictEqual([
        {
          RequestItems: {
            Transfers: {
              Keys: [
                { account: '1:1099511627777:5', transferId: 5n },
                { account: '1:1099511627777:6', transferId: 6n },
              ],
              ConsistentRead: consistent,
            },
          },
          ReturnConsumedCapacity: 'TOTAL',
        },
      ]);
    },
  );

  it('gives those that exist, by account and ID', async () => {
    const [transfer, rejection] = [aTransfer(), aConfigRejection()];
    const { store } = aStore({ Responses: { Transfers: [encodeRecord(transfer), encodeRecord(rejection)] } });
    const loaded = await store.loadRecords([transfer, rejection], { consistent: false });
    expect([loaded.get('1:1099511627777/5'), loaded.get('1:1099511627777/-5')]).toStrictEqual([
      transfer,
      rejection,
    ]);
  });
});

describe('reading records of which one can not be read', () => {
  it('tells of it, by account and ID, only to whoever asks for it', async () => {
    const [transfer, broken] = [
      aTransfer(),
      { ...encodeRecord(aTransfer({ transferId: 6n })), request: 'x' },
    ];
    const { store } = aStore({ Responses: { Transfers: [broken, encodeRecord(transfer)] } });
    const loaded = await store.loadRecords([transfer, { ...transfer, transferId: 6n }], { consistent: true });
    expect(loaded.get('1:1099511627777/5')).toStrictEqual(transfer);
    expect(() => loaded.get('1:1099511627777/6')).toThrow(CorruptItemError);
  });
});

describe('a commit', () => {
  it('creates an account by a put, where there is none', async () => {
    const { store, sent } = aStore();
    const after = anAccount({ version: 7n });
    expect(await store.commit(aChange({ after }))).toBe(after);
    expect(sent).toStrictEqual([
      {
        command: 'PutCommand',
        input: {
          TableName: 'Accounts',
          Item: encodeAccount(after),
          ...NOT_THERE,
          ReturnConsumedCapacity: 'TOTAL',
        },
      },
    ]);
  });

  it('gives a changed account the next version, on the condition of the one before', async () => {
    const { store, sent } = aStore();
    const before = anAccount({ version: 7n });
    const stored = await store.commit(aChange({ before, after: { ...before, principal: 5n } }));
    expect(stored).toStrictEqual({ ...before, principal: 5n, version: 8n });
    expect(sent).toStrictEqual([
      {
        command: 'PutCommand',
        input: {
          TableName: 'Accounts',
          Item: encodeAccount({ ...before, principal: 5n, version: 8n }),
          ...versionIs(7n),
          ReturnConsumedCapacity: 'TOTAL',
        },
      },
    ]);
  });

  it('removes an account as it was loaded', async () => {
    const { store, sent } = aStore();
    expect(await store.commit(aChange({ before: anAccount({ version: 7n }) }))).toBeUndefined();
    expect(sent).toStrictEqual([
      {
        command: 'DeleteCommand',
        input: {
          TableName: 'Accounts',
          Key: { account: '1:1099511627777' },
          ...versionIs(7n),
          ReturnConsumedCapacity: 'TOTAL',
        },
      },
    ]);
  });

  it('writes no account that is as it was, and gives it back', async () => {
    const { store, sent } = aStore();
    const account = anAccount();
    const change = aChange({
      before: account,
      after: account,
      records: [{ before: undefined, after: aTransfer() }],
    });
    expect(await store.commit(change)).toBe(account);
    expect(sent).toStrictEqual([
      {
        command: 'PutCommand',
        input: {
          TableName: 'Transfers',
          Item: encodeRecord(aTransfer()),
          ...NOT_THERE,
          ReturnConsumedCapacity: 'TOTAL',
        },
      },
    ]);
  });

  it('makes no call where nothing changes', async () => {
    const { store, sent } = aStore();
    const account = anAccount();
    expect(await store.commit(aChange({ before: account, after: account }))).toBe(account);
    expect(await store.commit(aChange({}))).toBeUndefined();
    expect(sent).toStrictEqual([]);
  });

  it('writes an account and its records in one transaction, each under its own condition', async () => {
    const { store, sent } = aStore();
    const before = anAccount({ version: 7n });
    const records = [{ before: aTransfer(), after: aCommittedTransfer() }];
    await store.commit(aChange({ before, after: { ...before }, records }));
    expect(sent).toStrictEqual([
      {
        command: 'TransactWriteCommand',
        input: {
          TransactItems: [
            {
              Put: {
                TableName: 'Accounts',
                Item: encodeAccount({ ...before, version: 8n }),
                ...versionIs(7n),
              },
            },
            {
              Put: {
                TableName: 'Transfers',
                Item: encodeRecord(aCommittedTransfer()),
                ConditionExpression: '#status = :status AND #announcedAt = :announcedAt',
                ExpressionAttributeNames: { '#status': 'status', '#announcedAt': 'announcedTs' },
                ExpressionAttributeValues: { ':status': 'prepared', ':announcedAt': 1_800_000_000_000_000n },
              },
            },
          ],
          ReturnConsumedCapacity: 'TOTAL',
        },
      },
    ]);
  });

  it('says which account another writer has changed', async () => {
    const error = Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
    await expect(aStore(error).store.commit(aChange({ after: anAccount() }))).rejects.toMatchObject({
      name: 'CommitConflictError',
      accounts: [KEY],
      cause: error,
    });
  });

  it.each<[string, Partial<Change>, object]>([
    ['put', { after: anAccount() }, { ConsumedCapacity: { CapacityUnits: 2 } }],
    ['delete', { before: anAccount() }, { ConsumedCapacity: { CapacityUnits: 2 } }],
    [
      'transaction',
      { after: anAccount(), records: [{ before: undefined, after: aTransfer() }] },
      { ConsumedCapacity: [{ CapacityUnits: 0.5 }, { CapacityUnits: 1.5 }] },
    ],
  ])('counts what a %s has cost', async (_call, change, answer) => {
    const { store, counted } = aStore(answer);
    await store.commit(aChange(change));
    expect(counted).toStrictEqual([{ read: 0, write: 2 }]);
  });

  it('counts nothing where DynamoDB does not say what a call has cost', async () => {
    const { store, counted } = aStore({});
    await store.commit(aChange({ before: anAccount() }));
    expect(counted).toStrictEqual([{ read: 0, write: 0 }]);
  });
});

describe('a commit of several accounts', () => {
  const other: Account = anAccount({ creditorId: 0n, version: 9n });
  const changes = [
    aChange({ after: anAccount(), records: [{ before: undefined, after: aTransfer() }] }),
    aChange({ key: other, before: other, after: { ...other, principal: -5n } }),
  ];

  it('is one transaction, and gives the accounts back as they are stored, in their order', async () => {
    const { store, sent } = aStore();
    expect(await store.commitTogether(changes)).toStrictEqual([
      anAccount(),
      { ...other, principal: -5n, version: 10n },
    ]);
    expect(sent.map(({ command }) => command)).toStrictEqual(['TransactWriteCommand']);
    expect(sent.map(({ input }) => input)).toMatchObject([
      {
        TransactItems: [
          { Put: { TableName: 'Accounts' } },
          { Put: { TableName: 'Transfers' } },
          { Put: { TableName: 'Accounts' } },
        ],
      },
    ]);
  });

  it('that another writer has spoilt is told of the account that was changed', async () => {
    const cancelled = new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: [{ Code: 'None' }, { Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    const attempt = aStore(cancelled).store.commitTogether(changes);
    await expect(attempt).rejects.toBeInstanceOf(CommitConflictError);
    await expect(attempt).rejects.toMatchObject({ accounts: [{ debtorId: 1n, creditorId: 0n }] });
  });

  it('of none makes no call', async () => {
    const { store, sent } = aStore();
    expect(await store.commitTogether([])).toStrictEqual([]);
    expect(sent).toStrictEqual([]);
  });
});

describe('the size of a change', () => {
  it('is the number of items that are written', () => {
    const account = anAccount();
    const record = { before: undefined, after: aTransfer() };
    expect(itemCountOf(aChange({ before: account, after: account, records: [record] }))).toBe(1);
    expect(itemCountOf(aChange({ before: account, after: { ...account }, records: [record, record] }))).toBe(
      3,
    );
    expect(itemCountOf(aChange({ before: account }))).toBe(1);
    expect(itemCountOf(aChange({}))).toBe(0);
  });
});

describe('the name of a record', () => {
  it('is its account and its ID', () => {
    expect(printRecordKey({ sender: { debtorId: -1n, creditorId: 2n }, transferId: -5n })).toBe('-1:2/-5');
  });
});

function keysOf({ input }: Sent): unknown {
  return (input as { RequestItems: { Accounts: { Keys: unknown } } }).RequestItems.Accounts.Keys;
}
