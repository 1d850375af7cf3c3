/**
 * A temporary SQLite file: with it, a tool reads tables of any size in the same memory and tells what it read in order. Each
 * tool says itself what it keeps in it.
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { MAX_INT64, MIN_INT64 } from '../protocol/integers.ts';

/** A value in the file; integers beyond int64 are kept as text. */
type Cell = bigint | string | null;
type Row = Readonly<Record<string, Cell>>;
/** A value for a place that a statement leaves open. */
type SqlValue = bigint | string;

/** How the values of a column are read again. Each may be `undefined`. */
const KINDS = {
  integer: (cell: bigint | string) => BigInt(cell),
  count: Number,
  flag: (cell: bigint | string) => cell === 1n,
  text: String,
};

/** A table for objects of one type: a column for each of their fields. */
export interface FactTable<T extends object> {
  readonly name: string;
  readonly columns: { readonly [K in keyof T]-?: keyof typeof KINDS };
  /** The columns of its index in SQL, with their directions. */
  readonly order?: string;
  /** The columns in SQL that name a row, if there are such: inserting a row replaces the one of the same name. */
  readonly key?: string;
}

/** Columns of integers. */
export function integers<K extends string>(...names: readonly K[]): Readonly<Record<K, 'integer'>> {
  return Object.fromEntries(names.map((name) => [name, 'integer'])) as Record<K, 'integer'>;
}

export class FactsFile {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** The statements in SQL that insert rows, by the names of their tables. */
  readonly #insertions = new Map<string, string>();
  /** Statements that nobody is reading from now; preparing one takes longer than most readings. */
  readonly #idle = new Map<string, StatementSync[]>();

  constructor() {
    // A database without a name lies on disk, and disappears with the process however that ends.
    this.#database = new DatabaseSync('');
    // So nothing has to survive a crash, and one transaction is enough.
    this.#database.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; BEGIN',
    );
  }

  create(...tables: readonly FactTable<object>[]): void {
    for (const { name, columns, key } of tables) {
      const named = key === undefined ? '' : `, PRIMARY KEY (${key})`;
      this.#database.exec(`CREATE TABLE ${name} (${namesIn(columns)}${named})`);
    }
  }

  index(...tables: readonly FactTable<object>[]): void {
    for (const { name, order } of tables) {
      const index = `${name} by ${order}`.replaceAll(/\W+/g, '_');
      this.#database.exec(`CREATE INDEX ${index} ON ${name} (${order})`);
    }
  }

  /** Keeps the fields that the table has columns for. */
  insert<T extends object>({ name, columns }: FactTable<T>, value: T): void {
    const names = Object.keys(columns) as (keyof T)[];
    const sql = this.#insertions.get(name) ?? insertionInto(name, columns);
    this.#insertions.set(name, sql);
    this.#prepared(sql).run(...names.map((field) => toCell(value[field])));
  }

  /** @param condition in SQL */
  remove({ name }: FactTable<object>, condition: string, ...values: readonly SqlValue[]): void {
    this.#prepared(`DELETE FROM ${name} WHERE ${condition}`).run(...values);
  }

  /** How many rows the table has. @param condition in SQL, e.g. `debtorId = ?` */
  count({ name }: FactTable<object>, condition = 'TRUE', ...values: readonly SqlValue[]): number {
    const row = this.#prepared(`SELECT count(*) AS count FROM ${name} WHERE ${condition}`).get(...values);
    return Number(row?.count);
  }

  /**
   * Reads objects one after the other; several such readings may go on at once.
   * @param rest of the SQL statement: conditions and order
   */
  *each<T extends object>(table: FactTable<T>, rest: string, ...values: readonly SqlValue[]): Generator<T> {
    for (const row of this.rows(`SELECT * FROM ${table.name} ${rest}`, ...values)) {
      yield decode(table, row);
    }
  }

  *rows(sql: string, ...values: readonly SqlValue[]): Generator<Row> {
    const idle = this.#idle.get(sql) ?? [];
    this.#idle.set(sql, idle);
    const statement = idle.pop() ?? this.#prepare(sql);
    try {
      yield* statement.iterate(...values) as Iterable<Row>;
    } finally {
      idle.push(statement);
    }
  }

  close(): void {
    this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }
}

function insertionInto(name: string, columns: object): string {
  const places = Object.keys(columns).map(() => '?');
  return `INSERT OR REPLACE INTO ${name} (${namesIn(columns)}) VALUES (${places.join(', ')})`;
}

/** Quoted, since a field may be named like a word of SQL. */
function namesIn(columns: object): string {
  return Object.keys(columns)
    .map((name) => `"${name}"`)
    .join(', ');
}

function toCell(value: unknown): SQLInputValue {
  switch (typeof value) {
    case 'bigint':
      return value < MIN_INT64 || value > MAX_INT64 ? value.toString() : value;
    case 'number':
    case 'boolean':
      return BigInt(value);
    default:
      return (value as string | undefined) ?? null;
  }
}

function decode<T extends object>({ columns }: FactTable<T>, row: Row): T {
  const fields = Object.entries<keyof typeof KINDS>(columns).flatMap(([name, kind]) => {
    const cell = row[name] ?? null;
    return cell === null ? [] : [[name, KINDS[kind](cell)]];
  });
  return Object.fromEntries(fields);
}
