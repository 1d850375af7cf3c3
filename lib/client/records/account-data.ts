/**
 * What a client knows of an account: the latest AccountUpdate, and the configuration that it asked for (SMP 2.1, AD record).
 * Messages may come twice, late and in any order.
 */

import { SCHEDULED_FOR_DELETION_FLAG } from '../../protocol/constants.ts';
import { greaterOf, isLaterSeqnum, lesserOf } from '../../protocol/integers.ts';
import type {
  AccountPurge,
  AccountUpdate,
  ConfigureAccount,
  RejectedConfig,
} from '../../protocol/messages.ts';
import type { ConfigRejectionCode } from '../../protocol/status-codes.ts';
import { addSeconds, EPOCH, secondsBetween, type Timestamp } from '../../protocol/timestamps.ts';
import { patienceSeconds, type RecordSettings } from './settings.ts';

/** The latest configuration that this client sent, and what became of it. */
export interface Configuration {
  /** The request as it was sent first; every copy is equal to it. */
  readonly message: ConfigureAccount;
  /** `superseded` when the account shows a later configuration, which another client sent. */
  readonly status: 'sent' | 'applied' | 'superseded' | 'rejected';
  /** Why it was rejected; `undefined` unless it was. */
  readonly rejectionCode: ConfigRejectionCode | undefined;
  /** When it was sent last, in microseconds since 1970. */
  readonly sentAt: Timestamp;
  /** How often it was sent. */
  readonly sentCount: number;
}

/** What is known of an account. SMP 2.1, AD record. */
export interface AccountData {
  /** The debtor, whose currency the account is in. */
  readonly debtorId: bigint;
  /** The account's owner; 0 is the root account. */
  readonly creditorId: bigint;
  /** `undefined` before the first one came, and after the account was purged. */
  readonly latest: AccountUpdate | undefined;
  /** The `ts` of the latest AccountUpdate, never in the future; 0 before the first. */
  readonly lastHeartbeatTs: Timestamp;
  /** The latest configuration that this client asked for; `undefined` when there was none. */
  readonly configuration: Configuration | undefined;
  /** The creation date of the last life that was purged; empty when none was. */
  readonly purgedCreationDate: string;
}

/** Where an account stands: nothing heard yet, open, waiting for its deletion, or gone. */
export type AccountState = 'unknown' | 'open' | 'closing' | 'purged';

/** An account of which nothing is known yet. */
export function unknownAccount({
  debtorId,
  creditorId,
}: Pick<AccountData, 'debtorId' | 'creditorId'>): AccountData {
  return {
    debtorId,
    creditorId,
    latest: undefined,
    lastHeartbeatTs: EPOCH,
    configuration: undefined,
    purgedCreationDate: '',
  };
}

/** A deletion is certain when AccountPurge tells of it. Until then a credit can bring the account back. */
export function accountStateOf({ latest, purgedCreationDate }: AccountData): AccountState {
  if (latest === undefined) {
    return purgedCreationDate === '' ? 'unknown' : 'purged';
  }
  return (latest.configFlags & SCHEDULED_FOR_DELETION_FLAG) === 0 ? 'open' : 'closing';
}

/** Applies a message about the account. The very same data come back where it changes nothing. */
export function receiveAccountMessage(
  account: AccountData,
  message: AccountUpdate | AccountPurge | RejectedConfig,
  now: Timestamp,
): AccountData {
  switch (message.type) {
    case 'AccountUpdate':
      return receiveAccountUpdate(account, message, now);
    case 'AccountPurge':
      return receiveAccountPurge(account, message);
    case 'RejectedConfig':
      return receiveRejectedConfig(account, message);
    default:
      return message satisfies never;
  }
}

function receiveAccountUpdate(account: AccountData, update: AccountUpdate, now: Timestamp): AccountData {
  const { latest, purgedCreationDate } = account;
  const isExpired = secondsBetween(update.ts, now) > update.ttl;
  const isOfFormerLife =
    update.creationDate <= purgedCreationDate ||
    (latest !== undefined && update.creationDate < latest.creationDate);
  if (isExpired || isOfFormerLife) {
    return account;
  }
  // A wrong clock at the authority must not make an account seem alive for long after it is gone.
  const lastHeartbeatTs = greaterOf(account.lastHeartbeatTs, lesserOf(update.ts, now));
  if (latest !== undefined && !isLaterChange(update, latest)) {
    return lastHeartbeatTs === account.lastHeartbeatTs ? account : { ...account, lastHeartbeatTs };
  }
  return {
    ...account,
    latest: update,
    lastHeartbeatTs,
    configuration: confirmed(account.configuration, update),
  };
}

function isLaterChange(candidate: AccountUpdate, latest: AccountUpdate): boolean {
  if (candidate.creationDate !== latest.creationDate) {
    return candidate.creationDate > latest.creationDate;
  }
  return candidate.lastChangeTs === latest.lastChangeTs
    ? isLaterSeqnum(candidate.lastChangeSeqnum, latest.lastChangeSeqnum)
    : candidate.lastChangeTs > latest.lastChangeTs;
}

function confirmed(
  configuration: Configuration | undefined,
  update: AccountUpdate,
): Configuration | undefined {
  if (configuration?.status !== 'sent') {
    return configuration;
  }
  const { ts, seqnum } = configuration.message;
  const { lastConfigTs, lastConfigSeqnum } = update;
  if (lastConfigTs === ts && lastConfigSeqnum === seqnum) {
    return { ...configuration, status: 'applied' };
  }
  const isLater = lastConfigTs === ts ? isLaterSeqnum(lastConfigSeqnum, seqnum) : lastConfigTs > ts;
  return isLater ? { ...configuration, status: 'superseded' } : configuration;
}

function receiveAccountPurge(account: AccountData, { creationDate }: AccountPurge): AccountData {
  if (creationDate <= account.purgedCreationDate) {
    return account;
  }
  // The pair may live again already: then the purge is of its former life.
  const { latest } = account;
  const isGone = latest !== undefined && latest.creationDate <= creationDate;
  return { ...account, latest: isGone ? undefined : latest, purgedCreationDate: creationDate };
}

function receiveRejectedConfig(account: AccountData, rejected: RejectedConfig): AccountData {
  const { configuration } = account;
  const isOurs =
    configuration?.status === 'sent' &&
    configuration.message.ts === rejected.configTs &&
    configuration.message.seqnum === rejected.configSeqnum;
  return isOurs
    ? {
        ...account,
        configuration: { ...configuration, status: 'rejected', rejectionCode: rejected.rejectionCode },
      }
    : account;
}

/** When a configuration without an answer is to be sent again; `undefined` when none awaits one. */
export function configurationDueAt(
  { configuration }: AccountData,
  settings: RecordSettings,
): Timestamp | undefined {
  return configuration?.status === 'sent'
    ? addSeconds(configuration.sentAt, patienceSeconds(configuration.sentCount, settings))
    : undefined;
}
