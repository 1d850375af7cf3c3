/** `swpt open`, `configure` and `close`. */

import type { AccountChoice } from '../engine/account-verbs.ts';
import type { ClientAccount } from '../engine/client-account.ts';
import { readAccount, readNumber } from './arguments.ts';
import { accountName, accountRow, principalOf, show } from './rows.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { type FlagsOf, verb } from './verb.ts';

const ONE = { min: 1, max: 1 };
const MAX_FLAGS = 2 ** 31 - 1;

const NEGLIGIBLE = { negligible: { type: 'string' } } as const;
const CONFIGURATION = {
  ...NEGLIGIBLE,
  data: { type: 'string' },
  'config-flags': { type: 'string' },
} as const;

const NEGLIGIBLE_HELP = [
  '--negligible N',
  'the negligible amount; for a root account D/0 it is also how much may be issued (default: as it is, or 0)',
] as const;
const CONFIGURATION_HELP = [
  NEGLIGIBLE_HELP,
  ['--data TEXT', 'the configuration data; for a root account see swpt currency'],
  ['--config-flags N', 'the configuration flags, without that of closing'],
] as const;

export const OPEN = verb({
  name: 'open',
  summary: 'open an account, or keep it open',
  usage: 'ACCOUNT',
  details: 'An account that is open already stays as it is, except for what the flags say.',
  flags: CONFIGURATION,
  flagHelp: CONFIGURATION_HELP,
  example: 'swpt open 1/4294967297',
  argumentCount: ONE,
  run: async (session, [text = ''], flags) => {
    const key = readAccount(text);
    const choice = choiceOf(flags);
    const client = await session.client(session.roleFor(key));
    return done(session, await client.openAccount(key, choice, { signal: session.patience }));
  },
});

export const CONFIGURE = verb({
  name: 'configure',
  summary: 'change the configuration of an account',
  usage: 'ACCOUNT',
  details: 'What no flag names stays as it is.',
  flags: CONFIGURATION,
  flagHelp: CONFIGURATION_HELP,
  example: 'swpt configure 1/4294967297 --negligible 2.5',
  argumentCount: ONE,
  run: async (session, [text = ''], flags) => {
    const key = readAccount(text);
    const choice = choiceOf(flags);
    if (Object.keys(choice).length === 0) {
      throw new UsageError('Nothing is to be changed; say what, for instance with --negligible 2.5.');
    }
    const client = await session.currentClient(session.roleFor(key));
    return done(session, await client.configure(key, choice, { signal: session.patience }));
  },
});

export const CLOSE = verb({
  name: 'close',
  summary: 'schedule an account for deletion',
  usage: 'ACCOUNT',
  details: `The authority deletes the account some weeks later, if no more than the negligible amount is left on it. Until
then a credit, or swpt open, keeps it.`,
  flags: NEGLIGIBLE,
  flagHelp: [['--negligible N', 'how much may be lost by the deletion (default: as it is)']],
  example: 'swpt close 1/4294967297 --negligible 5',
  argumentCount: ONE,
  run: async (session, [text = ''], flags) => {
    const key = readAccount(text);
    const choice = choiceOf(flags);
    const client = await session.currentClient(session.roleFor(key));
    return done(session, await client.closeAccount(key, choice, { signal: session.patience }));
  },
});

function choiceOf(flags: FlagsOf<typeof NEGLIGIBLE> & Partial<FlagsOf<typeof CONFIGURATION>>): AccountChoice {
  const { negligible, data } = flags;
  const configFlags = flags['config-flags'];
  return {
    ...(negligible !== undefined && {
      negligibleAmount: readNumber('--negligible', negligible, { min: 0, max: Number.MAX_VALUE }),
    }),
    ...(data !== undefined && { configData: data }),
    ...(configFlags !== undefined && {
      configFlags: readNumber('--config-flags', configFlags, { min: 0, max: MAX_FLAGS, isInteger: true }),
    }),
  };
}

function done(session: Session, account: ClientAccount): 0 {
  const { state, latest } = account;
  const line = `${accountName(account)} is ${state}: principal ${principalOf(account)}, negligible amount ${latest?.negligibleAmount}`;
  show(session, line, accountRow(account));
  return 0;
}
