import { describe, expect, it } from 'vitest';
import { BalanceBook } from '../../../lib/operations/balances/balance-book.ts';
import { jsonReport, textReport } from '../../../lib/operations/balances/balances-report.ts';
import { FactsFile } from '../../../lib/operations/facts-file.ts';
import { NO_PROGRESS } from '../../../lib/operations/progress.ts';
import { readAccounts, readRecords } from '../../../lib/operations/read-tables.ts';
import { TableReader } from '../../../lib/storage/table-reader.ts';
import { wireTablesOf } from '../../support/audits.ts';
import { anAccount, aRootAccount } from '../../support/builders.ts';
import { LedgerWorld } from '../../support/ledger-world.ts';
import { AUDITED_AT, aSampleLedger } from '../../support/sample-ledger.ts';
import type { WireTables } from '../../support/wire-tables.ts';

interface Wish {
  readonly debtorId?: bigint;
  readonly withUnderWay?: boolean;
}

async function balancesOf(client: WireTables, { debtorId, withUnderWay = false }: Wish = {}) {
  const file = new FactsFile();
  try {
    const book = new BalanceBook(file, debtorId, AUDITED_AT);
    const reader = new TableReader(client, { accounts: 'Accounts', transfers: 'Transfers' });
    const reading = { reader, segmentCount: 2, progress: NO_PROGRESS };
    await readAccounts(reading, (page) => book.takeAccounts(page));
    if (withUnderWay) {
      await readRecords(reading, (page) => book.takeTransfers(page));
    }
    book.complete();
    const text = [...textReport(book)];
    const json = [...jsonReport(book)].map((line) => JSON.parse(line));
    return { text, json, accountCount: book.accountCount, unreadableCount: book.unreadableCount };
  } finally {
    file.close();
  }
}

function worldOf(...accounts: Parameters<LedgerWorld['put']>[0][]): WireTables {
  const world = new LedgerWorld();
  for (const account of accounts) {
    world.put(account);
  }
  return wireTablesOf(world);
}

describe('The balances', () => {
  it('of all currencies are a table each, with the sum', async () => {
    const { text } = await balancesOf(wireTablesOf(aSampleLedger().world), { withUnderWay: true });
    expect(text).toStrictEqual([
      'Currency 1',
      '  account          principal  interest  locked  available',
      '  1:0                   -998      0.00       0     999002',
      '  1:1099511627777        938      0.00      30        908',
      '  1:1099511627778         52      0.00       0         52',
      '  1:1099511627779          0      0.00       0          0  deleted',
      '  4 accounts, together -8, and 8 under way: 0 ✓',
      '',
      'Currency 2',
      '  account          principal  interest  locked  available',
      '  2:0               -1004172      0.00       0  998995828',
      '  2:1099511627777    1004172   2712.09       0    1006884',
      '  2 accounts, together 0 ✓',
      '',
      'Currency 3',
      '  account          principal  interest  locked  available',
      '  3:0                   -100      0.00       0     999900',
      '  3:1099511627777        100      0.00       0        100',
      '  2 accounts, together 0 ✓',
      '',
    ]);
  });

  it('of one currency leave out the others', async () => {
    const client = wireTablesOf(aSampleLedger().world);
    const { text, accountCount } = await balancesOf(client, { debtorId: 3n, withUnderWay: true });
    expect([text[0], text.length, accountCount]).toStrictEqual(['Currency 3', 6, 2]);
  });

  it('tell what may be missing where the transfers under way were not read', async () => {
    const { text, json } = await balancesOf(wireTablesOf(aSampleLedger().world), { debtorId: 1n });
    expect([text[6], json.at(-1)]).toStrictEqual([
      '  4 accounts, together -8: as much is under way (see --with-under-way), or was paid while the accounts were read',
      { kind: 'currency', debtorId: '1', accountCount: 4, principals: '-8' },
    ]);
  });

  it('that do not add up are left to the audit', async () => {
    const { text } = await balancesOf(worldOf(anAccount({ debtorId: 1n, principal: 5n })), {
      withUnderWay: true,
    });
    expect(text[3]).toBe(
      '  1 account, together 5, and 0 under way: 5 (payments meanwhile, or worse: npm run audit says which)',
    );
  });

  it('count what was cut off at the ends of int64', async () => {
    const { text } = await balancesOf(
      worldOf(
        aRootAccount({ debtorId: 1n, principal: -(2n ** 63n), clippedAmount: -7n }),
        anAccount({ debtorId: 1n, creditorId: 1n, principal: 2n ** 63n - 1n, totalLockedAmount: 2n ** 62n }),
        anAccount({ debtorId: 1n, creditorId: 2n, principal: 8n }),
      ),
    );
    expect(text.slice(1, 6)).toStrictEqual([
      '  account             principal  interest               locked             available',
      '  1:0      -9223372036854775808      0.00                    0  -9223372036853775808',
      '  1:1       9223372036854775807      0.00  4611686018427387904   4611686018427387903',
      '  1:2                         8      0.00                    0                     8',
      '  3 accounts, together 0 ✓',
    ]);
  });

  it('are in the order of debtor IDs, and of account IDs, which have no sign', async () => {
    const key = (debtorId: bigint, creditorId: bigint) => anAccount({ debtorId, creditorId, principal: 0n });
    const accounts = [
      key(2n, -1n),
      key(-5n, 3n),
      key(2n, 10n),
      key(2n, 9n),
      key(2n, 0n),
      key(2n, -(2n ** 63n)),
    ];
    const { json } = await balancesOf(worldOf(...accounts));
    expect(
      json.filter(({ kind }) => kind === 'account').map(({ debtorId, accountId }) => [debtorId, accountId]),
    ).toStrictEqual([
      ['-5', '3'],
      ['2', '0'],
      ['2', '9'],
      ['2', '10'],
      ['2', '9223372036854775808'],
      ['2', '18446744073709551615'],
    ]);
  });

  it('are told to programs with all their digits', async () => {
    const interest = 0.1 + 0.2;
    const account = anAccount({
      debtorId: 1n,
      creditorId: -2n,
      principal: 2n ** 63n - 1n,
      interest,
      configFlags: 1,
    });
    const { json } = await balancesOf(worldOf(account), { withUnderWay: true });
    expect(json).toStrictEqual([
      {
        kind: 'account',
        debtorId: '1',
        creditorId: '-2',
        accountId: '18446744073709551614',
        principal: '9223372036854775807',
        interest,
        totalLockedAmount: '0',
        availableAmount: '9223372036854775807',
        state: 'scheduled for deletion',
      },
      { kind: 'currency', debtorId: '1', accountCount: 1, principals: '9223372036854775807', underWay: '0' },
    ]);
  });

  it('name items that cannot be read, and go on', async () => {
    const client = worldOf(anAccount({ debtorId: 1n, principal: 0n }));
    client.tables.Accounts?.push(
      { account: { S: '1:7' } },
      { account: { S: '2:7' } },
      { account: { S: 'x' } },
    );
    const all = await balancesOf(client);
    expect(
      all.json.filter(({ kind }) => kind === 'unreadable').map(({ debtorId }) => debtorId),
    ).toStrictEqual(['1', '2', undefined]);
    expect([all.accountCount, all.unreadableCount, all.text.at(-1)]).toStrictEqual([
      1,
      3,
      expect.stringMatching(/^ {2}An item can't be read, so its amount is missing: Item x /),
    ]);
    const one = await balancesOf(client, { debtorId: 1n });
    expect(one.unreadableCount).toBe(2);
  });
});
