/** What `npm run balances` prints: a table for each currency, or one JSON object a line for programs. */

import { printAccountId } from '../../protocol/account-ids.ts';
import { printAccountKey } from '../../rules/account.ts';
import type { Balance } from './balance.ts';
import type { BalanceBook } from './balance-book.ts';

const TITLES = ['account', 'principal', 'interest', 'locked', 'available'] as const;

/** What a currency's accounts add up to. */
class Total {
  accountCount = 0;
  /** The sum of the principals, together with what was cut off at the ends of int64. */
  principals = 0n;

  add({ principal, clippedAmount }: Balance): void {
    this.accountCount += 1;
    this.principals += principal + clippedAmount;
  }
}

export function* textReport(book: BalanceBook): Generator<string> {
  for (const debtorId of book.currencies()) {
    yield* currencyTable(book, debtorId);
    yield '';
  }
  yield* unreadableLines(book.unreadableOfNoCurrency());
}

function* currencyTable(book: BalanceBook, debtorId: bigint): Generator<string> {
  const total = new Total();
  let widths: readonly number[] = TITLES.map(({ length }) => length);
  for (const balance of book.balancesOf(debtorId)) {
    total.add(balance);
    widths = cellsOf(balance).map(({ length }, column) => Math.max(length, widths[column] ?? 0));
  }
  yield `Currency ${debtorId}`;
  yield printRow(TITLES, widths);
  for (const balance of book.balancesOf(debtorId)) {
    const state = balance.state === 'open' ? '' : `  ${balance.state}`;
    yield `${printRow(cellsOf(balance), widths)}${state}`;
  }
  yield `  ${total.accountCount} ${total.accountCount === 1 ? 'account' : 'accounts'}, ${sumInWords(total, book.underWayOf(debtorId))}`;
  yield* unreadableLines(book.unreadableOf(debtorId));
}

function* unreadableLines(sentences: Iterable<string>): Generator<string> {
  for (const sentence of sentences) {
    yield `  An item can't be read, so its amount is missing: ${sentence}`;
  }
}

function sumInWords({ principals }: Total, underWay: bigint | undefined): string {
  if (principals === 0n && !underWay) {
    return 'together 0 ✓';
  }
  if (underWay === undefined) {
    return `together ${principals}: as much is under way (see --with-under-way), or was paid while the accounts were read`;
  }
  const sum = principals + underWay;
  const parts = `together ${principals}, and ${underWay} under way: ${sum}`;
  return sum === 0n ? `${parts} ✓` : `${parts} (payments meanwhile, or worse: npm run audit says which)`;
}

function cellsOf(balance: Balance): readonly string[] {
  const { principal, interest, totalLockedAmount, availableAmount } = balance;
  return [
    printAccountKey(balance),
    `${principal}`,
    Number(interest).toFixed(2),
    `${totalLockedAmount}`,
    `${availableAmount}`,
  ];
}

function printRow([account = '', ...amounts]: readonly string[], widths: readonly number[]): string {
  const cells = amounts.map((text, index) => text.padStart(widths[index + 1] ?? 0));
  return `  ${[account.padEnd(widths[0] ?? 0), ...cells].join('  ')}`;
}

/** int64 values are decimal strings, as JSON numbers lose their last digits in many readers. */
export function* jsonReport(book: BalanceBook): Generator<string> {
  for (const debtorId of book.currencies()) {
    const total = new Total();
    for (const balance of book.balancesOf(debtorId)) {
      total.add(balance);
      const { interest, clippedAmount: _clipped, ...amounts } = balance;
      const accountId = printAccountId(balance.creditorId);
      yield jsonLine('account', { ...amounts, accountId, interest: Number(interest) });
    }
    yield* unreadableObjects(book.unreadableOf(debtorId), debtorId);
    const { accountCount, principals } = total;
    yield jsonLine('currency', { debtorId, accountCount, principals, underWay: book.underWayOf(debtorId) });
  }
  yield* unreadableObjects(book.unreadableOfNoCurrency(), undefined);
}

function* unreadableObjects(sentences: Iterable<string>, debtorId: bigint | undefined): Generator<string> {
  for (const sentence of sentences) {
    yield jsonLine('unreadable', { debtorId, sentence });
  }
}

function jsonLine(kind: string, value: object): string {
  return JSON.stringify({ kind, ...value }, (_, member) =>
    typeof member === 'bigint' ? member.toString() : member,
  );
}
