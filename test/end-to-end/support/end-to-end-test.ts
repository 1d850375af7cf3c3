/** `it` for end-to-end tests: with the stack, an inbox for the file, and a currency of the test's own, checked at its end. */

import { it as base, expect } from 'vitest';
import { checkConservation } from './conservation.ts';
import { createCurrency } from './currency.ts';
import { openInbox } from './inbox.ts';
import { stackUnderTest } from './stack-under-test.ts';

export const it = base
  .extend('stack', { scope: 'file' }, () => stackUnderTest())
  .extend('inbox', { scope: 'file' }, async ({ stack }, { onCleanup }) => {
    const inbox = await openInbox(stack);
    onCleanup(inbox.close);
    return inbox;
  })
  .extend('currency', async ({ stack, inbox, task }, { onCleanup }) => {
    const currency = createCurrency(stack, inbox);
    onCleanup(async () => {
      // What a failed test leaves behind says nothing new.
      if (task.result?.errors?.length) {
        return;
      }
      await checkConservation(currency, stack);
      expect(currency.untaken()).toStrictEqual([]);
    });
    return currency;
  });
