/** Opens, configures and closes accounts: each is one ConfigureAccount, repeated until the account shows it. And waits for what others do to them. */

import { SCHEDULED_FOR_DELETION_FLAG } from '../../protocol/constants.ts';
import { ConfigRejectedError, WrongRoleError } from '../errors.ts';
import type { AccountData } from '../records/account-data.ts';
import { type ConfigurationChoice, sendConfiguration } from '../records/configuration-chores.ts';
import { type AccountKey, ownsAccount, printRole } from '../roles.ts';
import { printAccount } from './account-book.ts';
import { reportAccount, trySending } from './after-saving.ts';
import { type ClientAccount, clientAccount } from './client-account.ts';
import type { Surroundings } from './surroundings.ts';
import type { WaitOptions } from './transfer-verbs.ts';
import { waitUntil } from './waiting.ts';

/** What an account's owner chooses. What is left out stays as it is, or is the protocol's default for a new account. */
export interface AccountChoice {
  /** Credits up to this amount are not told one by one, and an account with less may be deleted. For a root account it also bounds issuing. */
  readonly negligibleAmount?: number;
  /** For root accounts: the JSON of a RootConfigData, or empty. Others have none. */
  readonly configData?: string;
  /** All flags but bit 0, which says whether the account is to be deleted. */
  readonly configFlags?: number;
}

/**
 * Brings the account to the choice, and waits until it shows it. An account that does already gets no message.
 * @throws {ConfigRejectedError} when the authority does not accept it
 * @throws {WrongRoleError} for an account of somebody else
 */
export async function configureAs(
  client: Surroundings,
  key: AccountKey,
  options: WaitOptions & { readonly choice: AccountChoice; readonly isClosing: boolean },
): Promise<ClientAccount> {
  const { choice, isClosing, signal, closed } = options;
  if (!ownsAccount(client.role, key)) {
    throw new WrongRoleError(`${printRole(client.role)} can't configure ${printAccount(key)}.`);
  }
  const now = client.clock.now();
  const change = await client.accounts.change(
    key,
    {
      now,
      step: (data) => {
        const wanted = completed(data, choice, isClosing);
        return isShownOrAsked(data, wanted)
          ? { account: data, send: [] }
          : sendConfiguration(data, wanted, now);
      },
    },
    signal,
  );
  const { configuration } = change.account.data;
  reportAccount(client, change);
  if (configuration?.status === 'sent') {
    await trySending(client, [configuration.message], signal);
  }
  return waitUntil(client, {
    record: printAccount(key),
    read: () => readConfigured(client, key, signal),
    signal,
    closed,
  });
}

/** Waits until what is known of the account is as wanted. */
export function awaitAccount(
  client: Surroundings,
  key: AccountKey,
  { isAsWanted, signal, closed }: WaitOptions & { readonly isAsWanted: (account: ClientAccount) => boolean },
): Promise<ClientAccount> {
  const read = async (): Promise<ClientAccount | undefined> => {
    const stored = await client.accounts.find(key, signal);
    const account = stored && clientAccount(stored);
    return account !== undefined && isAsWanted(account) ? account : undefined;
  };
  return waitUntil(client, { record: printAccount(key), read, signal, closed });
}

async function readConfigured(
  client: Surroundings,
  key: AccountKey,
  signal: AbortSignal | undefined,
): Promise<ClientAccount | undefined> {
  const account = await client.accounts.find(key, signal);
  const configuration = account?.data.configuration;
  if (configuration?.status === 'rejected' && configuration.rejectionCode !== undefined) {
    throw new ConfigRejectedError(configuration.rejectionCode);
  }
  return account === undefined || configuration?.status === 'sent' ? undefined : clientAccount(account);
}

function completed(data: AccountData, choice: AccountChoice, isClosing: boolean): ConfigurationChoice {
  const { latest } = data;
  const flags = choice.configFlags ?? latest?.configFlags ?? 0;
  return {
    negligibleAmount: choice.negligibleAmount ?? latest?.negligibleAmount ?? 0,
    configData: choice.configData ?? latest?.configData ?? '',
    configFlags: isClosing ? flags | SCHEDULED_FOR_DELETION_FLAG : flags & ~SCHEDULED_FOR_DELETION_FLAG,
  };
}

/** Whether the account has this configuration, or the same was sent and has no answer yet. */
function isShownOrAsked({ latest, configuration }: AccountData, wanted: ConfigurationChoice): boolean {
  const shown = configuration?.status === 'sent' ? configuration.message : latest;
  return (
    shown !== undefined &&
    shown.negligibleAmount === wanted.negligibleAmount &&
    shown.configFlags === wanted.configFlags &&
    shown.configData === wanted.configData
  );
}
