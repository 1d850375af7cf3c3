/**
 * Decides what of the tables is read when somebody looks. Everything is read when the console is first asked, in the
 * background, and seldom again. In between, items are read again that the feed has told of, and the accounts that are shown.
 */

import type { AccountKey } from '../../rules/account.ts';
import { hasStatus, type TransferRecord } from '../../rules/transfer.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import type { RecordKey } from '../../storage/record-keys.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';
import { type ReadingTools, readAccounts, readRecords } from '../read-tables.ts';
import type { AccountOrder, AccountRow, CurrencyRow, FeedEntry, ListPage } from './answers.ts';
import { LedgerBook, type Wish } from './ledger-book.ts';
import { Touched } from './touched.ts';

export interface LedgerReaderOptions {
  readonly reading: ReadingTools;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly now: () => number;
  /** Whether the reader hears of every change. */
  readonly isFed: boolean;
  /** Whether the transfers table is read, too, to find the credits under way. */
  readonly readsTransfers: boolean;
  /** The shortest time between two readings of everything, in milliseconds. */
  readonly minPauseMs: number;
  /**
   * Answers wait for a reading that ends so soon after its beginning, in milliseconds; then they tell what is known. Default:
   * 300.
   */
  readonly patienceMs?: number;
}

/** Reading everything takes at most this share of the time. */
const MAX_SHARE = 0.02;
/** After a failure, everything may be read again so much later, in milliseconds. */
const FAILURE_PAUSE_MS = 5_000;
const DEFAULT_PATIENCE_MS = 300;
/** A shown account that was read longer ago is read again, in milliseconds. */
const MAX_AGE_MS = 5_000;
/** The most items of a table that are read again at once since the feed told of them. */
const MAX_REREAD = 500;
const CONCURRENT_READS = 8;
/** The most transfers of an account that are shown. */
const MAX_TRANSFERS = 200;

export class LedgerReader {
  readonly #options: LedgerReaderOptions;
  readonly #reader: TableReader;
  /** What is shown; while everything is first read, it is not yet whole. */
  #book: LedgerBook | undefined;
  #isWhole = false;
  #reading: Promise<void> | undefined;
  /** Resolves when answers need not wait for the latest reading any more. */
  #untilKnown: Promise<void> = Promise.resolve();
  /** On the functions' clock. */
  #readAt = 0;
  /** The instant of `performance.now` from which everything may be read again. */
  #nextReadingAt = 0;
  #failure: Error | undefined;
  #touched = new Touched();
  /** What was touched since the reading began that is under way. */
  #touchedMeanwhile = new Touched();

  constructor(options: LedgerReaderOptions) {
    this.#options = options;
    this.#reader = options.reading.reader;
  }

  /** What the entry tells of is read again when somebody looks. */
  hear(entry: FeedEntry): void {
    if (this.#book !== undefined) {
      this.#touched.add(entry);
      this.#touchedMeanwhile.add(entry);
    }
  }

  /** @throws {Error} when the tables can't be read */
  async accounts(wish: Wish, order: AccountOrder): Promise<ListPage<AccountRow>> {
    const now = this.#options.now();
    const isOld = ({ readAt }: { readonly readAt: number }) => Math.abs(now - readAt) > MAX_AGE_MS;
    let book = await this.#current();
    let shown = book.accounts(wish, order);
    const old = shown.filter(isOld);
    if (old.length > 0) {
      await this.#rereadAccounts(old);
      book = await this.#current();
      shown = book.accounts(wish, order);
    }
    const rows = shown.map(({ row }) => row);
    return { ...this.#list(book, wish), at: now, rows, count: book.countAccounts(wish.text) };
  }

  /** @throws {Error} when the tables can't be read */
  async currencies(wish: Wish): Promise<ListPage<CurrencyRow>> {
    const { isFed, readsTransfers, now } = this.#options;
    const at = now();
    const book = await this.#current();
    const rows = book
      .currencies(wish)
      .map(({ underWay, ...row }) => (readsTransfers ? { ...row, underWay } : row));
    return {
      ...this.#list(book, wish),
      ...{ at: isFed ? at : this.#readAt, rows, count: book.countCurrencies(wish.text) },
    };
  }

  /** Transfers that the account has sent, as they are in the table now; those finished long ago are gone. */
  async transfersOf(sender: AccountKey): Promise<readonly TransferRecord[]> {
    const records: TransferRecord[] = [];
    for await (const page of this.#reader.queryRecords(sender)) {
      records.push(...page.flatMap((item) => ('value' in item ? [item.value] : [])));
      if (records.length >= MAX_TRANSFERS) {
        break;
      }
    }
    return records.slice(0, MAX_TRANSFERS);
  }

  close(): void {
    this.#book?.close();
    this.#book = undefined;
  }

  #list(
    { unreadable }: LedgerBook,
    { first, maxCount }: Wish,
  ): Pick<ListPage<unknown>, 'isReading' | 'first' | 'maxRows' | 'unreadable'> {
    return { isReading: !this.#isWhole, first, maxRows: maxCount, unreadable };
  }

  /** The book with all that was heard of. It may be replaced by a newer one as soon as anything is awaited. */
  async #current(): Promise<LedgerBook> {
    const isDue = this.#touched.isTooMuch || performance.now() >= this.#nextReadingAt;
    if (this.#reading === undefined && isDue) {
      this.#reading = this.#readAll().finally(() => {
        this.#reading = undefined;
      });
      this.#untilKnown = this.#untilReadOrImpatient(this.#reading);
    }
    await this.#untilKnown;
    if (this.#book !== undefined && this.#failure === undefined) {
      await this.#rereadTouched(this.#book);
    }
    if (this.#book === undefined || this.#failure !== undefined) {
      throw this.#failure ?? new Error('The console has stopped.');
    }
    return this.#book;
  }

  async #untilReadOrImpatient(reading: Promise<void>): Promise<void> {
    const { patienceMs = DEFAULT_PATIENCE_MS } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const impatient = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([reading, impatient]);
    clearTimeout(timer);
  }

  /** Never throws; a failure is told by the next answers. */
  async #readAll(): Promise<void> {
    const { now, reading, readsTransfers, minPauseMs } = this.#options;
    const startedAt = performance.now();
    const readAt = now();
    const book = new LedgerBook();
    this.#book ??= book;
    this.#touchedMeanwhile = new Touched();
    try {
      await readAccounts(reading, (page) => book.putAccounts(readableOf(page, book), readAt));
      if (readsTransfers) {
        await readRecords(reading, (page) => {
          for (const record of readableOf(page, book).filter((one) => hasStatus(one, 'committed'))) {
            book.putRecord(record);
          }
        });
      }
      this.#replaceBook(book);
      this.#readAt = readAt;
      this.#failure = undefined;
      const ended = performance.now();
      this.#nextReadingAt = ended + Math.max(minPauseMs, (ended - startedAt) / MAX_SHARE);
    } catch (error) {
      if (book !== this.#book) {
        book.close();
      }
      this.#failure = error as Error;
      this.#nextReadingAt = performance.now() + FAILURE_PAUSE_MS;
    }
  }

  #replaceBook(book: LedgerBook): void {
    if (this.#book !== book) {
      this.#book?.close();
      this.#book = book;
      this.#touched = this.#touchedMeanwhile;
    }
    this.#isWhole = true;
  }

  async #rereadTouched(book: LedgerBook): Promise<void> {
    const { accounts, records } = this.#touched.take(MAX_REREAD);
    try {
      await this.#rereadAccounts(accounts);
      await this.#rereadRecords([...records, ...book.underWay(MAX_REREAD)]);
    } catch (error) {
      // What was touched is forgotten now, so only a reading of everything finds it.
      this.#nextReadingAt = 0;
      throw error;
    }
  }

  async #rereadRecords(keys: readonly RecordKey[]): Promise<void> {
    await mapConcurrently(keys, CONCURRENT_READS, async (key) => {
      const item = await this.#reader.readRecord(key);
      if (item === undefined) {
        this.#book?.removeRecord(key);
      } else if ('value' in item) {
        this.#book?.putRecord(item.value);
      }
    });
  }

  async #rereadAccounts(keys: readonly AccountKey[]): Promise<void> {
    await mapConcurrently(keys, CONCURRENT_READS, async (key) => {
      const item = await this.#reader.readAccount(key);
      if (item === undefined) {
        this.#book?.removeAccount(key);
      } else if ('value' in item) {
        this.#book?.putAccounts([item.value], this.#options.now());
      }
    });
  }
}

/** Tells the book of the others. */
function readableOf<T>(page: readonly ReadItem<T>[], book: LedgerBook): readonly T[] {
  const values: T[] = [];
  for (const item of page) {
    if ('value' in item) {
      values.push(item.value);
    } else {
      book.noteUnreadable(item.corrupt.message);
    }
  }
  return values;
}
