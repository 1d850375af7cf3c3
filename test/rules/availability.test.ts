/** How much of an account may be locked or spent. */

import { describe, expect, it } from 'vitest';
import { availableAmount, minimalBalance, spendableAmount } from '../../lib/rules/availability.ts';
import { anAccount, aRootAccount, NOW } from '../support/builders.ts';

describe('the available amount', () => {
  it.each([
    ['the balance when nothing is locked', { principal: 10n }, 10n],
    ['less what is locked', { principal: 10n, totalLockedAmount: 4n }, 6n],
    ['floored after interest is added', { principal: 10n, interest: 0.999, totalLockedAmount: 4n }, 6n],
    ['floored downwards when it is negative', { principal: -10n, interest: -0.5 }, -11n],
    ['negative when more is locked than there is', { principal: 3n, totalLockedAmount: 4n }, -1n],
    ['the principal of a root account, which may be negative', { creditorId: 0n, principal: -3n }, -3n],
  ])('is %s', (_case, changes, available) => {
    expect(availableAmount(anAccount(changes), NOW)).toBe(available);
  });

  it('is that of now, with the interest accrued since the last change', () => {
    const account = anAccount({ principal: 10n, interestRate: 100, lastChangeTs: 1_768_442_400_000_000n });
    expect(availableAmount(account, NOW)).toBe(20n);
    expect(availableAmount(account, NOW - 1_000_000n)).toBe(19n);
  });
});

describe('the minimal balance', () => {
  it('is 0 for ordinary accounts, whatever they tolerate', () => {
    expect(minimalBalance(anAccount({ negligibleAmount: 1e6 }))).toBe(0n);
  });

  it.each([
    [0, '', 0n],
    [0.999, '', 0n],
    [1000.999, '', -1000n],
    [1e300, '', -9_223_372_036_854_775_807n],
    [1.7976931348623157e308, '', -9_223_372_036_854_775_807n],
    [2 ** 63 - 1024, '', -9_223_372_036_854_774_784n],
    [1000, '{"type":"RootConfigData","limit":999}', -999n],
    [1000, '{"type":"RootConfigData","limit":1001}', -1000n],
    [1000, '{"type":"RootConfigData","limit":0}', 0n],
  ])(
    'of a root account with negligible amount %d and configuration %j is %i',
    (negligibleAmount, configData, minimum) => {
      expect(minimalBalance(aRootAccount({ negligibleAmount, configData }))).toBe(minimum);
    },
  );
});

describe('the spendable amount', () => {
  it('is what is available above the minimal balance', () => {
    expect(spendableAmount(anAccount({ principal: 10n, totalLockedAmount: 4n }), NOW)).toBe(6n);
    const root = aRootAccount({ principal: -10n, totalLockedAmount: 4n, negligibleAmount: 20 });
    expect(spendableAmount(root, NOW)).toBe(6n);
  });

  it('is negative where the minimal balance was raised meanwhile', () => {
    expect(spendableAmount(aRootAccount({ principal: -10n, negligibleAmount: 3 }), NOW)).toBe(-7n);
  });
});
