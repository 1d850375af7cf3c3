/** Puts together what the messages say of each transfer. */

import type { LiveEntry } from './live.ts';

export type TransferState =
  | 'ignored'
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
  readonly amount: string;
  readonly state: TransferState;
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

/** The transfers that the feed tells of, the latest first. */
export function transferStories(entries: readonly LiveEntry[]): readonly TransferStory[] {
  const byKey = new Map<string, LiveEntry[]>();
  const keyOfPayment = new Map<string, string>();
  const keyOfMessage = new Map<string, string>();
  for (const entry of entries) {
    const key = keyOf(entry, keyOfMessage);
    if (key === undefined) {
      continue;
    }
    add(byKey, key, entry);
    if (entry.kind === 'in') {
      keyOfMessage.set(entry.label, key);
    }
    if (entry.type === 'FinalizedTransfer') {
      const { debtor_id, ts, committed_amount } = entry.fields;
      keyOfPayment.set([debtor_id, ts, committed_amount].join('/'), key);
    }
  }
  // The notices of a payment name neither coordinator nor transfer, but its currency, instant and amount.
  for (const entry of entries.filter(({ type }) => type === 'AccountTransfer')) {
    const { debtor_id, committed_at, acquired_amount = '' } = entry.fields;
    const key = keyOfPayment.get([debtor_id, committed_at, acquired_amount.replace('-', '')].join('/'));
    if (key !== undefined) {
      byKey.get(key)?.push(entry);
    }
  }
  return [...byKey].map(([key, own]) => storyOf(key, own)).reverse();
}

/** An ignored message's log names the message's ID alone. */
function keyOf(entry: LiveEntry, keyOfMessage: ReadonlyMap<string, string>): string | undefined {
  switch (entry.kind) {
    case 'dead':
      return undefined;
    case 'ignored':
      return keyOfMessage.get(entry.label);
    default:
      return transferKey(entry.fields);
  }
}

function add(byKey: Map<string, LiveEntry[]>, key: string, entry: LiveEntry): void {
  const own = byKey.get(key);
  if (own === undefined) {
    byKey.set(key, [entry]);
  } else {
    own.push(entry);
  }
}

function storyOf(key: string, own: readonly LiveEntry[]): TransferStory {
  const entries = own.toSorted((a, b) => a.seq - b.seq);
  const find = (type: string) =>
    entries.find((entry) => entry.type === type && entry.kind !== 'ignored')?.fields;
  const [request, prepared, finalized] = ['PrepareTransfer', 'PreparedTransfer', 'FinalizedTransfer'].map(
    find,
  );
  const known = finalized ?? prepared ?? request ?? entries[0]?.fields ?? {};
  return {
    key,
    debtorId: known.debtor_id ?? '',
    sender: known.creditor_id ?? '',
    recipient: prepared?.recipient ?? request?.recipient ?? '',
    amount: finalized?.committed_amount ?? prepared?.locked_amount ?? request?.max_locked_amount ?? '',
    state: stateOf(entries, { find, finalized, prepared }),
    entries,
  };
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
  const isIgnored = entries.some(({ kind }) => kind === 'ignored');
  return find('RejectedTransfer') ? 'rejected' : isIgnored ? 'ignored' : 'requested';
}
