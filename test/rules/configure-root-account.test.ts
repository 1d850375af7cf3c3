/** ConfigureAccount on root accounts, and on accounts that were deleted. */

import { describe, expect, it } from 'vitest';
import { configureAccount } from '../../lib/rules/configure-account.ts';
import {
  aConfigureAccount,
  aDeletedAccount,
  aRootAccount,
  aSnapshot,
  DEFAULT_SETTINGS,
  NOW,
  type SnapshotParts,
} from '../support/builders.ts';

const CONFIG_DATA = JSON.stringify({
  type: 'RootConfigData',
  rate: 5.5,
  limit: 1000,
  info: { type: 'DebtorInfo', iri: 'https://example.com/', contentType: 'text/html', sha256: 'B'.repeat(64) },
});
const DEBTOR_INFO = { iri: 'https://example.com/', contentType: 'text/html', sha256: 'B'.repeat(64) };
/** What the currency's accounts were told before; a root account takes its terms from the message itself. */
const OLD_TERMS = { rate: 9, debtorInfo: { iri: 'https://old.example/', contentType: '', sha256: '' } };

function configured(parts: SnapshotParts, changes: Parameters<typeof aConfigureAccount>[0]) {
  return configureAccount(aSnapshot(parts), aConfigureAccount(changes), {
    now: NOW,
    settings: DEFAULT_SETTINGS,
  }).account;
}

describe('ConfigureAccount for a root account', () => {
  it('creates it without interest, with the debtor info of its own configuration', () => {
    const key = { debtorId: 1n, creditorId: 0n };
    const account = configured(
      { account: undefined, key, terms: OLD_TERMS },
      { creditorId: 0n, configData: CONFIG_DATA },
    );
    expect(account).toMatchObject({
      creditorId: 0n,
      configData: CONFIG_DATA,
      debtorInfo: DEBTOR_INFO,
      interestRate: 0,
      lastInterestRateChangeTs: 0n,
      announcedAt: 1_800_000_000_000_000n,
    });
  });

  it('gives it the debtor info of the new configuration at once', () => {
    const account = aRootAccount({ principal: -5n, debtorInfo: OLD_TERMS.debtorInfo });
    expect(
      configured({ account, terms: OLD_TERMS }, { creditorId: 0n, configData: CONFIG_DATA }),
    ).toStrictEqual({
      ...account,
      negligibleAmount: 2,
      configData: CONFIG_DATA,
      debtorInfo: DEBTOR_INFO,
      lastChangeTs: 1_800_000_000_000_000n,
      lastChangeSeqnum: 1,
      lastConfigTs: 1_800_000_000_000_000n,
      announcedAt: 1_800_000_000_000_000n,
    });
  });

  it('takes the debtor info away with an empty configuration', () => {
    const account = aRootAccount({ configData: CONFIG_DATA, debtorInfo: DEBTOR_INFO });
    expect(configured({ account, terms: OLD_TERMS }, { creditorId: 0n })).toMatchObject({
      configData: '',
      debtorInfo: { iri: '', contentType: '', sha256: '' },
    });
  });
});

describe('ConfigureAccount for an account that was deleted', () => {
  const deleted = aDeletedAccount({
    version: 1_798_761_600_000_009n,
    lastChangeSeqnum: 41,
    lastChangeTs: 1_798_761_600_000_000n,
    lastTransferNumber: 17n,
    lastTransferCommittedAt: 1_798_761_600_000_000n,
    interestRate: 3,
    previousInterestRate: 2,
    lastInterestRateChangeTs: 1_795_000_000_000_000n,
    negligibleAmount: 100,
    announcedAt: 1_798_761_600_000_000n,
  });
  const terms = { rate: 5.5, debtorInfo: DEBTOR_INFO };

  it('brings it back on the present terms, with its creation date and its transfer numbers', () => {
    expect(configured({ account: deleted, terms }, { configFlags: 2 })).toStrictEqual({
      ...deleted,
      deletedAt: undefined,
      interestRate: 5.5,
      previousInterestRate: 0,
      lastInterestRateChangeTs: 1_800_000_000_000_000n,
      debtorInfo: DEBTOR_INFO,
      lastChangeTs: 1_800_000_000_000_000n,
      lastChangeSeqnum: 42,
      lastConfigTs: 1_800_000_000_000_000n,
      negligibleAmount: 2,
      configFlags: 2,
      lastCapitalizationTs: 1_800_000_000_000_000n,
      announcedAt: 1_800_000_000_000_000n,
    });
    expect(deleted.creationDate).toBe('2026-09-21');
    expect(deleted.lastTransferNumber).toBe(17n);
  });

  it('brings it back even when it is scheduled for deletion again', () => {
    expect(configured({ account: deleted }, { configFlags: 1 })).toMatchObject({
      deletedAt: undefined,
      configFlags: 1,
    });
  });

  it('brings it back even when the message is too old to create an account', () => {
    const account = configured({ account: deleted }, { ts: 1_790_000_000_000_001n });
    expect(account).toMatchObject({ deletedAt: undefined, lastConfigTs: 1_790_000_000_000_001n });
  });

  it('brings a root account back with the debtor info of the message', () => {
    const root = { ...deleted, creditorId: 0n, interestRate: 0 };
    const account = configured(
      { account: root, terms: OLD_TERMS },
      { creditorId: 0n, configData: CONFIG_DATA },
    );
    expect(account).toMatchObject({
      deletedAt: undefined,
      interestRate: 0,
      lastInterestRateChangeTs: 0n,
      debtorInfo: DEBTOR_INFO,
    });
  });
});
