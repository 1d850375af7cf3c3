/** How operators' tools reach the tables of a stack. */

import { describe, expect, it } from 'vitest';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { openTables } from '../../lib/storage/table-access.ts';
import { toWire } from '../../lib/storage/wire-item.ts';
import { answeringAws } from '../support/answering-aws.ts';
import { anAccount } from '../support/builders.ts';

const TABLES = { accounts: 'Accounts', transfers: 'Transfers' };
const KEY = { debtorId: 1n, creditorId: 1_099_511_627_777n };

describe('the tables of a stack', () => {
  it('are read through a reader, and through a store', async () => {
    const item = toWire(encodeAccount(anAccount()));
    const aws = answeringAws({ Item: item }, { Responses: { Accounts: [item] } });
    const { reader, store } = openTables(aws.config, TABLES);
    expect(await reader.readAccount(KEY)).toStrictEqual({ value: anAccount() });
    const loaded = await store.loadAccounts([KEY], { consistent: true });
    expect([...loaded.values()]).toStrictEqual([anAccount()]);
    expect(aws.requests.map(({ operation }) => operation)).toStrictEqual(['GetItem', 'BatchGetItem']);
  });

  it('are left when they are closed', () => {
    const aws = answeringAws({});
    openTables(aws.config, TABLES).close();
    expect(aws.hangUps()).toBe(1);
  });
});
