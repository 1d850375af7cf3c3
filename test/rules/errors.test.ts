/** The error for a stored state that contradicts the rules: what it tells, and what it keeps to itself. */

import { expect, it } from 'vitest';
import { BrokenInvariantError } from '../../lib/rules/errors.ts';
import { anAccount } from '../support/builders.ts';

it('a broken invariant names the account by its key, and tells nothing else of it', () => {
  const error = new BrokenInvariantError('a rule holds', anAccount({ principal: 1_000n }));
  expect(error.message).toBe('Account 1:1099511627777 breaks an invariant: a rule holds.');
  expect(error.account).toStrictEqual({ debtorId: 1n, creditorId: 1_099_511_627_777n });
});
