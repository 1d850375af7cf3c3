/**
 * The real store over tables in memory, for tests of the shell: a test may inspect, delay or refuse every call, or make
 * it fail after its effect. The tables are those of the simulation; a contract compares them with DynamoDB.
 */

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Account, type AccountKey, printAccountKey } from '../../lib/rules/account.ts';
import type { TransferRecord } from '../../lib/rules/transfer.ts';
import { decodeAccount, encodeAccount } from '../../lib/storage/account-codec.ts';
import type { Item } from '../../lib/storage/fields.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { encodeRecordKey, type RecordKey } from '../../lib/storage/record-keys.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../lib/storage/table-schema.ts';
import { decodeRecord, encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { faultlessTableClient } from '../simulation/aws/simulated-table-client.ts';
import { type ItemChange, SimulatedTables } from '../simulation/aws/simulated-tables.ts';

export const TABLE_NAMES = { accounts: 'Accounts', transfers: 'Transfers' } as const;

/** One call to DynamoDB, as a test sees it. */
export interface TableCall {
  readonly operation: 'read' | 'scan' | 'describe' | 'write';
  /** The table of a read, a scan or a description; the first table of a write. */
  readonly table: string;
  readonly isConsistent: boolean;
  /** How many keys a read asks for, or how many items a write changes. */
  readonly size: number;
}

/** What happens to a call: throws, waits, or calls `proceed` once, more often or never. */
export type Interception = (call: TableCall, proceed: () => Promise<unknown>) => Promise<unknown>;

export interface MemoryLedgerOptions {
  /** The number of items that DynamoDB reports; it counts every six hours. */
  readonly countedItems?: number;
  /** The most items in a page of a scan. */
  readonly pageSize?: number;
}

export class MemoryLedger {
  /** Everything written by the store or the test, in order. */
  readonly changes: ItemChange[] = [];
  /** The calls of the code under test. */
  readonly calls: TableCall[] = [];
  readonly client: DynamoDBDocumentClient;
  readonly store: LedgerStore;
  readonly scan: TableScan;
  /** What happens to calls; at first they all succeed. */
  intercept: Interception = (_call, proceed) => proceed();
  readonly #tables: SimulatedTables;
  readonly #faultless: DynamoDBDocumentClient;
  readonly #options: MemoryLedgerOptions;

  constructor(options: MemoryLedgerOptions = {}, tables?: SimulatedTables) {
    this.#options = options;
    const schemas = { [TABLE_NAMES.accounts]: ACCOUNTS_TABLE, [TABLE_NAMES.transfers]: TRANSFERS_TABLE };
    this.#tables =
      tables ??
      new SimulatedTables(
        schemas,
        () => 0,
        (changes) => this.changes.push(...changes),
      );
    this.#faultless = faultlessTableClient(this.#tables);
    this.client = { send: (command: object) => this.#send(command) } as unknown as DynamoDBDocumentClient;
    const capacity = { consumed: () => {} };
    this.store = new LedgerStore(this.client, TABLE_NAMES, capacity);
    this.scan = new TableScan(this.client, TABLE_NAMES, capacity);
  }

  /** The same tables through another client, whose calls are intercepted separately. */
  seenThrough(intercept: Interception): MemoryLedger {
    const other = new MemoryLedger(this.#options, this.#tables);
    other.intercept = intercept;
    return other;
  }

  /** Makes the writes fail, before or after their effect, for which `choose` returns an error; writes count from 0. */
  failWrites(when: 'before' | 'after', choose: (number: number, call: TableCall) => Error | undefined): void {
    let number = 0;
    this.intercept = async (call, proceed) => {
      const error = call.operation === 'write' ? choose(number++, call) : undefined;
      const answer = error !== undefined && when === 'before' ? undefined : await proceed();
      if (error !== undefined) {
        throw error;
      }
      return answer;
    };
  }

  put(...accounts: readonly Account[]): void {
    for (const account of accounts) {
      this.putItem('accounts', encodeAccount(account));
    }
  }

  putRecord(...records: readonly TransferRecord[]): void {
    for (const record of records) {
      this.putItem('transfers', encodeRecord(record));
    }
  }

  /** As the table's time to live does. */
  forget(key: RecordKey): void {
    this.#tables.write([{ Delete: { TableName: TABLE_NAMES.transfers, Key: encodeRecordKey(key) } }], false);
  }

  /** Puts any item, including ones that our code never writes. */
  putItem(table: keyof typeof TABLE_NAMES, item: Item): void {
    this.#tables.write([{ Put: { TableName: TABLE_NAMES[table], Item: item } }], false);
  }

  account(key: AccountKey): Account | undefined {
    const printed = printAccountKey(key);
    const item = this.#tables
      .current(TABLE_NAMES.accounts)
      .find((candidate) => candidate[ACCOUNTS_TABLE.partitionKey] === printed);
    return item && decodeAccount(item);
  }

  get accounts(): readonly Account[] {
    return this.#tables.current(TABLE_NAMES.accounts).map(decodeAccount);
  }

  get records(): readonly TransferRecord[] {
    return this.#tables.current(TABLE_NAMES.transfers).map(decodeRecord);
  }

  get writes(): readonly TableCall[] {
    return this.calls.filter(({ operation }) => operation === 'write');
  }

  async #send(command: object): Promise<unknown> {
    const call = describeCall(command);
    this.calls.push(call);
    return this.intercept(call, () => this.#answer(command));
  }

  async #answer(command: object): Promise<unknown> {
    const { countedItems, pageSize } = this.#options;
    if (command instanceof DescribeTableCommand) {
      return { Table: { ItemCount: countedItems } };
    }
    if (command instanceof ScanCommand && pageSize !== undefined) {
      return this.#scanPage(command, pageSize);
    }
    return this.#faultless.send(command as ScanCommand);
  }

  #scanPage({ input }: ScanCommand, pageSize: number): Promise<unknown> {
    return this.#faultless.send(new ScanCommand({ ...input, Limit: pageSize }));
  }
}

function describeCall(command: object): TableCall {
  if (command instanceof BatchGetCommand) {
    const [[table, request] = ['', {}]] = Object.entries(command.input.RequestItems ?? {});
    const { Keys = [], ConsistentRead = false } = request;
    return { operation: 'read', table, isConsistent: ConsistentRead, size: Keys.length };
  }
  if (command instanceof TransactWriteCommand) {
    const { TransactItems = [] } = command.input;
    const [first] = TransactItems;
    const table = first?.Put?.TableName ?? first?.Delete?.TableName ?? '';
    return { operation: 'write', table, isConsistent: true, size: TransactItems.length };
  }
  if (command instanceof PutCommand || command instanceof DeleteCommand) {
    return { operation: 'write', table: command.input.TableName ?? '', isConsistent: true, size: 1 };
  }
  const operation = command instanceof ScanCommand ? 'scan' : 'describe';
  const { TableName = '' } = (command as ScanCommand).input;
  return { operation, table: TableName, isConsistent: false, size: 0 };
}
