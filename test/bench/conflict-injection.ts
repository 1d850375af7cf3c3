/**
 * A table client that answers as DynamoDB does under contention: a write to an item that another write is changing is
 * cancelled with `TransactionConflict`, which emulators never do. Calls take as long as in the cloud.
 */

import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Surroundings } from '../../lib/shell/surroundings.ts';
import type { ItemClient } from '../../lib/storage/item-client.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../lib/storage/table-schema.ts';

export interface InjectionOptions {
  readonly surroundings: Surroundings;
  /** Typical duration of a read and of a write in milliseconds; each call takes between half and twice as long. */
  readonly readMs: number;
  readonly writeMs: number;
  readonly onConflict: () => void;
  /** Called with the account keys of the items that a write has changed. */
  readonly onWritten: (accounts: ReadonlySet<string>) => void;
}

/** @param client one that answers immediately */
export function withConflicts(client: ItemClient, options: InjectionOptions): ItemClient {
  const { surroundings, readMs, writeMs, onConflict, onWritten } = options;
  const busy = new Set<string>();
  const delay = (ms: number) => surroundings.pause(ms * (0.5 + 1.5 * surroundings.random() ** 2));
  const proceed = (command: unknown) => (client.send as (command: unknown) => Promise<unknown>)(command);
  const send = async (command: unknown): Promise<unknown> => {
    const keys = keysOf(command);
    if (keys === undefined) {
      await delay(readMs);
      return proceed(command);
    }
    const isBusy = keys.map((key) => busy.has(key));
    if (isBusy.includes(true)) {
      onConflict();
      await delay(readMs);
      throw conflictOf(isBusy);
    }
    for (const key of keys) {
      busy.add(key);
    }
    try {
      await delay(writeMs);
      const output = await proceed(command);
      onWritten(new Set(keys.map((key) => key.split(' ')[0] ?? '')));
      return output;
    } finally {
      for (const key of keys) {
        busy.delete(key);
      }
    }
  };
  return { send } as ItemClient;
}

/** The items that the command writes; undefined for a read. */
function keysOf(command: unknown): string[] | undefined {
  if (command instanceof TransactWriteCommand) {
    return (command.input.TransactItems ?? []).map(({ Put, Delete }) =>
      keyOf(Put?.Item ?? Delete?.Key ?? {}),
    );
  }
  if (command instanceof PutCommand) {
    return [keyOf(command.input.Item ?? {})];
  }
  if (command instanceof DeleteCommand) {
    return [keyOf(command.input.Key ?? {})];
  }
  return undefined;
}

function keyOf(item: Readonly<Record<string, unknown>>): string {
  return `${item[ACCOUNTS_TABLE.partitionKey]} ${item[TRANSFERS_TABLE.sortKey] ?? ''}`;
}

function conflictOf(isBusy: readonly boolean[]): Error {
  const $metadata = { httpStatusCode: 400 };
  if (isBusy.length === 1) {
    return new TransactionConflictException({ message: 'Transaction is ongoing for the item', $metadata });
  }
  return new TransactionCanceledException({
    message: 'Transaction cancelled',
    CancellationReasons: isBusy.map((busy) => ({ Code: busy ? 'TransactionConflict' : 'None' })),
    $metadata,
  });
}
