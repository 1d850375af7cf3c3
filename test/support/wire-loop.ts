/**
 * An item client without a table: a read answers what the put sent, in DynamoDB's wire form. It shows what the conversion
 * does to an item.
 */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../lib/storage/fields.ts';
import { itemClient } from '../../lib/storage/item-client.ts';

/** An attribute as DynamoDB and its streams write it. */
export type WireItem = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

export interface WireLoop {
  /** The item as it comes back from a read, and as it was on the wire. */
  readonly roundTrip: (item: Item) => Promise<{ readonly read: Item; readonly wire: WireItem }>;
}

export function wireLoop(): WireLoop {
  let wire: WireItem = {};
  const client = itemClient(
    new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://localhost',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      requestHandler: {
        handle: async (request: { body: string | Uint8Array }) => {
          const { body: sent } = request;
          const text = typeof sent === 'string' ? sent : new TextDecoder().decode(sent);
          wire = JSON.parse(text).Item ?? wire;
          const body = new TextEncoder().encode(JSON.stringify({ Responses: { items: [wire] } }));
          return { response: { statusCode: 200, headers: {}, body } };
        },
      } as never,
    }),
  );
  return {
    roundTrip: async (item) => {
      await client.send(new PutCommand({ TableName: 'items', Item: item }));
      const RequestItems = { items: { Keys: [{ account: 'x' }] } };
      const { Responses } = await client.send(new BatchGetCommand({ RequestItems }));
      return { read: Responses?.items?.[0] as Item, wire };
    },
  };
}
