/** One currency of a test: a random debtor, so that tests can share a stack, and the first steps of most tests. */

import { randomBytes } from 'node:crypto';
import type { Delivery, Inbox } from './inbox.ts';
import { accountId, configureAccount, finalizeTransfer, prepareTransfer } from './requests.ts';
import type { StackUnderTest } from './stack-under-test.ts';
import { printWire, type WireMessage, type WireValue } from './wire-json.ts';

export interface Currency {
  readonly debtorId: bigint;
  readonly send: (...messages: readonly WireMessage[]) => Promise<void>;
  /** Waits for the message of this type about this currency with these field values, and takes it. */
  readonly receive: (type: string, fields?: Readonly<Record<string, WireValue>>) => Promise<Delivery>;
  /** Configures the account. @returns its AccountUpdate */
  readonly open: (creditorId: bigint, fields?: Readonly<Record<string, WireValue>>) => Promise<WireMessage>;
  /** Opens the root account with the greatest issuing limit that int64 allows. */
  readonly openRoot: (fields?: Readonly<Record<string, WireValue>>) => Promise<WireMessage>;
  readonly transfer: (wish: TransferWish) => Promise<TransferMessages>;
  /** Messages about this currency that were not taken, without AccountUpdates (which may be deferred). */
  readonly untaken: () => readonly Delivery[];
  /** All AccountUpdates of the account, taken or not. */
  readonly updates: (creditorId: bigint) => readonly WireMessage[];
  /** The latest AccountUpdate of each account that was not purged, by creditor ID. */
  readonly latestUpdates: () => ReadonlyMap<bigint, WireMessage>;
}

export interface TransferWish {
  readonly from: bigint;
  readonly to: bigint;
  readonly amount: bigint;
  readonly note?: string;
}

/** All messages of one transfer; accounts that get no AccountTransfer have none. */
export interface TransferMessages {
  readonly prepare: WireMessage;
  readonly prepared: WireMessage;
  readonly finalize: WireMessage;
  readonly finalized: WireMessage;
  readonly sent: WireMessage | undefined;
  readonly received: WireMessage | undefined;
}

export function createCurrency(
  stack: StackUnderTest,
  inbox: Inbox,
  debtorId: bigint = randomBytes(8).readBigInt64BE(),
): Currency {
  const send = async (...messages: readonly WireMessage[]) =>
    void (await stack.incoming.send(messages.map(printWire)));
  const receive = (type: string, fields: Readonly<Record<string, WireValue>> = {}) => {
    const wanted = Object.entries({ type, debtor_id: debtorId, ...fields });
    const what = `${type} (${wanted
      .slice(1)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')})`;
    return inbox.take(what, ({ message }) => wanted.every(([name, value]) => message[name] === value));
  };
  const open: Currency['open'] = async (creditorId, fields = {}) => {
    await send(configureAccount({ debtor_id: debtorId, creditor_id: creditorId, ...fields }));
    return (await receive('AccountUpdate', { creditor_id: creditorId })).message;
  };
  const ofCurrency = ({ message }: Delivery) => message.debtor_id === debtorId;
  return {
    debtorId,
    send,
    receive,
    open,
    openRoot: (fields) => open(0n, { negligible_amount: 1e300, ...fields }),
    transfer: (wish) => transfer({ debtorId, send, receive }, wish),
    untaken: () =>
      inbox.pending((delivery) => ofCurrency(delivery) && delivery.message.type !== 'AccountUpdate'),
    updates: (creditorId) =>
      inbox
        .history(ofCurrency)
        .map(({ message }) => message)
        .filter(({ type, creditor_id }) => type === 'AccountUpdate' && creditor_id === creditorId),
    latestUpdates: () => latestUpdates(inbox.history(ofCurrency)),
  };
}

/** Prepares and commits a transfer, and waits for all its messages. */
async function transfer(
  { debtorId, send, receive }: Pick<Currency, 'debtorId' | 'send' | 'receive'>,
  { from, to, amount, note = '' }: TransferWish,
): Promise<TransferMessages> {
  const prepare = prepareTransfer({
    debtor_id: debtorId,
    creditor_id: from,
    recipient: accountId(to),
    min_locked_amount: amount,
    max_locked_amount: amount,
  });
  await send(prepare);
  const { coordinator_type = '', coordinator_id = 0n, coordinator_request_id = 0n } = prepare;
  const request = { creditor_id: from, coordinator_type, coordinator_id, coordinator_request_id };
  const { message: prepared } = await receive('PreparedTransfer', request);
  const finalize = finalizeTransfer(prepared, { committed_amount: amount, transfer_note: note });
  await send(finalize);
  const { message: finalized } = await receive('FinalizedTransfer', request);
  const entryOf = async (owner: bigint, acquired_amount: bigint) => {
    if (owner === 0n) {
      return undefined;
    }
    const committed_at = finalized.ts ?? '';
    const parties = { sender: accountId(from), recipient: accountId(to) };
    const fields = { creditor_id: owner, acquired_amount, committed_at, ...parties };
    return (await receive('AccountTransfer', fields)).message;
  };
  const sent = await entryOf(from, -amount);
  const received = await entryOf(to, amount);
  return { prepare, prepared, finalize, finalized, sent, received };
}

function latestUpdates(deliveries: readonly Delivery[]): ReadonlyMap<bigint, WireMessage> {
  const latest = new Map<bigint, WireMessage>();
  for (const { message } of deliveries) {
    const creditorId = message.creditor_id as bigint;
    const known = latest.get(creditorId);
    if (message.type === 'AccountUpdate' && (known === undefined || isLater(message, known))) {
      latest.set(creditorId, message);
    }
  }
  for (const { message } of deliveries) {
    if (message.type === 'AccountPurge') {
      latest.delete(message.creditor_id as bigint);
    }
  }
  return latest;
}

/** Whether an account's AccountUpdate is the later one of two (SMP 2.1, outgoing messages). */
export function isLater(candidate: WireMessage, reference: WireMessage): boolean {
  const seqnums = [candidate, reference].map(({ last_change_seqnum }) => last_change_seqnum as bigint);
  const step = BigInt.asIntN(32, (seqnums[0] ?? 0n) - (seqnums[1] ?? 0n));
  // Of two about the same change, the one that was sent later counts.
  return step === 0n ? String(candidate.ts) > String(reference.ts) : step > 0n;
}
