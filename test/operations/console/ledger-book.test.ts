import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceOf } from '../../../lib/operations/balances/balance.ts';
import { LedgerBook } from '../../../lib/operations/console/ledger-book.ts';
import {
  aCommittedTransfer,
  aCreditedTransfer,
  anAccount,
  aPayment,
  aRootAccount,
} from '../../support/builders.ts';

const NOW_MS = 1_800_000_000_000;
const ALL = { text: '', first: 0, maxCount: 50 };

let book: LedgerBook;

beforeEach(() => {
  book = new LedgerBook();
});
afterEach(() => book.close());

const keysOf = (wish = ALL, order: Parameters<LedgerBook['accounts']>[1] = 'account') =>
  book.accounts(wish, order).map(({ row }) => row.key);

const aCommitted = (amount: bigint) => aCommittedTransfer({ payment: aPayment({ amount }) });

describe('The book of the console', () => {
  it('has accounts in the order of npm run balances: account IDs are unsigned', () => {
    book.putAccounts(
      [
        anAccount({ debtorId: 2n, creditorId: 7n }),
        anAccount({ debtorId: 1n, creditorId: -1n }),
        anAccount({ debtorId: 1n, creditorId: 7n }),
        aRootAccount({ debtorId: 1n }),
        anAccount({ debtorId: -1n, creditorId: 7n }),
      ],
      NOW_MS,
    );
    expect(keysOf()).toStrictEqual(['-1:7', '1:0', '1:7', '1:-1', '2:7']);
  });

  it('gives a part of a list, and counts the whole', () => {
    const accounts = Array.from({ length: 30 }, (_, n) => anAccount({ creditorId: BigInt(n + 10) }));
    book.putAccounts(accounts, NOW_MS);
    expect(keysOf({ text: '', first: 28, maxCount: 50 })).toStrictEqual(['1:38', '1:39']);
    expect(keysOf({ text: '1:2', first: 0, maxCount: 2 })).toStrictEqual(['1:20', '1:21']);
    expect([book.countAccounts(''), book.countAccounts('1:2'), book.countAccounts('9:')]).toStrictEqual([
      30, 10, 0,
    ]);
  });

  it.each(['principal', 'locked', 'available'] as const)('sorts by %s, the greatest first', (order) => {
    book.putAccounts(
      [
        anAccount({ creditorId: 5n, principal: 10n, totalLockedAmount: 0n }),
        anAccount({ creditorId: 6n, principal: 300n, totalLockedAmount: 9n }),
        anAccount({ creditorId: 7n, principal: -4n, totalLockedAmount: 0n }),
      ],
      NOW_MS,
    );
    expect(keysOf(ALL, order)[0]).toBe('1:6');
  });

  it('shows of a root account what may still be issued, as npm run balances does', () => {
    const root = aRootAccount({ principal: -1000n, negligibleAmount: 1e6 });
    book.putAccounts([root], NOW_MS);
    expect(book.accounts(ALL, 'account')[0]?.row).toMatchObject({ principal: '-1000', available: '999000' });
    expect(balanceOf(root, BigInt(NOW_MS) * 1_000n).availableAmount).toBe(999_000n);
  });

  it('adds up a currency, and follows each change', () => {
    const [root, alice] = [aRootAccount({ principal: -500n }), anAccount({ principal: 300n })];
    book.putAccounts([root, alice], NOW_MS);
    book.putRecord(aCommitted(200n));
    const sumOf = () => book.currencies(ALL);
    expect(sumOf()).toStrictEqual([{ debtorId: '1', accountCount: 2, together: '0', underWay: '200' }]);
    book.putAccounts([{ ...alice, principal: 500n, version: alice.version + 1n }], NOW_MS);
    book.putRecord(aCreditedTransfer());
    expect(sumOf()).toStrictEqual([{ debtorId: '1', accountCount: 2, together: '0', underWay: '0' }]);
    book.removeAccount(alice);
    book.removeAccount(alice);
    expect(sumOf()).toStrictEqual([{ debtorId: '1', accountCount: 1, together: '-500', underWay: '0' }]);
    book.removeAccount(root);
    expect([sumOf(), book.countCurrencies('')]).toStrictEqual([[], 0]);
  });

  it('never replaces an account by an earlier state of it', () => {
    const account = anAccount({ principal: 5n });
    book.putAccounts([{ ...account, principal: 7n, version: account.version + 1n }, account], NOW_MS);
    expect(book.accounts(ALL, 'account')[0]?.row.principal).toBe('7');
  });

  it('keeps sums beyond int64', () => {
    const principal = 2n ** 63n - 1n;
    book.putAccounts(
      [5n, 6n].map((creditorId) => anAccount({ creditorId, principal })),
      NOW_MS,
    );
    expect(book.currencies(ALL)[0]?.together).toBe(`${2n * principal}`);
  });

  it('knows which transfers are under way, once each', () => {
    const transfer = aCommitted(200n);
    book.putRecord(transfer);
    book.putRecord(transfer);
    expect([book.underWay(9).length, book.currencies(ALL)[0]?.underWay]).toStrictEqual([1, '200']);
    book.removeRecord(transfer);
    expect(book.underWay(9)).toStrictEqual([]);
  });

  it('counts all that is unreadable, and quotes the first', () => {
    for (let count = 0; count < 30; count += 1) {
      book.noteUnreadable(`item ${count}`);
    }
    expect([book.unreadable.count, book.unreadable.sentences.length]).toStrictEqual([30, 10]);
  });
});
