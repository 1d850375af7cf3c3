/** `swpt accounts`, `ledger` and `transfers`: what the client's records say, after everything that waits was received. */

import type { Client } from '../engine/client.ts';
import type { ClientAccount } from '../engine/client-account.ts';
import { readAccount, readNumber } from './arguments.ts';
import { accountLine, accountRow, entryLine, entryRow, show, transferLine, transferRow } from './rows.ts';
import { type Session, unknownAccount } from './session.ts';
import { verb } from './verb.ts';

const NONE = { min: 0, max: 0 };

export const ACCOUNTS = verb({
  name: 'accounts',
  summary: 'list your accounts, with their states and principals',
  usage: '',
  details: `Lists the accounts of all roles that the store knows, or of the role of the profile or --as. Balance changes are
announced up to two minutes late (one second in a local run).`,
  flags: {},
  flagHelp: [],
  example: 'swpt accounts',
  argumentCount: NONE,
  run: async (session) => {
    for (const client of await restingClients(session)) {
      for await (const account of client.accounts({ signal: session.interrupted })) {
        show(session, accountLine(account), accountRow(account));
        await session.output.flushed();
      }
    }
    return 0;
  },
});

export const LEDGER = verb({
  name: 'ledger',
  summary: 'print the ledger of an account, the oldest entry first',
  usage: 'ACCOUNT',
  details: 'The columns are the time, the change, the principal after it, and with whom.',
  flags: { after: { type: 'string', default: '0' } },
  flagHelp: [['--after N', 'leave out the entries up to the one of that number']],
  example: 'swpt ledger 1/4294967297 --after 100',
  argumentCount: { min: 1, max: 1 },
  run: async (session, [text = ''], flags) => {
    const key = readAccount(text);
    const max = Number.MAX_SAFE_INTEGER;
    const after = BigInt(readNumber('--after', flags.after, { min: 0, max, isInteger: true }));
    const client = await session.restingClient(await session.knownRoleFor(key));
    const account = await client.account(key, { signal: session.interrupted });
    if (account === undefined || account.state === 'unknown') {
      throw unknownAccount(key);
    }
    for await (const entry of client.ledger(key, { after, signal: session.interrupted })) {
      show(session, entryLine(key, entry), entryRow(key, entry));
      await session.output.flushed();
    }
    tellOfGap(session, account);
    return 0;
  },
});

export const TRANSFERS = verb({
  name: 'transfers',
  summary: 'list your transfers, with their keys and how they stand',
  usage: '',
  details: 'Transfers that ended are listed for 60 days.',
  flags: { open: { type: 'boolean', default: false } },
  flagHelp: [['--open', 'only those that have not ended']],
  example: 'swpt transfers --open',
  argumentCount: NONE,
  run: async (session, _args, { open }) => {
    for (const client of await restingClients(session)) {
      for await (const transfer of client.transfers({ signal: session.interrupted })) {
        if (!open || (transfer.status !== 'finalized' && transfer.status !== 'rejected')) {
          show(session, transferLine(transfer), transferRow(transfer));
          await session.output.flushed();
        }
      }
    }
    return 0;
  },
});

/** What another program has taken from the queue never comes. */
function tellOfGap({ output }: Session, { latest, ledger }: ClientAccount): void {
  if (latest?.creationDate === ledger.creationDate && latest.lastTransferNumber > ledger.lastTransferNumber) {
    output.tell(
      `The ledger ends at ${ledger.principal}, and the account holds ${latest.principal}: entries are still under way, or another program with another store has taken them.`,
    );
  }
}

/** All at once, since each waits for a queue of its own. */
async function restingClients(session: Session): Promise<readonly Client[]> {
  return Promise.all((await session.roles()).map((role) => session.restingClient(role)));
}
