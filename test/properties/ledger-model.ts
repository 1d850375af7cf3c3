/**
 * The ledger without AWS: items in two maps, written under the conditions of the real writes, and the messages that the
 * changes make due. It does the shell's work one step at a time, so that tests can choose the order of the steps.
 */

import { MalformedMessageError, parseIncomingMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import { type Account, type AccountKey, printAccountKey } from '../../lib/rules/account.ts';
import { runAccountChores } from '../../lib/rules/account-chores.ts';
import { announcePendingUpdate } from '../../lib/rules/announce-account.ts';
import { credit } from '../../lib/rules/credit.ts';
import { termsOfCurrency } from '../../lib/rules/currency.ts';
import { decide, recordIdOf } from '../../lib/rules/decide.ts';
import { projectAccount, projectRecord } from '../../lib/rules/projection.ts';
import { isReachableAccount } from '../../lib/rules/reachability.ts';
import type { Outcome, Snapshot } from '../../lib/rules/snapshot.ts';
import { hasStatus, type Transfer, type TransferRecord } from '../../lib/rules/transfer.ts';
import { transferChore } from '../../lib/rules/transfer-chores.ts';
import { decodeAccount, encodeAccount } from '../../lib/storage/account-codec.ts';
import { accountUnchanged, type Condition, recordUnchanged } from '../../lib/storage/conditions.ts';
import type { Item } from '../../lib/storage/fields.ts';
import type { Change } from '../../lib/storage/ledger-store.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { decodeRecord, encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { DEFAULT_SETTINGS, NOW } from '../support/builders.ts';

/** A completed write, and the messages that are due for it. */
export interface Write extends Change {
  readonly now: Timestamp;
  readonly messages: readonly OutgoingMessage[];
  /** The outcomes of the decided messages, if any. */
  readonly decided: readonly { readonly message: IncomingMessage; readonly outcome: Outcome }[];
}

/** A decided change, to be written now or after others. */
export interface Decided {
  readonly change: Change;
  readonly decided: Write['decided'];
}

export class LedgerModel {
  now = NOW;
  readonly deadLetters: string[] = [];
  readonly #accounts = new Map<string, Item>();
  readonly #records = new Map<string, Item>();
  readonly #observe: (write: Write) => void;

  constructor(observe: (write: Write) => void) {
    this.#observe = observe;
  }

  get accounts(): Account[] {
    return [...this.#accounts.values()].map(decodeAccount);
  }

  get records(): TransferRecord[] {
    return [...this.#records.values()].map(decodeRecord);
  }

  get transfers(): Transfer[] {
    return this.records.filter((record) => record.kind === 'transfer');
  }

  get committed(): Transfer<'committed'>[] {
    return this.records.filter((record) => hasStatus(record, 'committed'));
  }

  account(key: AccountKey): Account | undefined {
    const item = this.#accounts.get(printAccountKey(key));
    return item && decodeAccount(item);
  }

  /** A batch from the queue, as one decision and one write for each account. */
  receive(bodies: readonly string[]): void {
    for (const group of this.parse(bodies).values()) {
      this.decideAndCommit(group);
    }
  }

  /** The messages by account; unreadable ones become dead letters. */
  parse(bodies: readonly string[]): Map<string, IncomingMessage[]> {
    const groups = new Map<string, IncomingMessage[]>();
    for (const body of bodies) {
      try {
        const message = parseIncomingMessage(body);
        groups.set(printAccountKey(message), [...(groups.get(printAccountKey(message)) ?? []), message]);
      } catch (error) {
        if (!(error instanceof MalformedMessageError)) {
          throw error;
        }
        this.deadLetters.push(body);
      }
    }
    return groups;
  }

  decideAndCommit(messages: readonly IncomingMessage[]): void {
    if (!this.commit(this.decide(messages))) {
      throw new Error('a write from the present state was refused');
    }
  }

  decide(messages: readonly IncomingMessage[]): Decided {
    const snapshot = this.#snapshot(messages);
    const decision = decide(snapshot, messages, { now: this.now, settings: DEFAULT_SETTINGS });
    const records = decision.records.map((after) => ({
      before: snapshot.records.get(after.transferId),
      after,
    }));
    return {
      change: { key: snapshot.key, before: snapshot.account, after: decision.account, records },
      decided: messages.map((message, index) => ({
        message,
        outcome: decision.outcomes[index] ?? { kind: 'ignored', reason: 'nothing was decided' },
      })),
    };
  }

  /** Credits the given transfers, which may be older than the stored ones. */
  credit(transfers: readonly Transfer<'committed'>[]): boolean {
    const [first] = transfers;
    if (first === undefined) {
      return true;
    }
    const key = { debtorId: first.sender.debtorId, creditorId: first.recipientId };
    const before = this.account(key);
    const decision = credit({ key, account: before, terms: this.#terms(key.debtorId) }, transfers, {
      now: this.now,
      settings: DEFAULT_SETTINGS,
    });
    const given = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
    const records = decision.records.map((after) => ({ before: given.get(printRecordKey(after)), after }));
    return this.commit({ change: { key, before, after: decision.account, records }, decided: [] });
  }

  announce(account: Account): void {
    const change = {
      key: account,
      before: account,
      after: announcePendingUpdate(account, this.now),
      records: [],
    };
    this.commit({ change, decided: [] });
  }

  /** All periodic work that is due, as the two sweeps find it. */
  sweep(): void {
    for (const before of this.accounts) {
      const { account: after, payments } = runAccountChores(before, this.#terms(before.debtorId), {
        now: this.now,
        settings: DEFAULT_SETTINGS,
      });
      const records = payments.map((payment) => ({ before: undefined, after: payment }));
      this.commit({ change: { key: before, before, after, records }, decided: [] });
    }
    for (const before of this.transfers) {
      const chore = transferChore(before, this.now, DEFAULT_SETTINGS);
      if (chore.kind === 'remind') {
        const records = [{ before, after: chore.transfer }];
        this.commit({
          change: { key: before.sender, before: undefined, after: undefined, records },
          decided: [],
        });
      } else if (chore.kind === 'credit') {
        this.credit([chore.transfer]);
      }
    }
  }

  /** Removes an expired item, some time after that is due, as the table's time to live does. */
  forgetExpired(): void {
    for (const record of this.records) {
      if (record.expiresAt !== undefined && record.expiresAt < this.now) {
        this.#records.delete(printRecordKey(record));
      }
    }
  }

  /** Writes everything, or nothing if a condition fails. */
  commit({ change, decided }: Decided): boolean {
    const { key, before, after, records } = change;
    const stored = after && after !== before && before ? { ...after, version: before.version + 1n } : after;
    const accountKey = printAccountKey(key);
    const isAccountUnchanged =
      stored === before || holds(accountUnchanged(before), this.#accounts.get(accountKey));
    const areRecordsUnchanged = records.every((record) =>
      holds(recordUnchanged(record.before), this.#records.get(printRecordKey(record.after))),
    );
    if (!isAccountUnchanged || !areRecordsUnchanged) {
      return false;
    }
    if (stored !== undefined && stored !== before) {
      this.#accounts.set(accountKey, encodeAccount(stored));
    } else if (stored === undefined && before !== undefined) {
      this.#accounts.delete(accountKey);
    }
    for (const record of records) {
      this.#records.set(printRecordKey(record.after), encodeRecord(record.after));
    }
    const messages = [
      ...projectAccount({ before, after: stored }, this.now, DEFAULT_SETTINGS),
      ...records.flatMap((record) => projectRecord(record.before, record.after)),
    ];
    this.#observe({ now: this.now, key, before, after: stored, records, messages, decided });
    return true;
  }

  #snapshot(messages: readonly IncomingMessage[]): Snapshot {
    const [first] = messages;
    if (first === undefined) {
      throw new Error('there is nothing to decide about');
    }
    const { debtorId, creditorId } = first;
    const key = { debtorId, creditorId };
    const items = messages.flatMap((message) => {
      const transferId = recordIdOf(message);
      const item = transferId && this.#records.get(printRecordKey({ sender: key, transferId }));
      return item ? [decodeRecord(item)] : [];
    });
    return {
      key,
      account: this.account(key),
      records: new Map(items.map((record) => [record.transferId, record])),
      terms: this.#terms(debtorId),
      isReachable: (id) => isReachableAccount(id, this.account({ debtorId, creditorId: id })),
    };
  }

  #terms(debtorId: bigint) {
    return termsOfCurrency(this.account({ debtorId, creditorId: 0n }));
  }
}

/** Evaluates the few forms of conditions that we use, as DynamoDB does. */
function holds(condition: Condition, item: Item | undefined): boolean {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values = {} } = condition;
  return condition.ConditionExpression.split(' AND ').every((term) => {
    const absent = /^attribute_not_exists\((#\w+)\)$/.exec(term)?.[1];
    if (absent !== undefined) {
      return item?.[names[absent] ?? ''] === undefined;
    }
    const [name = '', value = ''] = term.split(' = ');
    return item !== undefined && item[names[name] ?? ''] === values[value];
  });
}
