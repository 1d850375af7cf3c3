/**
 * The accounts in the store, with their ledgers: entries one by one, and transfers that wait for those before them. Whatever the
 * length of a ledger, only a few items of it are in memory at a time.
 */

import { lesserOf } from '../../protocol/integers.ts';
import type { AccountTransfer, IncomingMessage } from '../../protocol/messages.ts';
import { addSeconds, type Timestamp } from '../../protocol/timestamps.ts';
import { type AccountData, configurationDueAt, unknownAccount } from '../records/account-data.ts';
import {
  EMPTY_LEDGER,
  hasGap,
  type LedgerEntry,
  type LedgerHead,
  patchLedger,
} from '../records/account-ledger.ts';
import type { RecordSettings } from '../records/settings.ts';
import type { AccountKey } from '../roles.ts';
import type { ClientStore, ItemChange, ItemKey } from '../stores/client-store.ts';
import type { Agenda } from './agenda.ts';
import { advanceLedger, type LedgerProgress } from './ledger-work.ts';
import { parseRecord, printRecord } from './record-text.ts';
import { type Attempt, changeRecords, listTexts, Sequences } from './store-access.ts';

/** An account as it is stored, with its place on the agenda. */
export interface StoredAccount {
  readonly data: AccountData;
  readonly head: LedgerHead;
  /** Since when something is missing in the ledger, or was at the last progress. */
  readonly gapSince?: Timestamp | undefined;
  readonly dueAt?: Timestamp | undefined;
}

/** What is to be done with an account at this moment: any of a step of its data, a transfer that came, and overdue work. */
export interface AccountWork {
  readonly now: Timestamp;
  readonly step?: (data: AccountData) => {
    readonly account: AccountData;
    readonly send: readonly IncomingMessage[];
  };
  readonly transfer?: AccountTransfer;
  /** Whether a gap in the ledger that is too old is closed now. */
  readonly patches?: boolean;
}

export interface AccountChange {
  readonly account: StoredAccount;
  readonly isChanged: boolean;
  readonly entries: readonly LedgerEntry[];
  readonly send: readonly IncomingMessage[];
  /** Whether transfers that waited are left to be added. */
  readonly isUnfinished: boolean;
}

/** Each takes four changes at most: two bridges, an entry, and its removal from those that wait. */
const WAITING_PAGE = 8;
const NUMBER_DIGITS = 19;

export class AccountBook {
  readonly #store: ClientStore;
  readonly #agenda: Agenda;
  readonly #settings: RecordSettings;
  readonly #name: string;
  readonly #sequences = new Sequences();

  constructor(
    store: ClientStore,
    agenda: Agenda,
    { name, settings }: { readonly name: string; readonly settings: RecordSettings },
  ) {
    this.#store = store;
    this.#agenda = agenda;
    this.#settings = settings;
    this.#name = name;
  }

  /** Does the work, and saves what it changed. */
  change(key: AccountKey, work: AccountWork, signal?: AbortSignal): Promise<AccountChange> {
    const attempt = () => this.#attempt(key, work, signal);
    return this.#sequences.run(printAccount(key), () => changeRecords(this.#store, attempt, signal));
  }

  async find(key: AccountKey, signal?: AbortSignal): Promise<StoredAccount | undefined> {
    const [text] = await this.#store.read([this.#accountKey(key)], signal);
    return text === undefined ? undefined : parseRecord<StoredAccount>(text);
  }

  async *list(signal?: AbortSignal): AsyncGenerator<StoredAccount, void, undefined> {
    for await (const text of listTexts(this.#store, `${this.#name}/accounts`, { signal })) {
      yield parseRecord<StoredAccount>(text);
    }
  }

  /** The entries after the one of that number, from the first on. */
  async *ledger(
    key: AccountKey,
    afterEntry: bigint,
    signal?: AbortSignal,
  ): AsyncGenerator<LedgerEntry, void, undefined> {
    const options = { after: printNumber(afterEntry), signal };
    for await (const text of listTexts(this.#store, this.#ledgerPartition(key), options)) {
      yield parseRecord<LedgerEntry>(text);
    }
  }

  async #attempt(key: AccountKey, work: AccountWork, signal?: AbortSignal): Promise<Attempt<AccountChange>> {
    const { now, transfer } = work;
    const keys = [
      this.#accountKey(key),
      ...(transfer === undefined ? [] : [this.#waitingKey(key, transfer)]),
    ];
    const [text, waitingText] = await this.#store.read(keys, signal);
    const before: StoredAccount =
      text === undefined ? { data: unknownAccount(key), head: EMPTY_LEDGER } : parseRecord(text);
    const { account: data, send } = work.step?.(before.data) ?? { account: before.data, send: [] };
    // Transfers wait only where something is missing.
    const waiting = before.gapSince === undefined ? [] : await this.#waiting(key, signal);
    const progress = advanceLedger({
      head: before.head,
      waiting,
      hasMoreWaiting: waiting.length === WAITING_PAGE,
      incoming: transfer,
      latest: data.latest,
    });
    const ledger = this.#patch(before, { ...progress, data }, work);
    const after = this.#account(before, { ...ledger, data }, now);
    const changes = this.#changes(key, { before, text, after, ledger });
    if (ledger.isIncomingEarly && transfer !== undefined && waitingText === undefined) {
      changes.push({ ...this.#waitingKey(key, transfer), before: undefined, after: printRecord(transfer) });
    }
    const { entries, isUnfinished } = ledger;
    const isChanged = changes.length > 0;
    return { changes, result: { account: after, isChanged, entries, send, isUnfinished } };
  }

  #patch(
    before: StoredAccount,
    progress: LedgerProgress & { readonly data: AccountData },
    { now, patches = false }: AccountWork,
  ): LedgerProgress {
    const isStuck =
      before.head.lastTransferNumber === progress.head.lastTransferNumber && !progress.isUnfinished;
    const dueAt = before.gapSince && addSeconds(before.gapSince, this.#settings.patchAfterSeconds);
    if (!patches || !isStuck || dueAt === undefined || now < dueAt) {
      return progress;
    }
    const { earliest, data } = progress;
    const { head, entries } = patchLedger(progress.head, { earliest, update: data.latest });
    // What waited behind the gap follows in the next change.
    return {
      ...progress,
      head,
      entries: [...progress.entries, ...entries],
      isUnfinished: earliest !== undefined,
    };
  }

  #account(
    before: StoredAccount,
    ledger: LedgerProgress & { readonly data: AccountData },
    now: Timestamp,
  ): StoredAccount {
    const { data, head, earliest, isUnfinished } = ledger;
    const isMissing = isUnfinished || hasGap(head, { earliest, update: data.latest });
    const hasProgress = head.lastTransferNumber !== before.head.lastTransferNumber;
    const gapSince = isMissing ? (hasProgress ? now : (before.gapSince ?? now)) : undefined;
    const patchAt = gapSince && (isUnfinished ? now : addSeconds(gapSince, this.#settings.patchAfterSeconds));
    return { data, head, gapSince, dueAt: earlier(configurationDueAt(data, this.#settings), patchAt) };
  }

  #changes(
    key: AccountKey,
    {
      before,
      text,
      after,
      ledger,
    }: {
      readonly before: StoredAccount;
      readonly text: string | undefined;
      readonly after: StoredAccount;
      readonly ledger: LedgerProgress;
    },
  ): ItemChange[] {
    const printed = printRecord(after);
    const isNew = text === undefined && after.data === before.data && after.gapSince === undefined;
    const isSame = printed === text || (isNew && ledger.entries.length === 0);
    return [
      ...(isSame ? [] : [{ ...this.#accountKey(key), before: text, after: printed }]),
      ...this.#agenda.moved({ subject: 'account', sort: printAccount(key) }, before.dueAt, after.dueAt),
      ...ledger.entries.map((entry) => ({
        partition: this.#ledgerPartition(key),
        sort: printNumber(entry.entryNumber),
        before: undefined,
        after: printRecord(entry),
      })),
      ...ledger.used.map((used) => ({
        ...this.#waitingKey(key, used),
        before: printRecord(used),
        after: undefined,
      })),
    ];
  }

  async #waiting(key: AccountKey, signal?: AbortSignal): Promise<AccountTransfer[]> {
    const items = await this.#store.list(this.#waitingPartition(key), { limit: WAITING_PAGE }, signal);
    return items.map(({ text }) => parseRecord<AccountTransfer>(text));
  }

  #accountKey(key: AccountKey): ItemKey {
    return { partition: `${this.#name}/accounts`, sort: printAccount(key) };
  }

  #ledgerPartition(key: AccountKey): string {
    return `${this.#name}/ledger/${printAccount(key)}`;
  }

  #waitingPartition(key: AccountKey): string {
    return `${this.#name}/waiting/${printAccount(key)}`;
  }

  #waitingKey(key: AccountKey, { creationDate, transferNumber }: AccountTransfer): ItemKey {
    return { partition: this.#waitingPartition(key), sort: `${creationDate} ${printNumber(transferNumber)}` };
  }
}

/** `<debtor>/<creditor>`, as accounts are written everywhere. */
export function printAccount({ debtorId, creditorId }: AccountKey): string {
  return `${debtorId}/${creditorId}`;
}

/** The account of a text that `printAccount` wrote. */
export function parseAccount(text: string): AccountKey {
  const [debtorId = '', creditorId = ''] = text.split('/');
  return { debtorId: BigInt(debtorId), creditorId: BigInt(creditorId) };
}

/** Numbers from 0 to 2^63 − 1 as texts of the same order. */
function printNumber(number: bigint): string {
  return number.toString().padStart(NUMBER_DIGITS, '0');
}

function earlier(a: Timestamp | undefined, b: Timestamp | undefined): Timestamp | undefined {
  return a === undefined || b === undefined ? (a ?? b) : lesserOf(a, b);
}
