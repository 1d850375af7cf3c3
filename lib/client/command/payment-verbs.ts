/** `swpt issue`, `pay`, `hold`, `commit` and `dismiss`. */

import { MAX_INT32 } from '../../protocol/integers.ts';
import type { Client } from '../engine/client.ts';
import type { RunningTransfer } from '../records/running-transfer.ts';
import { readAccount, readAmount, readNumber, readRecipient } from './arguments.ts';
import { accountName, partyName, show, statusOf, transferRow } from './rows.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { type FlagsOf, verb } from './verb.ts';

const NOTE = { note: { type: 'string' }, 'note-format': { type: 'string' } } as const;
const KEY = { key: { type: 'string' } } as const;

const NOTE_HELP = [
  ['--note TEXT', 'a note that both sides see, at most 500 bytes'],
  ['--note-format TEXT', 'how to read the note, at most 8 letters, digits, points or hyphens'],
] as const;
const KEY_HELP = [
  '--key TEXT',
  'your name for this transfer: the same command with the same key never transfers twice (default: a new one)',
] as const;

export const ISSUE = verb({
  name: 'issue',
  summary: 'issue tokens to an account, from its currency’s root account',
  usage: 'TO AMOUNT',
  details: 'As swpt pay D/0 TO AMOUNT, where D is the debtor of the account TO.',
  flags: { ...NOTE, ...KEY },
  flagHelp: [...NOTE_HELP, KEY_HELP],
  example: 'swpt issue 1/4294967297 1000',
  argumentCount: { min: 2, max: 2 },
  run: async (session, [to = '', amount = ''], flags) => {
    const { debtorId } = readAccount(to);
    return pay(session, [`${debtorId}/0`, to, amount], flags);
  },
});

export const PAY = verb({
  name: 'pay',
  summary: 'pay from one account to another of the same currency',
  usage: 'FROM TO AMOUNT',
  details: `Locks exactly the amount and commits it. When no answer comes in time, or the command is interrupted, the payment
goes on; the same command with --key and the key that it named tells how it ended.`,
  flags: { ...NOTE, ...KEY },
  flagHelp: [...NOTE_HELP, KEY_HELP],
  example: 'swpt pay 1/4294967297 1/4294967298 250 --note bread --key order-7',
  argumentCount: { min: 3, max: 3 },
  run: pay,
});

async function pay(
  session: Session,
  [fromText = '', toText = '', amountText = '']: readonly string[],
  flags: FlagsOf<typeof NOTE & typeof KEY>,
): Promise<0> {
  const from = readAccount(fromText);
  const payment = { from, to: readRecipient(toText, from), amount: readAmount(amountText), ...noteOf(flags) };
  const client = await session.client(session.roleFor(from));
  const paid = await keyed(session, flags.key, (idempotencyKey) =>
    client.pay({ ...payment, idempotencyKey }, { signal: session.patience }),
  );
  return shown(session, paid);
}

export const HOLD = verb({
  name: 'hold',
  summary: 'lock an amount, to be committed or dismissed later',
  usage: 'FROM TO AMOUNT',
  details: `Prints the key by which swpt commit and swpt dismiss know the lock. A lock that is forgotten is dismissed at its
deadline.`,
  flags: { ...KEY, min: { type: 'string' }, within: { type: 'string' } },
  flagHelp: [
    ['--min N', 'lock less if there is less, but at least this (default: exactly AMOUNT)'],
    ['--within SECONDS', 'when it must be committed (default: as late as the authority allows)'],
    KEY_HELP,
  ],
  example: 'swpt hold 1/4294967297 1/4294967298 300 --min 1 --key order-8',
  argumentCount: { min: 3, max: 3 },
  run: async (session, [fromText = '', toText = '', amountText = ''], { key, min, within }) => {
    const from = readAccount(fromText);
    const draft = {
      from,
      to: readRecipient(toText, from),
      amount: readAmount(amountText),
      ...(min !== undefined && { minAmount: readAmount(min) }),
      ...(within !== undefined && {
        maxCommitDelay: readNumber('--within', within, { min: 0, max: MAX_INT32, isInteger: true }),
      }),
    };
    const client = await session.client(session.roleFor(from));
    const { transfer } = await keyed(session, key, (idempotencyKey) =>
      client.hold({ ...draft, idempotencyKey }, { signal: session.patience }),
    );
    return shown(session, transfer);
  },
});

export const COMMIT = verb({
  name: 'commit',
  summary: 'pay what a hold has locked',
  usage: 'KEY',
  details: 'KEY is the one that swpt hold printed, or was given.',
  flags: { ...NOTE, amount: { type: 'string' } },
  flagHelp: [
    ['--amount N', 'pay only so much, and release the rest (default: all that is locked)'],
    ...NOTE_HELP,
  ],
  example: 'swpt commit order-8 --amount 120',
  argumentCount: { min: 1, max: 1 },
  run: async (session, [key = ''], { amount, ...flags }) => {
    const commitment = { ...noteOf(flags), ...(amount !== undefined && { amount: readAmount(amount) }) };
    const client = await clientOf(session, key);
    return shown(session, await client.commit(key, commitment, { signal: session.patience }));
  },
});

export const DISMISS = verb({
  name: 'dismiss',
  summary: 'release what a hold has locked',
  usage: 'KEY',
  details: 'KEY is the one that swpt hold printed, or was given.',
  flags: {},
  flagHelp: [],
  example: 'swpt dismiss order-8',
  argumentCount: { min: 1, max: 1 },
  run: async (session, [key = '']) => {
    const client = await clientOf(session, key);
    return shown(session, await client.dismiss(key, { signal: session.patience }));
  },
});

function noteOf(flags: FlagsOf<typeof NOTE>): { readonly note?: string; readonly noteFormat?: string } {
  const { note } = flags;
  const noteFormat = flags['note-format'];
  return { ...(note !== undefined && { note }), ...(noteFormat !== undefined && { noteFormat }) };
}

/** A key that the command has made is told when it is needed: to take up what goes on. */
async function keyed<T>(
  { output, patience, interrupted }: Session,
  key: string | undefined,
  work: (key: string) => Promise<T>,
): Promise<T> {
  const idempotencyKey = key ?? crypto.randomUUID();
  try {
    return await work(idempotencyKey);
  } catch (error) {
    if (key === undefined && (patience.aborted || interrupted.aborted)) {
      output.tell(`The transfer goes on as ${idempotencyKey}; take it up with --key ${idempotencyKey}.`);
    }
    throw error;
  }
}

/** The client that knows the key. @throws {UsageError} where none does */
async function clientOf(session: Session, key: string): Promise<Client> {
  for (const role of await session.roles()) {
    const client = await session.client(role);
    if ((await client.transfer(key)) !== undefined) {
      return client;
    }
  }
  throw new UsageError(`There is no transfer of the key ${JSON.stringify(key)}; swpt transfers lists them.`);
}

function shown(session: Session, transfer: RunningTransfer): 0 {
  const { request, idempotencyKey } = transfer;
  const to = partyName(request.debtorId, request.recipient);
  const what = `${amountOf(transfer)} from ${accountName(request)} to ${to}, key ${idempotencyKey}`;
  show(session, `${statusOf(transfer)}: ${what}`, transferRow(transfer));
  return 0;
}

function amountOf(transfer: RunningTransfer): bigint {
  if ('outcome' in transfer && transfer.outcome.committedAmount > 0n) {
    return transfer.outcome.committedAmount;
  }
  return 'preparation' in transfer ? transfer.preparation.lockedAmount : transfer.request.maxLockedAmount;
}
