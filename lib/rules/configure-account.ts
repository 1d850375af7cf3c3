/** ConfigureAccount (SMP 2.1, sections 3 and 7): creates accounts, configures them, and brings them back. */

import { isLaterSeqnum } from '../protocol/integers.ts';
import type { ConfigureAccount } from '../protocol/messages.ts';
import { addSeconds, type Timestamp } from '../protocol/timestamps.ts';
import {
  type Account,
  announceAccount,
  changeAccount,
  createAccount,
  isRootAccount,
  reviveAccount,
} from './account.ts';
import { isAcceptableConfigData, termsOfConfig } from './currency.ts';
import type { Circumstances } from './settings.ts';
import { APPLIED, ignored, type Snapshot, type Step } from './snapshot.ts';
import { type ConfigRejection, expiryOf } from './transfer.ts';
import { configRejectionIdOf } from './transfer-ids.ts';

/** Whether the configuration is acceptable for the account, in whatever state the account is. */
export function isAcceptableConfig(message: ConfigureAccount): boolean {
  return isAcceptableConfigData(message.configData, isRootAccount(message));
}

export function configureAccount(
  snapshot: Snapshot,
  message: ConfigureAccount,
  { now, settings }: Circumstances,
): Step {
  const { account } = snapshot;
  if (account !== undefined && !isLaterConfig(message, account)) {
    return ignored('stale configuration');
  }
  if (account === undefined && addSeconds(message.ts, settings.messageMaxDelaySeconds) < now) {
    return ignored('too old to create an account');
  }
  if (!isAcceptableConfig(message)) {
    return reject(snapshot, message, now);
  }
  // From here on it succeeds.
  const present = accountToConfigure(snapshot, message, now);
  return { account: announceAccount(applyConfig(present, message), now), outcome: APPLIED };
}

/** Later is the message with the later `ts`; for equal `ts`, the one whose `seqnum` is later in wrapping order. */
function isLaterConfig({ ts, seqnum }: ConfigureAccount, account: Account): boolean {
  return ts === account.lastConfigTs
    ? isLaterSeqnum(seqnum, account.lastConfigSeqnum)
    : ts > account.lastConfigTs;
}

function accountToConfigure(snapshot: Snapshot, message: ConfigureAccount, now: Timestamp): Account {
  const { account, key } = snapshot;
  const terms = isRootAccount(key) ? termsOfConfig(message.configData) : snapshot.terms;
  if (account === undefined) {
    return createAccount(key, terms, now);
  }
  if (account.deletedAt !== undefined) {
    return reviveAccount(account, terms, now);
  }
  const changed = changeAccount(account, now);
  return isRootAccount(key) ? { ...changed, debtorInfo: terms.debtorInfo } : changed;
}

function applyConfig(account: Account, message: ConfigureAccount): Account {
  return {
    ...account,
    lastConfigTs: message.ts,
    lastConfigSeqnum: message.seqnum,
    negligibleAmount: message.negligibleAmount,
    configFlags: message.configFlags,
    configData: message.configData,
  };
}

function reject({ key, records }: Snapshot, config: ConfigureAccount, now: Timestamp): Step {
  const transferId = configRejectionIdOf(config);
  if (records.has(transferId)) {
    return ignored('configuration rejected before');
  }
  const record: ConfigRejection = {
    kind: 'config-rejection',
    sender: key,
    transferId,
    config,
    rejectedAt: now,
    expiresAt: expiryOf(now),
  };
  return { record, outcome: { kind: 'rejected', reason: 'INVALID_CONFIGURATION' } };
}
