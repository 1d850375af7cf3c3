/** What is read, and how consistently, before a batch of messages is decided about. */

import { describe, expect, it } from 'vitest';
import { transferIdOf } from '../../lib/rules/transfer-ids.ts';
import { loadBatch, loadRecipients } from '../../lib/shell/load-snapshots.ts';
import {
  aConfigureAccount,
  aDeletedAccount,
  aFinalizeTransfer,
  anAccount,
  anIssuingTransfer,
  aPrepareTransfer,
  aRootAccount,
  aTransfer,
  CREDITOR_ID,
  DEBTOR_ID,
  RECIPIENT_ID,
  STRANGER_ID,
} from '../support/builders.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

const KEY = { debtorId: DEBTOR_ID, creditorId: CREDITOR_ID };

function reads(ledger: MemoryLedger): readonly string[] {
  return ledger.calls
    .map(({ table, isConsistent, size }) => `${size} of ${table}${isConsistent ? ', consistently' : ''}`)
    .toSorted();
}

describe('the first time', () => {
  it('accounts and items to finalize are read consistently, requests and other accounts cheaply', async () => {
    const ledger = new MemoryLedger();
    await loadBatch(ledger.store, {
      messages: [aPrepareTransfer(), aFinalizeTransfer(), aConfigureAccount()],
      time: 'first',
    });
    // A recipient and a root account.
    expect(reads(ledger)).toStrictEqual([
      '1 of Accounts',
      '1 of Accounts',
      '1 of Accounts, consistently',
      '1 of Transfers',
      '1 of Transfers, consistently',
    ]);
  });

  it('each item is read once, whoever needs it', async () => {
    const ledger = new MemoryLedger();
    const batch = Array.from({ length: 30 }, () => [aPrepareTransfer(), aFinalizeTransfer()]).flat();
    await loadBatch(ledger.store, { messages: batch, time: 'first' });
    expect(reads(ledger)).toStrictEqual([
      '1 of Accounts',
      '1 of Accounts, consistently',
      '1 of Transfers',
      '1 of Transfers, consistently',
    ]);
  });

  it('the root account is not looked at as a recipient, and for its own terms not a second time', async () => {
    const ledger = new MemoryLedger();
    const toRoot = aPrepareTransfer({ recipient: '0' });
    await loadBatch(ledger.store, {
      messages: [toRoot, aConfigureAccount({ creditorId: 0n })],
      time: 'first',
    });
    expect(reads(ledger)).toStrictEqual(['1 of Transfers', '2 of Accounts, consistently']);
  });

  it('an acceptable configuration touches no item of the transfers table, a rejected one does', async () => {
    const ledger = new MemoryLedger();
    await loadBatch(ledger.store, {
      messages: [aConfigureAccount({ configData: 'nonsense' })],
      time: 'first',
    });
    expect(reads(ledger)).toStrictEqual(['1 of Accounts', '1 of Accounts, consistently', '1 of Transfers']);
  });

  it('recipients are not read again when they are known', async () => {
    const ledger = new MemoryLedger();
    const prepare = aPrepareTransfer({ recipient: String(RECIPIENT_ID) });
    ledger.put(anAccount({ creditorId: RECIPIENT_ID }));
    const recipients = loadRecipients(ledger.store, [prepare]);
    const batch = await loadBatch(ledger.store, { messages: [prepare], time: 'first', recipients });
    expect(batch.snapshotOf(KEY).isReachable(RECIPIENT_ID)).toBe(true);
    expect(reads(ledger)).toStrictEqual(['1 of Accounts', '1 of Accounts, consistently', '1 of Transfers']);
  });
});

describe('a recipient that is no account ID', () => {
  it('is not looked for', async () => {
    const ledger = new MemoryLedger();
    await loadBatch(ledger.store, { messages: [aPrepareTransfer({ recipient: 'nobody' })], time: 'first' });
    expect(reads(ledger)).toStrictEqual(['1 of Accounts, consistently', '1 of Transfers']);
  });
});

describe('again, after a lost race', () => {
  it('requests are read consistently too', async () => {
    const ledger = new MemoryLedger();
    await loadBatch(ledger.store, { messages: [aPrepareTransfer(), aFinalizeTransfer()], time: 'again' });
    expect(reads(ledger)).toStrictEqual([
      '1 of Accounts',
      '1 of Accounts, consistently',
      '2 of Transfers, consistently',
    ]);
  });
});

describe('a snapshot', () => {
  it('has the account, its own items, and the terms of its currency', async () => {
    const ledger = new MemoryLedger();
    const account = anAccount({ principal: 5n });
    const prepare = aPrepareTransfer();
    const own = aTransfer({ transferId: transferIdOf(prepare) });
    const ofAnother = aTransfer({ sender: { debtorId: DEBTOR_ID, creditorId: STRANGER_ID } });
    ledger.put(account, aRootAccount({ configData: '{"type": "RootConfigData", "rate": 5.0}' }));
    ledger.putRecord(own, ofAnother);
    const messages = [prepare, aConfigureAccount(), aFinalizeTransfer({ creditorId: STRANGER_ID })];
    const { isReachable: _, ...snapshot } = (
      await loadBatch(ledger.store, { messages, time: 'first' })
    ).snapshotOf(KEY);
    expect(snapshot).toStrictEqual({
      key: KEY,
      account,
      records: new Map([[own.transferId, own]]),
      terms: { rate: 5, debtorInfo: { iri: '', contentType: '', sha256: '' } },
    });
  });

  it('of an account that does not exist has none', async () => {
    const ledger = new MemoryLedger();
    const snapshot = (
      await loadBatch(ledger.store, { messages: [aConfigureAccount()], time: 'first' })
    ).snapshotOf(KEY);
    expect(snapshot.account).toBeUndefined();
    expect(snapshot.records).toStrictEqual(new Map());
  });

  it('takes the terms from the root account of the same batch, which is read consistently', async () => {
    const ledger = new MemoryLedger();
    const root = aRootAccount({ configData: '{"type": "RootConfigData", "rate": 7.0}' });
    ledger.put(root);
    const messages = [anIssuingTransfer(), aConfigureAccount()];
    const { terms } = (await loadBatch(ledger.store, { messages, time: 'first' })).snapshotOf(KEY);
    expect(terms?.rate).toBe(7);
  });

  it.each([
    ['the root account, which need not exist', '0', 0n, true],
    ['an account', String(RECIPIENT_ID), RECIPIENT_ID, true],
    ['an account that is scheduled for deletion', '11', 11n, false],
    ['an account that is marked as deleted', '12', 12n, false],
    ['no account', '13', 13n, false],
  ])('knows whether a recipient can be reached: %s', async (_, recipient, creditorId, isReachable) => {
    const ledger = new MemoryLedger();
    ledger.put(
      anAccount({ creditorId: RECIPIENT_ID }),
      anAccount({ creditorId: 11n, configFlags: 1 }),
      aDeletedAccount({ creditorId: 12n, configFlags: 0 }),
    );
    const batch = await loadBatch(ledger.store, {
      messages: [aPrepareTransfer({ recipient })],
      time: 'first',
    });
    expect(batch.snapshotOf(KEY).isReachable(creditorId)).toBe(isReachable);
  });
});
