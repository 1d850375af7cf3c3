/** Sends configurations: new ones, each later than all before it, and those again that had no answer (SMP 2.1, ConfigureAccount). */

import { greaterOf, isLaterSeqnum, nextSeqnum } from '../../protocol/integers.ts';
import type { ConfigureAccount } from '../../protocol/messages.ts';
import { secondsBetween, type Timestamp } from '../../protocol/timestamps.ts';
import { configureAccount } from '../messages/builders.ts';
import { type AccountData, configurationDueAt } from './account-data.ts';
import type { RecordSettings } from './settings.ts';

/** What of a configuration a user chooses. */
export type ConfigurationChoice = Pick<ConfigureAccount, 'negligibleAmount' | 'configFlags' | 'configData'>;

/** What a step leaves: the record, and what has to be sent once the record is saved. */
export interface ConfigurationStep {
  /** The very same record where nothing changed. */
  readonly account: AccountData;
  /** In the order in which they are to be sent. */
  readonly send: readonly ConfigureAccount[];
}

/** The authority ignores a configuration of an account that is missing when it is older than a week. */
const RENEW_AFTER_SECONDS = 86_400;

/**
 * The account with a new configuration, which may be sent when the account is saved. Its time and sequence number are later than
 * those of every configuration that this client knows of, even when the clock went back.
 * @throws {MalformedMessageError} for a choice that breaks the protocol's limits
 */
export function sendConfiguration(
  account: AccountData,
  choice: ConfigurationChoice,
  now: Timestamp,
): ConfigurationStep {
  const { debtorId, creditorId, latest, configuration } = account;
  const known = [
    { ts: latest?.lastConfigTs, seqnum: latest?.lastConfigSeqnum ?? 0 },
    { ts: configuration?.message.ts, seqnum: configuration?.message.seqnum ?? 0 },
  ];
  const ts = known.reduce((greatest, order) => greaterOf(greatest, order.ts ?? now), now);
  const taken = known.filter((order) => order.ts === ts).map(({ seqnum }) => seqnum);
  const last = taken.reduce<number | undefined>(
    (greatest, seqnum) => (greatest === undefined || isLaterSeqnum(seqnum, greatest) ? seqnum : greatest),
    undefined,
  );
  const { negligibleAmount, configFlags, configData } = choice;
  const message = configureAccount({
    debtorId,
    creditorId,
    negligibleAmount,
    configFlags,
    configData,
    ts,
    seqnum: last === undefined ? 0 : nextSeqnum(last),
  });
  const sent = { message, status: 'sent', rejectionCode: undefined, sentAt: now, sentCount: 1 } as const;
  return { account: { ...account, configuration: sent }, send: [message] };
}

/** Sends a configuration again that had no answer for too long. The very same account comes back when none is due. */
export function resendConfiguration(
  account: AccountData,
  now: Timestamp,
  settings: RecordSettings,
): ConfigurationStep {
  const { configuration } = account;
  const dueAt = configurationDueAt(account, settings);
  if (configuration === undefined || dueAt === undefined || now < dueAt) {
    return { account, send: [] };
  }
  const sentCount = configuration.sentCount + 1;
  if (secondsBetween(configuration.message.ts, now) > RENEW_AFTER_SECONDS) {
    const renewed = sendConfiguration(account, configuration.message, now);
    return withSentCount(renewed, sentCount);
  }
  return {
    account: { ...account, configuration: { ...configuration, sentAt: now, sentCount } },
    send: [configuration.message],
  };
}

function withSentCount({ account, send }: ConfigurationStep, sentCount: number): ConfigurationStep {
  const { configuration } = account;
  return { account: { ...account, configuration: configuration && { ...configuration, sentCount } }, send };
}
