/** What a currency's root account decides for all accounts of the currency (RootConfigData 1.0). */

import { MAX_INT64 } from '../protocol/integers.ts';
import { parseRootConfigData, type RootConfigData } from '../protocol/root-config-data.ts';
import { type Account, type CurrencyTerms, NO_DEBTOR_INFO } from './account.ts';

const DEFAULTS: RootConfigData = { rate: 0, limit: MAX_INT64 };

/** The rate and debtor info of a currency; `undefined` where there is no root account to ask. */
export function termsOfCurrency(rootAccount: Account | undefined): CurrencyTerms | undefined {
  return rootAccount && termsOfConfig(rootAccount.configData);
}

export function termsOfConfig(configData: string): CurrencyTerms {
  const { rate, info } = readConfig(configData);
  return { rate, debtorInfo: info ?? NO_DEBTOR_INFO };
}

/** The most that a root account may owe, before its own negligible amount bounds it further (RootConfigData 1.0, limit). */
export function issuingLimitOf({ configData }: Account): bigint {
  return readConfig(configData).limit;
}

/** Empty is acceptable for every account, RootConfigData for root accounts (SMP 2.1, ConfigureAccount). */
export function isAcceptableConfigData(configData: string, isRoot: boolean): boolean {
  return configData === '' || (isRoot && parseRootConfigData(configData) !== undefined);
}

function readConfig(configData: string): RootConfigData {
  return (configData === '' ? undefined : parseRootConfigData(configData)) ?? DEFAULTS;
}
