import { afterEach, describe, expect, it } from 'vitest';
import { Feed } from '../../../lib/operations/console/feed.ts';
import { LedgerReader, type LedgerReaderOptions } from '../../../lib/operations/console/ledger-reader.ts';
import { NO_PROGRESS } from '../../../lib/operations/progress.ts';
import { TableReader } from '../../../lib/storage/table-reader.ts';
import { wireTablesOf } from '../../support/audits.ts';
import { eventually } from '../../support/eventually.ts';
import { ALICE, AUDITED_AT, aSampleLedger } from '../../support/sample-ledger.ts';
import { type WireTables, wireAccount } from '../../support/wire-tables.ts';

const ALL = { text: '', first: 0, maxCount: 50 };
/** So answers wait for the whole reading, and everything is read once. */
const READ_ONCE = { minPauseMs: 1e9, patienceMs: 60_000 };

let reader: LedgerReader | undefined;
afterEach(() => reader?.close());

function aReader(client: WireTables, options: Partial<LedgerReaderOptions> = {}): LedgerReader {
  const tables = new TableReader(client, { accounts: 'Accounts', transfers: 'Transfers' });
  reader = new LedgerReader({
    reading: { reader: tables, progress: NO_PROGRESS, segmentCount: 2 },
    now: () => Number(AUDITED_AT / 1_000n),
    ...{ isFed: true, readsTransfers: true },
    ...READ_ONCE,
    ...options,
  });
  return reader;
}

/** Counts the scans, and changes Alice's principal behind the reader's back. */
function tablesWithAlice() {
  const { world } = aSampleLedger();
  const client = wireTablesOf(world);
  let scanCount = 0;
  client.onCall = (name) => {
    scanCount += name === 'ScanCommand' ? 1 : 0;
  };
  const alice = world.account(ALICE);
  const change = (principal: bigint) => {
    const items = (client.tables.Accounts ?? []).filter(({ account }) => account?.S !== '1:1099511627777');
    client.tables.Accounts = [...items, wireAccount({ ...alice, principal, version: alice.version + 1n })];
  };
  return { client, change, scanCount: () => scanCount };
}

/** Tells the reader of a message to Alice. */
function tellOfAlice(to: LedgerReader): void {
  const feed = new Feed(() => 0);
  feed.listen((entry) => to.hear(entry));
  const body = '{"type":"AccountUpdate","debtor_id":1,"creditor_id":1099511627777}';
  feed.add({ kind: 'out', topicName: 'ToCreditors', body });
}

const principalOf = async (from: LedgerReader, text: string) =>
  (await from.accounts({ ...ALL, text }, 'account')).rows.map(({ principal }) => principal);

describe('The reader of the console', () => {
  it('reads both tables when it is first asked', async () => {
    const { client } = tablesWithAlice();
    const { rows, count, isReading } = await aReader(client).currencies(ALL);
    expect({ rows, count, isReading }).toStrictEqual({
      rows: [
        { debtorId: '1', accountCount: 4, together: '0', underWay: '8' },
        { debtorId: '2', accountCount: 2, together: '0', underWay: '0' },
        { debtorId: '3', accountCount: 2, together: '0', underWay: '0' },
      ],
      count: 3,
      isReading: false,
    });
  });

  it('reads an account again when the feed has told of it, and nothing else', async () => {
    const { client, change, scanCount } = tablesWithAlice();
    const own = aReader(client);
    expect(await principalOf(own, '1:1099511627777')).toStrictEqual(['938']);
    const scans = scanCount();
    change(930n);
    expect(await principalOf(own, '1:1099511627777')).toStrictEqual(['938']);
    tellOfAlice(own);
    expect(await principalOf(own, '1:1099511627777')).toStrictEqual(['930']);
    expect((await own.currencies(ALL)).rows[0]?.together).toBe('-8');
    expect(scanCount()).toBe(scans);
  });

  it('reads a shown account again when it was read long ago on the functions’ clock', async () => {
    const { client, change } = tablesWithAlice();
    let now = Number(AUDITED_AT / 1_000n);
    const own = aReader(client, { now: () => now });
    await own.currencies(ALL);
    change(930n);
    now += 30 * 86_400_000;
    expect(await principalOf(own, '1:1099511627777')).toStrictEqual(['930']);
  });

  it('reads everything again when it could not read what the feed told of', async () => {
    const { client, change } = tablesWithAlice();
    const own = aReader(client);
    await own.currencies(ALL);
    change(930n);
    tellOfAlice(own);
    const { onCall } = client;
    client.onCall = () => {
      throw new Error('too busy');
    };
    await expect(own.currencies(ALL)).rejects.toThrow('too busy');
    client.onCall = onCall;
    expect((await own.currencies(ALL)).rows[0]?.together).toBe('-8');
  });

  it('forgets an account that is gone', async () => {
    const { client } = tablesWithAlice();
    const own = aReader(client);
    await own.currencies(ALL);
    client.tables.Accounts = [];
    tellOfAlice(own);
    expect(await principalOf(own, '1:1099511627777')).toStrictEqual([]);
  });

  it('leaves the transfers alone where they are not wanted', async () => {
    const { client } = tablesWithAlice();
    const { rows } = await aReader(client, { readsTransfers: false }).currencies(ALL);
    expect(rows[0]).toStrictEqual({ debtorId: '1', accountCount: 4, together: '-8' });
  });

  it('tells of items that can’t be read', async () => {
    const { client } = tablesWithAlice();
    client.tables.Accounts = [...(client.tables.Accounts ?? []), { account: { S: '1:5' } }];
    const { unreadable } = await aReader(client).currencies(ALL);
    expect([unreadable.count, unreadable.sentences.length]).toStrictEqual([1, 1]);
  });

  it('answers with the reason when the tables can’t be read', async () => {
    const { client } = tablesWithAlice();
    client.onCall = () => {
      throw new Error('not allowed');
    };
    await expect(aReader(client).currencies(ALL)).rejects.toThrow('not allowed');
  });

  it('shows what it has read so far while the first reading goes on', async () => {
    const { client } = tablesWithAlice();
    const held = Promise.withResolvers<void>();
    const send = client.send.bind(client);
    let scanCount = 0;
    client.send = (async (command: Parameters<typeof send>[0]) => {
      scanCount += command.constructor.name === 'ScanCommand' ? 1 : 0;
      if (scanCount > 2) {
        await held.promise;
      }
      return send(command);
    }) as typeof client.send;
    const own = aReader(client, { patienceMs: 50 });
    await eventually(async () => {
      const first = await own.accounts(ALL, 'account');
      expect([first.isReading, first.count]).toStrictEqual([true, 6]);
    });
    held.resolve();
    await eventually(async () => {
      const later = await own.accounts(ALL, 'account');
      expect([later.isReading, later.count]).toStrictEqual([false, 8]);
    });
  });
});
