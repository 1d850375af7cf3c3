/** The running transfers in the store: each found by its coordinator's triple, and by the user's idempotency key. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import {
  type RunningTransfer,
  type TransferKey,
  type TransferStep,
  transferKeyOf,
} from '../records/running-transfer.ts';
import type { RecordSettings } from '../records/settings.ts';
import { transferDueAt } from '../records/transfer-chores.ts';
import type { ClientStore, ItemChange } from '../stores/client-store.ts';
import type { Agenda } from './agenda.ts';
import { parseRecord, printRecord } from './record-text.ts';
import { changeRecords, listTexts, Sequences } from './store-access.ts';

/** A transfer as it is stored, with its place on the agenda. */
interface StoredTransfer {
  readonly transfer: RunningTransfer;
  readonly dueAt: Timestamp;
}

/** A step, and whether it changed the record. */
export interface TransferChange extends TransferStep {
  readonly isChanged: boolean;
}

export class TransferBook {
  readonly #store: ClientStore;
  readonly #agenda: Agenda;
  readonly #settings: RecordSettings;
  readonly #transfers: string;
  readonly #keys: string;
  readonly #sequences = new Sequences();

  constructor(
    store: ClientStore,
    agenda: Agenda,
    { name, settings }: { readonly name: string; readonly settings: RecordSettings },
  ) {
    this.#store = store;
    this.#agenda = agenda;
    this.#settings = settings;
    this.#transfers = `${name}/transfers`;
    this.#keys = `${name}/keys`;
  }

  /** Saves a new transfer; false where the idempotency key or the triple is taken. */
  async add(transfer: RunningTransfer, signal?: AbortSignal): Promise<boolean> {
    return this.#store.write(this.#changes(undefined, transfer), signal);
  }

  /**
   * Makes one step of a transfer, and saves it. `undefined` stands for no record, which no step makes one of.
   * @param sort as `sortOf` prints the triple
   */
  change(
    sort: string,
    step: (transfer: RunningTransfer | undefined) => TransferStep,
    signal?: AbortSignal,
  ): Promise<TransferChange> {
    const attempt = async () => {
      const [text] = await this.#store.read([{ partition: this.#transfers, sort }], signal);
      const before = text === undefined ? undefined : parseRecord<StoredTransfer>(text);
      const result = step(before?.transfer);
      const isChanged = before !== undefined && result.transfer !== before.transfer;
      const changes = isChanged ? this.#changes({ ...before, text: text ?? '' }, result.transfer) : [];
      return { changes, result: { ...result, isChanged } };
    };
    return this.#sequences.run(sort, () => changeRecords(this.#store, attempt, signal));
  }

  async find(sort: string, signal?: AbortSignal): Promise<RunningTransfer | undefined> {
    const [text] = await this.#store.read([{ partition: this.#transfers, sort }], signal);
    return text === undefined ? undefined : parseRecord<StoredTransfer>(text).transfer;
  }

  async findByKey(idempotencyKey: string, signal?: AbortSignal): Promise<RunningTransfer | undefined> {
    const key = { partition: this.#keys, sort: printIdempotencyKey(idempotencyKey) };
    const [sort] = await this.#store.read([key], signal);
    return sort === undefined ? undefined : this.find(sort, signal);
  }

  async *list(signal?: AbortSignal): AsyncGenerator<RunningTransfer, void, undefined> {
    for await (const text of listTexts(this.#store, this.#transfers, { signal })) {
      yield parseRecord<StoredTransfer>(text).transfer;
    }
  }

  /** The record, its key and its place on the agenda change together. */
  #changes(
    before: (StoredTransfer & { readonly text: string }) | undefined,
    after: RunningTransfer | undefined,
  ): ItemChange[] {
    const known = (after ?? before?.transfer) as RunningTransfer;
    const sort = sortOf(transferKeyOf(known));
    const dueAt = after && transferDueAt(after, this.#settings);
    const record = {
      partition: this.#transfers,
      sort,
      before: before?.text,
      after: after && printRecord({ transfer: after, dueAt }),
    };
    const key = {
      partition: this.#keys,
      sort: printIdempotencyKey(known.idempotencyKey),
      before: before && sort,
      after: after && sort,
    };
    const isKeyChanged = before === undefined || after === undefined;
    const agenda = this.#agenda.moved({ subject: 'transfer', sort }, before?.dueAt, dueAt);
    return [record, ...(isKeyChanged ? [key] : []), ...agenda];
  }
}

/** The place of a transfer in its partition. The user's coordinator type may have any ASCII. */
export function sortOf({ coordinatorType, coordinatorId, coordinatorRequestId }: TransferKey): string {
  return `${encodeURIComponent(coordinatorType)}/${coordinatorId}/${coordinatorRequestId}`;
}

/** In printable ASCII, whatever the user chose. */
function printIdempotencyKey(idempotencyKey: string): string {
  return `=${encodeURIComponent(idempotencyKey)}`;
}
