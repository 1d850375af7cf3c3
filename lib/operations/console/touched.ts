/** Which accounts and transfers the feed says have changed since they were read. */

import { type AccountKey, printAccountKey } from '../../rules/account.ts';
import { printRecordKey, type RecordKey } from '../../storage/record-keys.ts';
import type { FeedEntry } from './answers.ts';

/** More are not worth remembering: reading everything again costs little more. */
const MAX_REMEMBERED = 20_000;

export class Touched {
  readonly #accounts = new Map<string, AccountKey>();
  readonly #records = new Map<string, RecordKey>();
  #isTooMuch = false;

  /** Messages go out after what they tell of was written, so only those count. */
  add({ kind, type, fields }: FeedEntry): void {
    const { debtor_id = '', creditor_id = '', transfer_id = '' } = fields;
    if (kind !== 'out' || !isInteger(debtor_id) || !isInteger(creditor_id)) {
      return;
    }
    const account = { debtorId: BigInt(debtor_id), creditorId: BigInt(creditor_id) };
    this.#accounts.set(printAccountKey(account), account);
    if (type === 'FinalizedTransfer' && isInteger(transfer_id)) {
      const record = { sender: account, transferId: BigInt(transfer_id) };
      this.#records.set(printRecordKey(record), record);
    }
    this.#isTooMuch ||= this.#accounts.size + this.#records.size > MAX_REMEMBERED;
    if (this.#isTooMuch) {
      this.#accounts.clear();
      this.#records.clear();
    }
  }

  /** Whether so much has changed that everything must be read again. */
  get isTooMuch(): boolean {
    return this.#isTooMuch;
  }

  /** Takes out so many, the oldest first. */
  take(maxCount: number): {
    readonly accounts: readonly AccountKey[];
    readonly records: readonly RecordKey[];
  } {
    return { accounts: takeFrom(this.#accounts, maxCount), records: takeFrom(this.#records, maxCount) };
  }
}

function isInteger(text: string): boolean {
  return /^-?\d{1,19}$/.test(text);
}

function takeFrom<T>(map: Map<string, T>, maxCount: number): readonly T[] {
  const taken: T[] = [];
  for (const [key, value] of map) {
    if (taken.length === maxCount) {
      break;
    }
    map.delete(key);
    taken.push(value);
  }
  return taken;
}
