/** What a root account's configuration means for its currency, and whom a transfer may be prepared for. */

import { describe, expect, it } from 'vitest';
import {
  isAcceptableConfigData,
  issuingLimitOf,
  termsOfConfig,
  termsOfCurrency,
} from '../../lib/rules/currency.ts';
import { isReachableAccount } from '../../lib/rules/reachability.ts';
import { aDeletedAccount, anAccount, aRootAccount } from '../support/builders.ts';

const CONFIG_DATA = JSON.stringify({
  type: 'RootConfigData',
  rate: -12.5,
  limit: 77,
  info: { type: 'DebtorInfo', iri: 'https://example.com/', contentType: 'text/html', sha256: 'C'.repeat(64) },
});
const DEFAULT_TERMS = { rate: 0, debtorInfo: { iri: '', contentType: '', sha256: '' } };

describe('the terms of a currency', () => {
  it('are the rate and the debtor info of its root account', () => {
    expect(termsOfCurrency(aRootAccount({ configData: CONFIG_DATA }))).toStrictEqual({
      rate: -12.5,
      debtorInfo: { iri: 'https://example.com/', contentType: 'text/html', sha256: 'C'.repeat(64) },
    });
  });

  it('are unknown without a root account', () => {
    expect(termsOfCurrency(undefined)).toBeUndefined();
  });

  it('are no interest and no debtor info without a configuration', () => {
    expect(termsOfCurrency(aRootAccount())).toStrictEqual(DEFAULT_TERMS);
  });

  it('have defaults for all that the configuration leaves out', () => {
    expect(termsOfConfig('{"type":"RootConfigData"}')).toStrictEqual(DEFAULT_TERMS);
    const info = '{"type":"RootConfigData","info":{"type":"DebtorInfo","iri":"x"}}';
    expect(termsOfConfig(info)).toStrictEqual({
      rate: 0,
      debtorInfo: { iri: 'x', contentType: '', sha256: '' },
    });
  });

  it('hold the rate at both of its ends', () => {
    expect(termsOfConfig('{"type":"RootConfigData","rate":-50}').rate).toBe(-50);
    expect(termsOfConfig('{"type":"RootConfigData","rate":100.0}').rate).toBe(100);
  });
});

describe('the issuing limit', () => {
  it('is that of the configuration, or else the highest int64', () => {
    expect(issuingLimitOf(aRootAccount({ configData: CONFIG_DATA }))).toBe(77n);
    expect(issuingLimitOf(aRootAccount())).toBe(9_223_372_036_854_775_807n);
  });
});

describe('configuration data', () => {
  it('is acceptable when it is empty, for every account', () => {
    expect(isAcceptableConfigData('', false)).toBe(true);
    expect(isAcceptableConfigData('', true)).toBe(true);
  });

  it('that is a valid RootConfigData is acceptable for root accounts, and nothing else is', () => {
    expect(isAcceptableConfigData(CONFIG_DATA, true)).toBe(true);
    expect(isAcceptableConfigData(CONFIG_DATA, false)).toBe(false);
    expect(isAcceptableConfigData('{"type":"RootConfigData","limit":-1}', true)).toBe(false);
    expect(isAcceptableConfigData('x', true)).toBe(false);
  });
});

describe('reachability', () => {
  it('is given for root accounts whatever their state', () => {
    expect(isReachableAccount(0n, undefined)).toBe(true);
    expect(isReachableAccount(0n, aDeletedAccount({ creditorId: 0n }))).toBe(true);
    expect(isReachableAccount(0n, aRootAccount({ configFlags: 1 }))).toBe(true);
  });

  it('is given for ordinary accounts that are there to stay', () => {
    expect(isReachableAccount(5n, anAccount())).toBe(true);
    expect(isReachableAccount(5n, anAccount({ configFlags: -2 }))).toBe(true);
    expect(isReachableAccount(5n, anAccount({ principal: -5n }))).toBe(true);
  });

  it('is not given for ordinary accounts that are missing, deleted or scheduled for deletion', () => {
    expect(isReachableAccount(5n, undefined)).toBe(false);
    expect(isReachableAccount(5n, aDeletedAccount({ configFlags: 0 }))).toBe(false);
    expect(isReachableAccount(5n, anAccount({ configFlags: 1 }))).toBe(false);
  });
});
