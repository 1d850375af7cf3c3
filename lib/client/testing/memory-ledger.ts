/** An authority's ledger in memory, kept by the very rules of the real one: messages and time go in, messages come out. */

import type { IncomingMessage, OutgoingMessage } from '../../protocol/messages.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import { type Account, type AccountKey, printAccountKey } from '../../rules/account.ts';
import { runAccountChores } from '../../rules/account-chores.ts';
import { announcePendingUpdate } from '../../rules/announce-account.ts';
import { credit } from '../../rules/credit.ts';
import { termsOfCurrency } from '../../rules/currency.ts';
import { decide, recordIdOf } from '../../rules/decide.ts';
import { projectAccount, projectRecord } from '../../rules/projection.ts';
import { isReachableAccount } from '../../rules/reachability.ts';
import type { Settings } from '../../rules/settings.ts';
import type { Outcome } from '../../rules/snapshot.ts';
import { hasStatus, type TransferRecord } from '../../rules/transfer.ts';
import { transferChore } from '../../rules/transfer-chores.ts';

/** A change of one account and of transfers, before it is written. */
interface Change {
  readonly key: AccountKey;
  readonly account: Account | undefined;
  readonly records: readonly TransferRecord[];
}

export interface Receipt {
  readonly outcome: Outcome;
  readonly messages: readonly OutgoingMessage[];
}

export class MemoryLedger {
  readonly #settings: Settings;
  readonly #accounts = new Map<string, Account>();
  readonly #records = new Map<string, TransferRecord>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get accounts(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  get records(): readonly TransferRecord[] {
    return [...this.#records.values()];
  }

  account(key: AccountKey): Account | undefined {
    return this.#accounts.get(printAccountKey(key));
  }

  /** Decides about one message. What it commits is credited at once. */
  receive(message: IncomingMessage, now: Timestamp): Receipt {
    const { debtorId, creditorId } = message;
    const key = { debtorId, creditorId };
    const recordId = recordIdOf(message);
    const record = recordId === undefined ? undefined : this.#records.get(printRecordKey(key, recordId));
    const snapshot = {
      key,
      account: this.account(key),
      records: new Map(record === undefined ? [] : [[record.transferId, record]]),
      terms: this.#termsOf(debtorId),
      isReachable: (id: bigint) => isReachableAccount(id, this.account({ debtorId, creditorId: id })),
    };
    const { account, records, outcomes } = decide(snapshot, [message], { now, settings: this.#settings });
    const [outcome = { kind: 'ignored', reason: 'nothing was decided' }] = outcomes;
    const messages = this.#write({ key, account, records }, now);
    return { outcome, messages: [...messages, ...this.#creditAll(now)] };
  }

  /** Does all periodic work that is due. */
  runChores(now: Timestamp): OutgoingMessage[] {
    const messages: OutgoingMessage[] = [];
    for (const before of this.accounts) {
      const terms = this.#termsOf(before.debtorId);
      const { account, payments } = runAccountChores(before, terms, { now, settings: this.#settings });
      messages.push(...this.#write({ key: before, account, records: payments }, now));
    }
    for (const record of this.records) {
      const chore = record.kind === 'transfer' ? transferChore(record, now, this.#settings) : undefined;
      if (chore?.kind === 'remind') {
        const account = this.account(record.sender);
        messages.push(...this.#write({ key: record.sender, account, records: [chore.transfer] }, now));
      } else if (record.expiresAt !== undefined && record.expiresAt < now) {
        this.#records.delete(printRecordKey(record.sender, record.transferId));
      }
    }
    return [...messages, ...this.#creditAll(now)];
  }

  #creditAll(now: Timestamp): OutgoingMessage[] {
    const messages: OutgoingMessage[] = [];
    for (const record of this.#records.values()) {
      if (hasStatus(record, 'committed')) {
        const key = { debtorId: record.sender.debtorId, creditorId: record.recipientId };
        const recipient = { key, account: this.account(key), terms: this.#termsOf(key.debtorId) };
        const decision = credit(recipient, [record], { now, settings: this.#settings });
        messages.push(...this.#write({ key, ...decision }, now));
      }
    }
    return messages;
  }

  /** Writes the change, announces a deferred update at once, and returns the messages that are due for it. */
  #write({ key, account, records }: Change, now: Timestamp): OutgoingMessage[] {
    const before = this.account(key);
    const announced =
      account?.pendingUpdateSince === undefined ? account : announcePendingUpdate(account, now);
    const after = announced && announced !== before ? withVersion(announced, before) : announced;
    if (after === undefined) {
      this.#accounts.delete(printAccountKey(key));
    } else {
      this.#accounts.set(printAccountKey(key), after);
    }
    const messages = projectAccount({ before, after }, now, this.#settings);
    const recordMessages = records.flatMap((record) => {
      const recordKey = printRecordKey(record.sender, record.transferId);
      const former = this.#records.get(recordKey);
      this.#records.set(recordKey, record);
      return projectRecord(former, record);
    });
    return [...messages, ...recordMessages];
  }

  #termsOf(debtorId: bigint) {
    return termsOfCurrency(this.account({ debtorId, creditorId: 0n }));
  }
}

function withVersion(account: Account, before: Account | undefined): Account {
  return before === undefined ? account : { ...account, version: before.version + 1n };
}

function printRecordKey(sender: AccountKey, transferId: bigint): string {
  return `${printAccountKey(sender)}/${transferId}`;
}
