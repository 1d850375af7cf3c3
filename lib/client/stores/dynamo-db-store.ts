/** A store in one DynamoDB table, for clients that run on several machines or as functions. */

import type { ClientStore, ItemChange, ItemKey, ListedItem, ListOptions } from './client-store.ts';

/** The calls of the AWS SDK's `DynamoDB` client that the store makes. An instance of that class is meant. */
export interface DynamoDbCalls {
  /** Reads an item. */
  getItem(
    input: { TableName: string; Key: WireKey; ConsistentRead: boolean },
    options?: CallOptions,
  ): Promise<{ Item?: WireItem | undefined }>;
  /** Reads a page of the items of a partition. */
  query(
    input: QueryInput,
    options?: CallOptions,
  ): Promise<{ Items?: WireItem[] | undefined; LastEvaluatedKey?: WireItem | undefined }>;
  /** Makes all of several changes, or none. */
  transactWriteItems(input: { TransactItems: WireChange[] }, options?: CallOptions): Promise<unknown>;
}

interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

type WireText = { S: string };
type WireKey = { partition: WireText; sort: WireText };
// The SDK's attribute values are a union of which we only meet strings.
// biome-ignore lint/suspicious/noExplicitAny: a structural stand-in for the SDK's type
type WireItem = Record<string, any>;

interface QueryInput {
  TableName: string;
  ConsistentRead: boolean;
  KeyConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Record<string, WireText>;
  ExclusiveStartKey?: WireItem;
  Limit: number;
}

interface Conditional {
  TableName: string;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Record<string, WireText>;
}

type WireChange = { Put: Conditional & { Item: WireItem } } | { Delete: Conditional & { Key: WireKey } };

/** Where in DynamoDB the store is. */
export interface DynamoDbStoreOptions {
  /** The table's name. Its partition key is `partition` and its sort key `sort`, both strings. */
  readonly tableName: string;
  /** Stands before every partition, so that several clients can share a table. Printable ASCII. Default empty. */
  readonly prefix?: string;
}

/** The keys of the table, as CreateTable takes them. */
export const DYNAMO_DB_TABLE_KEYS = {
  KeySchema: [
    { AttributeName: 'partition', KeyType: 'HASH' },
    { AttributeName: 'sort', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'partition', AttributeType: 'S' },
    { AttributeName: 'sort', AttributeType: 'S' },
  ],
} as const;

/** Another writer was faster, or holds one of the items at this moment. Both are reasons to read again. */
const CONFLICTS: ReadonlySet<string | undefined> = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/** Nobody changed the item since it was read. */
const UNCHANGED = '#text = :before';
/** Nobody made the item meanwhile. */
const ABSENT = 'attribute_not_exists(#partition)';

/**
 * The store in the table, which must exist. Errors of the SDK come through.
 * @param client an instance of `DynamoDB` of `@aws-sdk/client-dynamodb`; the caller owns it
 */
export function dynamoDbStore(
  client: DynamoDbCalls,
  { tableName, prefix = '' }: DynamoDbStoreOptions,
): ClientStore {
  return new DynamoDbStore(client, tableName, prefix);
}

class DynamoDbStore implements ClientStore {
  readonly #client: DynamoDbCalls;
  readonly #tableName: string;
  readonly #prefix: string;

  constructor(client: DynamoDbCalls, tableName: string, prefix: string) {
    this.#client = client;
    this.#tableName = tableName;
    this.#prefix = prefix;
  }

  async read(keys: readonly ItemKey[], signal?: AbortSignal): Promise<(string | undefined)[]> {
    return Promise.all(
      keys.map(async (key) => {
        const input = { TableName: this.#tableName, Key: this.#wireKey(key), ConsistentRead: true };
        const { Item } = await this.#client.getItem(input, callOptions(signal));
        return Item && textOf(Item);
      }),
    );
  }

  async write(changes: readonly ItemChange[], signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    if (changes.length === 0) {
      return true;
    }
    try {
      const TransactItems = changes.map((change) => this.#wireChange(change));
      await this.#client.transactWriteItems({ TransactItems }, callOptions(signal));
      return true;
    } catch (error) {
      if (isConflict(error)) {
        return false;
      }
      throw error;
    }
  }

  async list(
    partition: string,
    { after, limit }: ListOptions,
    signal?: AbortSignal,
  ): Promise<readonly ListedItem[]> {
    const items: ListedItem[] = [];
    let start = after === undefined ? undefined : this.#wireKey({ partition, sort: after });
    do {
      const input = this.#wireQuery(partition, limit - items.length);
      const page = await this.#client.query(
        { ...input, ...(start && { ExclusiveStartKey: start }) },
        callOptions(signal),
      );
      items.push(...(page.Items ?? []).map((item) => ({ sort: String(item.sort?.S), text: textOf(item) })));
      start = page.LastEvaluatedKey as WireKey | undefined;
    } while (start !== undefined && items.length < limit);
    return items;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #wireKey({ partition, sort }: ItemKey): WireKey {
    return { partition: { S: `${this.#prefix}${partition}` }, sort: { S: sort } };
  }

  #wireQuery(partition: string, limit: number): QueryInput {
    return {
      TableName: this.#tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#partition = :partition',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: { ':partition': { S: `${this.#prefix}${partition}` } },
      Limit: limit,
    };
  }

  #wireChange(change: ItemChange): WireChange {
    const { before, after } = change;
    const Key = this.#wireKey(change);
    const conditional: Conditional =
      before === undefined
        ? {
            TableName: this.#tableName,
            ConditionExpression: ABSENT,
            ExpressionAttributeNames: { '#partition': 'partition' },
          }
        : {
            TableName: this.#tableName,
            ConditionExpression: UNCHANGED,
            ExpressionAttributeNames: { '#text': 'text' },
            ExpressionAttributeValues: { ':before': { S: before } },
          };
    return after === undefined
      ? { Delete: { ...conditional, Key } }
      : { Put: { ...conditional, Item: { ...Key, text: { S: after } } } };
  }
}

function textOf(item: WireItem): string {
  return String(item.text?.S);
}

function callOptions(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { abortSignal: signal };
}

function isConflict(error: unknown): boolean {
  const { name, CancellationReasons = [] } = error as {
    readonly name?: string;
    readonly CancellationReasons?: readonly { readonly Code?: string }[];
  };
  const reasons = CancellationReasons.filter(({ Code }) => Code !== undefined && Code !== 'None');
  return (
    name === 'TransactionCanceledException' &&
    reasons.length > 0 &&
    reasons.every(({ Code }) => CONFLICTS.has(Code))
  );
}
