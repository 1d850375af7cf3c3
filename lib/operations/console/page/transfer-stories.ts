/** Puts together what the messages say of each transfer, message by message. */

import type { LiveEntry } from './live-entry.ts';
import { accountWords } from './search.ts';
import { amount as printAmount } from './words.ts';

export type TransferState =
  | 'ignored'
  | 'refused'
  | 'requested'
  | 'rejected'
  | 'prepared'
  | 'dismissed'
  | 'committed'
  | 'credited'
  | 'failed';

export interface TransferStory {
  readonly key: string;
  readonly debtorId: string;
  readonly sender: string;
  readonly recipient: string;
  /** What was paid, else what was locked or asked for. */
  readonly amount: string;
  readonly state: TransferState;
  /** What is shown of it, in lower case, for the search. */
  readonly words: string;
  /** Its messages, in the order of their coming. */
  readonly entries: readonly LiveEntry[];
}

/** Names a transfer by its coordinator's request; undefined for a message that is about none. */
export function transferKey(fields: Readonly<Record<string, string>>): string | undefined {
  const {
    debtor_id: debtorId = '',
    coordinator_type: coordinatorType = '',
    coordinator_id: coordinatorId = '',
    coordinator_request_id: coordinatorRequestId,
  } = fields;
  return coordinatorRequestId === undefined
    ? undefined
    : printTransferKey({ debtorId, coordinatorType, coordinatorId, coordinatorRequestId });
}

export function printTransferKey(names: {
  readonly debtorId: string;
  readonly coordinatorType: string;
  readonly coordinatorId: string;
  readonly coordinatorRequestId: string;
}): string {
  const { debtorId, coordinatorType, coordinatorId, coordinatorRequestId } = names;
  return [debtorId, coordinatorType, coordinatorId, coordinatorRequestId].join('/');
}

/** The messages of one transfer, and what was last made of them. */
interface Draft {
  readonly key: string;
  readonly entries: LiveEntry[];
  story: TransferStory | undefined;
}

/** Whether the message tells of a prepared transfer that is still neither committed nor dismissed. */
export function isUndecided(entry: LiveEntry, stories: TransferStories): boolean {
  const isPrepared = entry.kind === 'out' && entry.type === 'PreparedTransfer';
  return isPrepared && stories.find(stories.keyOf(entry) ?? '')?.state === 'prepared';
}

export class TransferStories {
  /** In the order of their first messages. */
  readonly #drafts = new Map<string, Draft>();
  /** Where each entry is. */
  readonly #keyOfEntry = new Map<LiveEntry, string>();
  /** By the IDs of incoming messages: an ignored message's log names the message's ID alone. */
  readonly #keyOfMessage = new Map<string, string>();
  /** By currency, instant and amount: the notices of a payment name neither coordinator nor transfer. */
  readonly #keyOfPayment = new Map<string, string>();
  /** Notices that came before the message that tells whose they are. */
  readonly #early = new Map<string, LiveEntry[]>();

  add(entry: LiveEntry): void {
    const { kind, type, label } = entry;
    if (kind === 'out' && type === 'AccountTransfer') {
      this.#addNotice(entry);
      return;
    }
    const key = this.#keyIn(entry);
    if (key === undefined) {
      return;
    }
    this.#addTo(key, entry);
    if (kind === 'in') {
      this.#keyOfMessage.set(label, key);
    }
    if (type === 'FinalizedTransfer') {
      const payment = paymentOf(entry);
      this.#keyOfPayment.set(payment, key);
      for (const notice of this.#early.get(payment) ?? []) {
        this.#addTo(key, notice);
      }
      this.#early.delete(payment);
    }
  }

  /** Must be called with the entries in their order. */
  forget(entry: LiveEntry): void {
    const { type, label } = entry;
    const payment = paymentOf(entry);
    const key = this.#keyOfEntry.get(entry);
    this.#keyOfEntry.delete(entry);
    this.#keyOfMessage.delete(label);
    this.#early.delete(payment);
    if (type === 'FinalizedTransfer') {
      this.#keyOfPayment.delete(payment);
    }
    const draft = key === undefined ? undefined : this.#drafts.get(key);
    if (key === undefined || draft === undefined) {
      return;
    }
    const index = draft.entries.indexOf(entry);
    if (index >= 0) {
      draft.entries.splice(index, 1);
      draft.story = undefined;
    }
    if (draft.entries.length === 0) {
      this.#drafts.delete(key);
    }
  }

  /** Names the transfer that the entry is known to be about. */
  keyOf(entry: LiveEntry): string | undefined {
    return this.#keyOfEntry.get(entry);
  }

  find(key: string): TransferStory | undefined {
    const draft = this.#drafts.get(key);
    return draft && storyOf(draft);
  }

  /** The latest first. */
  latest(maxCount: number, isWanted: (story: TransferStory) => boolean): readonly TransferStory[] {
    const found: TransferStory[] = [];
    for (const draft of [...this.#drafts.values()].reverse()) {
      const story = storyOf(draft);
      if (isWanted(story)) {
        found.push(story);
      }
      if (found.length === maxCount) {
        break;
      }
    }
    return found;
  }

  #addNotice(entry: LiveEntry): void {
    const payment = paymentOf(entry);
    const key = this.#keyOfPayment.get(payment);
    if (key !== undefined) {
      this.#addTo(key, entry);
    } else {
      this.#early.set(payment, [...(this.#early.get(payment) ?? []), entry]);
    }
  }

  #addTo(key: string, entry: LiveEntry): void {
    const draft = this.#drafts.get(key) ?? { key, entries: [], story: undefined };
    draft.entries.push(entry);
    this.#keyOfEntry.set(entry, key);
    draft.story = undefined;
    this.#drafts.set(key, draft);
  }

  #keyIn({ kind, label, fields }: LiveEntry): string | undefined {
    switch (kind) {
      case 'ignored':
        return this.#keyOfMessage.get(label);
      default:
        return transferKey(fields);
    }
  }
}

/** Names the payment that a FinalizedTransfer or an AccountTransfer is about. */
function paymentOf({ type, fields }: LiveEntry): string {
  const { debtor_id, ts, committed_amount, committed_at, acquired_amount = '' } = fields;
  return type === 'FinalizedTransfer'
    ? [debtor_id, ts, committed_amount].join('/')
    : [debtor_id, committed_at, acquired_amount.replace('-', '')].join('/');
}

function storyOf(draft: Draft): TransferStory {
  draft.story ??= tell(draft.key, draft.entries);
  return draft.story;
}

function tell(key: string, own: readonly LiveEntry[]): TransferStory {
  const entries = own.toSorted((a, b) => a.seq - b.seq);
  const find = (type: string) =>
    entries.find((entry) => entry.type === type && entry.kind !== 'ignored')?.fields;
  const [request, prepared, finalized] = ['PrepareTransfer', 'PreparedTransfer', 'FinalizedTransfer'].map(
    find,
  );
  const known = finalized ?? prepared ?? request ?? entries[0]?.fields ?? {};
  const debtorId = known.debtor_id ?? '';
  const sender = known.creditor_id ?? '';
  const recipient = prepared?.recipient ?? request?.recipient ?? '';
  const paid = finalized?.committed_amount === '0' ? undefined : finalized?.committed_amount;
  const amount = paid ?? prepared?.locked_amount ?? request?.max_locked_amount ?? '';
  const state = stateOf(entries, { find, finalized, prepared });
  const accounts = [accountWords(debtorId, sender), accountWords(debtorId, recipient)];
  const texts = entries.flatMap(({ reason, fields }) => [reason, fields.transfer_note ?? '']);
  const words = [key, state, ...accounts, amount, printAmount(amount), ...texts].join(' ').toLowerCase();
  return { key, debtorId, sender, recipient, amount, state, words, entries };
}

type Fields = LiveEntry['fields'] | undefined;

function stateOf(
  entries: readonly LiveEntry[],
  { find, finalized, prepared }: { find: (type: string) => Fields; finalized: Fields; prepared: Fields },
): TransferState {
  const isCredited = entries.some(
    ({ type, fields }) => type === 'AccountTransfer' && !fields.acquired_amount?.startsWith('-'),
  );
  if (isCredited) {
    return 'credited';
  }
  if (finalized !== undefined) {
    const isPaid = finalized.committed_amount !== '0';
    return finalized.status_code !== 'OK' ? 'failed' : isPaid ? 'committed' : 'dismissed';
  }
  if (prepared !== undefined) {
    return 'prepared';
  }
  if (find('RejectedTransfer') !== undefined) {
    return 'rejected';
  }
  const unanswered = entries.find(({ kind }) => kind === 'dead' || kind === 'ignored');
  return unanswered === undefined ? 'requested' : unanswered.kind === 'dead' ? 'refused' : 'ignored';
}
