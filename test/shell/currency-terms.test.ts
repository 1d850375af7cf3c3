/** The terms of currencies that a sweep has learned. */

import { describe, expect, it } from 'vitest';
import { KnownTerms } from '../../lib/shell/currency-terms.ts';
import { anAccount, aRootAccount, NO_TERMS } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

const FIVE_PERCENT = '{"type": "RootConfigData", "rate": 5.0}';

function someTerms() {
  const [ledger, surroundings, telemetry] = [new MemoryLedger(), new TestSurroundings(), new TestTelemetry()];
  return {
    ledger,
    telemetry,
    terms: new KnownTerms(anInvocation({ store: ledger.store, surroundings, telemetry })),
  };
}

function accountsOf(...debtorIds: readonly number[]) {
  return debtorIds.map((debtorId) => anAccount({ debtorId: BigInt(debtorId), interestRate: 3 }));
}

describe('the terms of a currency', () => {
  it('are an account’s own as long as nothing is known of the currency', () => {
    expect(someTerms().terms.of(anAccount({ interestRate: 3 }))).toStrictEqual({ ...NO_TERMS, rate: 3 });
  });

  it('are unknown where the root account can not be read; it is told of once, and others are learned beside it', async () => {
    const { ledger, telemetry, terms } = someTerms();
    ledger.putItem('accounts', { account: '1:0', version: 1n });
    ledger.put(aRootAccount({ debtorId: 2n, configData: FIVE_PERCENT }));
    const [one, two, three] = accountsOf(1, 2, 3) as [never, never, never];
    await terms.learn([one, two, three]);
    expect([one, two, three].map((account) => terms.of(account).rate)).toStrictEqual([3, 5, 3]);
    expect(telemetry.counts).toStrictEqual({ 'Sweep.accounts.unknown-terms': 1 });
    expect(telemetry.log).toMatchObject([
      { level: 'warn', details: { debtorId: 1n, error: { name: 'CorruptItemError' } } },
    ]);
    const { length } = ledger.calls;
    await terms.learn([one, two, three]);
    expect(ledger.calls).toHaveLength(length);
  });

  it('are not unknown because of a defect', async () => {
    const { ledger, terms } = someTerms();
    ledger.intercept = () => Promise.reject(new TypeError('a test'));
    await expect(terms.learn(accountsOf(1))).rejects.toBeInstanceOf(TypeError);
  });

  it('of at most ten thousand and one currencies are kept', async () => {
    const { ledger, terms } = someTerms();
    const accounts = accountsOf(...Array.from({ length: 10_001 }, (_, index) => index + 1));
    await terms.learn(accounts.slice(0, 10_000));
    await terms.learn(accounts);
    expect(ledger.calls).toHaveLength(101);
    await terms.learn(accounts.slice(0, 1));
    expect(ledger.calls).toHaveLength(102);
  });
});
