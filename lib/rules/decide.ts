/** The only way in which messages change the ledger: applies those for one account to its snapshot, one after the other. */

import type { IncomingMessage } from '../protocol/messages.ts';
import type { Account } from './account.ts';
import { announceUnlessRecent } from './announce-account.ts';
import { configureAccount, isAcceptableConfig } from './configure-account.ts';
import { finalizeTransfer } from './finalize-transfer.ts';
import { prepareTransfer } from './prepare-transfer.ts';
import type { Circumstances } from './settings.ts';
import type { Outcome, Snapshot, Step } from './snapshot.ts';
import type { TransferRecord } from './transfer.ts';
import { configRejectionIdOf, transferIdOf } from './transfer-ids.ts';

/** The effect of several messages for one account. */
export interface Decision {
  /** The account afterwards; the very object of the snapshot where nothing changed. */
  readonly account: Account | undefined;
  /** The items that changed, in their latest state. Each message changes at most one. */
  readonly records: readonly TransferRecord[];
  /** One for each message, in the messages' order. */
  readonly outcomes: readonly Outcome[];
}

/** Decides about messages that are all for the account `snapshot.key`. Each message sees the effects of those before it. */
export function decide(
  snapshot: Snapshot,
  messages: readonly IncomingMessage[],
  circumstances: Circumstances,
): Decision {
  const records = new Map(snapshot.records);
  const changed = new Set<bigint>();
  const outcomes: Outcome[] = [];
  let account = snapshot.account;
  for (const message of messages) {
    const step = decideOne({ ...snapshot, account, records }, message, circumstances);
    account = step.account ?? account;
    if (step.record !== undefined) {
      records.set(step.record.transferId, step.record);
      changed.add(step.record.transferId);
    }
    outcomes.push(step.outcome);
  }
  return {
    account: account && announceUnlessRecent(snapshot.account, account, circumstances),
    records: [...records.values()].filter(({ transferId }) => changed.has(transferId)),
    outcomes,
  };
}

function decideOne(snapshot: Snapshot, message: IncomingMessage, circumstances: Circumstances): Step {
  switch (message.type) {
    case 'ConfigureAccount':
      return configureAccount(snapshot, message, circumstances);
    case 'PrepareTransfer':
      return prepareTransfer(snapshot, message, circumstances);
    case 'FinalizeTransfer':
      return finalizeTransfer(snapshot, message, circumstances);
    default:
      return message satisfies never;
  }
}

/** The ID of the only item of the transfers table that the message may change; `undefined` where it can't change one. */
export function recordIdOf(message: IncomingMessage): bigint | undefined {
  switch (message.type) {
    case 'ConfigureAccount':
      return isAcceptableConfig(message) ? undefined : configRejectionIdOf(message);
    case 'PrepareTransfer':
      return transferIdOf(message);
    case 'FinalizeTransfer':
      return message.transferId;
    default:
      return message satisfies never;
  }
}
