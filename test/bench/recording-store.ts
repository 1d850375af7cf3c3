/** The ledger store, which reports its commits as the tables' streams would: old and new image of each item. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Account } from '../../lib/rules/account.ts';
import { hasStatus, type Transfer } from '../../lib/rules/transfer.ts';
import type { ItemChange } from '../../lib/shell/publish-events.ts';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { itemClient } from '../../lib/storage/item-client.ts';
import {
  type CapacityObserver,
  type Change,
  LedgerStore,
  type TableNames,
} from '../../lib/storage/ledger-store.ts';
import { accountOfImage, recordOfImage } from '../../lib/storage/stream-image.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { toWire } from '../../lib/storage/wire-item.ts';

/** What one commit adds to the streams. */
export interface Committed {
  readonly changes: readonly ItemChange[];
  /** The transfers among them that must be credited. */
  readonly transfers: readonly Transfer<'committed'>[];
}

export class RecordingStore extends LedgerStore {
  onCommitted: (committed: Committed) => void = () => {};
  #sequenceNumber = 0;

  constructor(client: DynamoDBClient, tables: TableNames, capacity: CapacityObserver) {
    super(itemClient(client), tables, capacity);
  }

  override async commitTogether(changes: readonly Change[]): Promise<readonly (Account | undefined)[]> {
    const stored = await super.commitTogether(changes);
    for (const [index, change] of changes.entries()) {
      this.#tell(change, stored[index]);
    }
    return stored;
  }

  #tell({ before, records }: Change, after: Account | undefined): void {
    const changes = records.map((record) => this.#recordChange(record));
    if (after !== before) {
      changes.push(this.#accountChange(before, after));
    }
    const transfers = records
      .map((record) => record.after)
      .filter((record) => hasStatus(record, 'committed'));
    this.onCommitted({ changes, transfers });
  }

  #accountChange(before: Account | undefined, after: Account | undefined): ItemChange {
    const images = [before, after].map((account) => account && toWire(encodeAccount(account)));
    return this.#change(() => ({
      table: 'accounts',
      before: accountOfImage(images[0]),
      after: accountOfImage(images[1]),
    }));
  }

  #recordChange({ before, after }: Change['records'][number]): ItemChange {
    const images = [before, after].map((record) => record && toWire(encodeRecord(record)));
    return this.#change(() => ({
      table: 'transfers',
      before: recordOfImage(images[0]),
      after: recordOfImage(images[1]),
    }));
  }

  #change(images: ItemChange['images']): ItemChange {
    this.#sequenceNumber += 1;
    return { sequenceNumber: `${this.#sequenceNumber}`, recordedAt: BigInt(Date.now()) * 1_000n, images };
  }
}
