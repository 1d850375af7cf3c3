/** The one loop that changes an account: what an attempt is told to read, and what a lost race means. */

import { describe, expect, it } from 'vitest';
import { type AccountWork, type Decided, decideAndCommit } from '../../lib/shell/change-account.ts';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import { anAccount } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';

/** Creates the account. Its first write meets the error. */
async function create(error: Error, options: Partial<AccountWork<string, Decided>> = {}) {
  const ledger = new MemoryLedger();
  ledger.failWrites('before', (number) => (number === 0 ? error : undefined));
  const times: string[] = [];
  const after = anAccount();
  const change = { key: after, before: undefined, after, records: [] };
  const load = async (time: string) => {
    times.push(time);
    return time;
  };
  const work = { load, decide: () => ({ change }), ...options };
  const result = await decideAndCommit(work, anInvocation({ store: ledger.store }));
  return { result, times, after, decided: { change }, accounts: ledger.accounts };
}

describe('a change of an account', () => {
  it.each([new CommitConflictError(anAccount()), new StoreUnavailableError('busy')])(
    'is decided from what is read again after: %s',
    async (error) => {
      const { result, times, after, decided, accounts } = await create(error);
      expect(times).toStrictEqual(['first', 'again']);
      expect(result).toStrictEqual({ decided, account: after, isCommitted: true });
      expect(accounts).toStrictEqual([after]);
    },
  );

  it('may be over with a lost race, and then says what it would have been', async () => {
    const { result, times, decided, accounts } = await create(new CommitConflictError(anAccount()), {
      endsWithLostRace: true,
    });
    expect(times).toStrictEqual(['first']);
    expect(result).toStrictEqual({ decided, account: undefined, isCommitted: false });
    expect(accounts).toStrictEqual([]);
  });
});
