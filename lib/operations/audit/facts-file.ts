/**
 * The temporary SQLite file of an audit, so that tables of any size are audited in the same memory. What is kept in it is the
 * business of `audit-facts.ts` and `audit-findings.ts`.
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { MAX_INT64, MIN_INT64 } from '../../protocol/integers.ts';

/** A value as SQLite keeps it here: integers that it has no room for are kept as text. */
export type Cell = bigint | string | null;
export type Row = Readonly<Record<string, Cell>>;

export class AuditFile {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Statements that no reading is using now; preparing one takes longer than most readings. */
  readonly #idle = new Map<string, StatementSync[]>();

  constructor() {
    // A database without a name: on disk, and gone with the process, however that ends.
    this.#database = new DatabaseSync('');
    // So nothing has to survive a crash, and all of it is one transaction.
    this.#database.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; BEGIN',
    );
  }

  define(sql: string): void {
    this.#database.exec(sql);
  }

  insert(table: string, row: Readonly<Record<string, bigint | string | undefined>>): void {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    this.#prepared(sql).run(...Object.values(row).map(toCell));
  }

  all(sql: string, ...values: (bigint | undefined)[]): readonly Row[] {
    return this.#prepared(sql).all(...values.map(toCell)) as Row[];
  }

  /** The rows one after the other; several such readings may be under way at once. */
  *each(sql: string, ...values: (bigint | undefined)[]): Generator<Row> {
    const idle = this.#idle.get(sql) ?? [];
    this.#idle.set(sql, idle);
    const statement = idle.pop() ?? this.#prepare(sql);
    try {
      yield* statement.iterate(...values.map(toCell)) as Iterable<Row>;
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

function toCell(value: bigint | string | undefined): SQLInputValue {
  if (typeof value === 'bigint' && (value < MIN_INT64 || value > MAX_INT64)) {
    return value.toString();
  }
  return value ?? null;
}

/** An integer, however it was kept. */
export function integerOf(cell: Cell | undefined): bigint {
  return BigInt(cell ?? 0n);
}

export function textOf(cell: Cell | undefined): string {
  return String(cell ?? '');
}
