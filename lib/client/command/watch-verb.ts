/** `swpt watch`: what happens to accounts and transfers from now on, for a person, a program, or a local web server. */

import { printMessage } from '../../protocol/codec.ts';
import type { OutgoingMessage } from '../../protocol/messages.ts';
import type { Client } from '../engine/client.ts';
import type { ClientEvent } from '../engine/notices.ts';
import type { AccountKey } from '../roles.ts';
import { readAccount } from './arguments.ts';
import {
  accountLine,
  accountName,
  accountRow,
  entryLine,
  entryRow,
  show,
  transferLine,
  transferRow,
} from './rows.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { verb } from './verb.ts';

export const WATCH = verb({
  name: 'watch',
  summary: 'show what happens, or forward each message to a web server',
  usage: '[ACCOUNT]',
  details: `Shows new ledger entries, and changes of accounts and transfers, until it is interrupted (Ctrl-C); for ACCOUNT only
what is about it. With --forward-to, each message is also posted to URL as JSON. A message counts as processed only when
the server answered 2xx; until then it is posted again, a minute later. It may be
posted twice, as all messages may come twice.`,
  flags: { 'forward-to': { type: 'string' } },
  flagHelp: [['--forward-to URL', 'post each message to this address, as in http://localhost:3000/swpt']],
  example: 'swpt watch 1/4294967297 --forward-to http://localhost:3000/swpt',
  argumentCount: { min: 0, max: 1 },
  run: async (session, [text], flags) => {
    const account = text === undefined ? undefined : readAccount(text);
    const url = flags['forward-to'];
    if (url !== undefined && !isWebAddress(url)) {
      throw new UsageError(
        `--forward-to is ${JSON.stringify(url)}; write an address that begins with http:// or https://.`,
      );
    }
    const roles = account === undefined ? await session.roles() : [session.roleFor(account)];
    const options = url === undefined ? {} : { onMessage: forwarder(session, url, account) };
    const clients: Client[] = [];
    for (const role of roles) {
      clients.push(await session.client(role, options));
    }
    session.output.tell('Watching; Ctrl-C ends it.');
    await Promise.all(clients.map((client) => follow(session, client, account)));
    return 0;
  },
});

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function forwarder(session: Session, url: string, account: AccountKey | undefined) {
  return async (message: OutgoingMessage): Promise<void> => {
    if (account === undefined || isSame(account, message)) {
      await session.options.post(url, printMessage(message), session.interrupted);
    }
  };
}

async function follow(session: Session, client: Client, account: AccountKey | undefined): Promise<void> {
  const shown = new Map<string, string>();
  for await (const event of client.watch({ signal: session.interrupted })) {
    const subject = subjectOf(event);
    if (subject !== undefined && (account === undefined || isSame(account, subject))) {
      showEvent(session, event, shown);
    }
  }
}

/** The account that the event is about; trouble, which warnings tell of, has none. */
function subjectOf(event: ClientEvent): AccountKey | undefined {
  switch (event.kind) {
    case 'transfer':
      return event.transfer.request;
    case 'account':
      return event.account;
    case 'entry':
      return event;
    case 'message':
      return event.message;
    case 'unanswered':
    case 'set-aside':
    case 'trouble':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** Accounts are shown when their line changes, and as objects whenever anything about them does. */
function showEvent(session: Session, event: ClientEvent, shown: Map<string, string>): void {
  if (event.kind === 'transfer') {
    show(session, `transfer ${transferLine(event.transfer)}`, transferRow(event.transfer));
  } else if (event.kind === 'entry') {
    const line = `entry    ${accountName(event)}  ${entryLine(event, event.entry)}`;
    show(session, line, entryRow(event, event.entry));
  } else if (event.kind === 'account') {
    const line = accountLine(event.account);
    if (session.options.isJson || shown.get(accountName(event.account)) !== line) {
      show(session, `account  ${line}`, accountRow(event.account));
    }
    shown.set(accountName(event.account), line);
  }
}

function isSame(a: AccountKey, b: AccountKey): boolean {
  return a.debtorId === b.debtorId && a.creditorId === b.creditorId;
}
