/**
 * What happens with a message from the authority, in this order: it changes records, the records are saved, what they make due is
 * sent, and only then the message is acknowledged. A crash between any two of these makes it come again, which is harmless.
 */

import { MalformedMessageError, parseOutgoingMessage } from '../../protocol/codec.ts';
import { SCHEDULED_FOR_DELETION_FLAG } from '../../protocol/constants.ts';
import type {
  AccountPurge,
  AccountTransfer,
  AccountUpdate,
  OutgoingMessage,
  RejectedConfig,
} from '../../protocol/messages.ts';
import type { Delivery } from '../ports.ts';
import { type AccountData, receiveAccountMessage } from '../records/account-data.ts';
import { type ConfigurationStep, sendConfiguration } from '../records/configuration-chores.ts';
import { receiveTransferAnswer, type TransferAnswer } from '../records/transfer-answers.ts';
import { ownsAccount, ownsRequest } from '../roles.ts';
import { reportAccount, reportTransfer, sendSaved } from './after-saving.ts';
import type { Surroundings } from './surroundings.ts';
import { sortOf } from './transfer-book.ts';

/** Processes one delivery. When it rejects, the delivery is not acknowledged and comes again. */
export async function handleDelivery(
  client: Surroundings,
  delivery: Delivery,
  options: {
    readonly signal?: AbortSignal;
    readonly onMessage?: (message: OutgoingMessage) => Promise<void>;
  },
): Promise<void> {
  const { signal, onMessage } = options;
  const message = parse(delivery.body);
  const reason = message instanceof MalformedMessageError ? message.message : strangerReason(client, message);
  if (reason !== undefined || message instanceof MalformedMessageError) {
    await setAside(client, { body: delivery.body, reason: reason ?? '' }, signal);
  } else {
    await handleMessage(client, message, signal);
    await onMessage?.(message);
    client.notices.tell({ kind: 'message', message });
  }
  await client.transport.acknowledge([delivery], signal);
}

function parse(body: string): OutgoingMessage | MalformedMessageError {
  try {
    return parseOutgoingMessage(body);
  } catch (error) {
    if (error instanceof MalformedMessageError) {
      return error;
    }
    throw error;
  }
}

/** Why the message is not for this client. A lock of somebody else must not be dismissed. */
function strangerReason({ role }: Surroundings, message: OutgoingMessage): string | undefined {
  switch (message.type) {
    case 'PreparedTransfer':
    case 'RejectedTransfer':
    case 'FinalizedTransfer':
      return ownsRequest(role, message) ? undefined : 'it answers a request of another coordinator';
    case 'AccountUpdate':
    case 'AccountTransfer':
    case 'AccountPurge':
    case 'RejectedConfig':
      return ownsAccount(role, message) ? undefined : 'it is about an account of somebody else';
    default:
      return message satisfies never;
  }
}

/** Nothing that came is ever lost, also when nothing can be done with it. */
async function setAside(
  { store, name, clock, randomId, notices }: Surroundings,
  letter: { readonly body: string; readonly reason: string },
  signal?: AbortSignal,
): Promise<void> {
  const sort = `${clock.now().toString().padStart(20, '0')} ${randomId()}`;
  const item = { partition: `${name}/aside`, sort, before: undefined, after: JSON.stringify(letter) };
  await store.write([item], signal);
  notices.tell({ kind: 'set-aside', ...letter });
}

async function handleMessage(
  client: Surroundings,
  message: OutgoingMessage,
  signal?: AbortSignal,
): Promise<void> {
  switch (message.type) {
    case 'PreparedTransfer':
    case 'RejectedTransfer':
    case 'FinalizedTransfer':
      return handleTransferAnswer(client, message, signal);
    case 'AccountTransfer':
      return handleAccountTransfer(client, message, signal);
    case 'AccountUpdate':
    case 'AccountPurge':
    case 'RejectedConfig':
      return handleAccountMessage(client, message, signal);
    default:
      return message satisfies never;
  }
}

async function handleTransferAnswer(
  client: Surroundings,
  answer: TransferAnswer,
  signal?: AbortSignal,
): Promise<void> {
  const now = client.clock.now();
  const change = await client.transfers.change(
    sortOf(answer),
    (transfer) => receiveTransferAnswer(transfer, answer, now),
    signal,
  );
  await sendSaved(client, change.send, signal);
  reportTransfer(client, change);
}

async function handleAccountMessage(
  client: Surroundings,
  message: AccountUpdate | AccountPurge | RejectedConfig,
  signal?: AbortSignal,
): Promise<void> {
  const now = client.clock.now();
  const step = (data: AccountData): ConfigurationStep => {
    const account = receiveAccountMessage(data, message, now);
    const isNew =
      data.latest === undefined && data.configuration === undefined && account.latest !== undefined;
    return isNew && client.unknownAccounts === 'close'
      ? sendConfiguration(account, closed(account.latest), now)
      : { account, send: [] };
  };
  const change = await client.accounts.change(message, { now, step }, signal);
  await sendSaved(client, change.send, signal);
  reportAccount(client, change);
}

/** What the account has is kept; it is only to be deleted when that is negligible. */
function closed(latest: AccountUpdate) {
  const { negligibleAmount, configFlags, configData } = latest;
  return { negligibleAmount, configFlags: configFlags | SCHEDULED_FOR_DELETION_FLAG, configData };
}

async function handleAccountTransfer(
  client: Surroundings,
  transfer: AccountTransfer,
  signal?: AbortSignal,
): Promise<void> {
  const now = client.clock.now();
  let change = await client.accounts.change(transfer, { now, transfer }, signal);
  reportAccount(client, change);
  while (change.isUnfinished) {
    change = await client.accounts.change(transfer, { now }, signal);
    reportAccount(client, change);
  }
}
