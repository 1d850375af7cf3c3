/**
 * The console: a page on loopback that shows what happens in a ledger. Which requests it answers is in request-guard.ts. It
 * only reads; a local run gives it actions, with which people send messages and cause faults.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { parseAccountKey } from '../../storage/account-codec.ts';
import { sentenceOf } from '../operator-command.ts';
import type { About, AccountOrder, ActionAnswer, Forms } from './answers.ts';
import { bundlePage } from './bundle-page.ts';
import { streamEntries } from './event-stream.ts';
import type { Feed } from './feed.ts';
import type { Wish } from './ledger-book.ts';
import { LedgerReader, type LedgerReaderOptions } from './ledger-reader.ts';
import { messageForms } from './message-forms.ts';
import { LOOPBACK, refusalOf } from './request-guard.ts';
import { transferRows } from './transfer-rows.ts';

/** What the page's buttons do. @returns undefined for a name that is no action's */
export type ConsoleActions = (name: string, input: unknown) => Promise<ActionAnswer> | undefined;

export interface ConsoleParts {
  /** Whose ledger it is, for the head of the page. */
  readonly title: string;
  /** Undefined where the console does not hear of messages. */
  readonly feed: Feed | undefined;
  /** Undefined where the console only reads. */
  readonly actions: ConsoleActions | undefined;
  readonly ledger: Omit<LedgerReaderOptions, 'isFed'>;
}

export interface RunningConsole {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What requests are answered with. */
interface Desk extends Omit<ConsoleParts, 'ledger'> {
  readonly ledger: LedgerReader;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly now: () => number;
  readonly page: () => ReturnType<typeof bundlePage>;
  readonly port: number;
}

/**
 * @param wanted the port; 0 for any free one
 * @throws {Error} with Node's code when the port is taken
 */
export async function startConsole(wanted: number, parts: ConsoleParts): Promise<RunningConsole> {
  const { feed, ledger: options } = parts;
  const ledger = new LedgerReader({ ...options, isFed: feed !== undefined });
  let bundling: ReturnType<typeof bundlePage> | undefined;
  const page = () => {
    bundling ??= bundlePage();
    return bundling;
  };
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, LOOPBACK, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wanted;
  const desk = { ...parts, ledger, now: options.now, page, port };
  const stopListening = feed?.listen((entry) => ledger.hear(entry));
  server.on('request', (request, response) => void respond(request, response, desk));
  return {
    url: `http://${LOOPBACK}:${port}`,
    stop: async () => {
      stopListening?.();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      ledger.close();
    },
  };
}

const ORDERS: readonly AccountOrder[] = ['account', 'principal', 'locked', 'available'];
const ROWS_OF_PAGE = 50;

/** Nothing but our own files, and no frame of another page around them. */
const SAFETY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

async function respond(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  for (const [name, value] of Object.entries(SAFETY_HEADERS)) {
    response.setHeader(name, value);
  }
  const { method, headers } = request;
  const refusal = refusalOf({ method, headers }, desk.port);
  if (refusal !== undefined) {
    writeText(response, 403, refusal);
    return;
  }
  try {
    await (method === 'POST' ? act(request, response, desk) : show(request, response, desk));
  } catch (error) {
    writeText(response, 500, sentenceOf(error) ?? (error instanceof Error ? error.message : String(error)));
  }
}

async function act(request: IncomingMessage, response: ServerResponse, { actions }: Desk): Promise<void> {
  const name = request.url?.replace('/api/', '') ?? '';
  const answer = actions?.(name, await json(request));
  if (answer === undefined) {
    writeText(response, 404, `This console can't ${name}.`);
    return;
  }
  writeJson(response, await answer);
}

async function show(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const parameter = (name: string) => searchParams.get(name) ?? '';
  const { title, actions, feed, ledger, page, now } = desk;
  switch (pathname) {
    case '/api/about': {
      const about: About = { title, canAct: actions !== undefined, hasFeed: feed !== undefined };
      writeJson(response, about);
      return;
    }
    case '/api/events':
      if (feed !== undefined) {
        streamEntries(response, feed, Number(parameter('after')));
        return;
      }
      break;
    case '/api/message':
      writeText(response, 200, feed?.bodyOf(Number(parameter('seq'))) ?? 'The message is no longer kept.');
      return;
    case '/api/currencies':
      writeJson(response, await ledger.currencies(wishOf(parameter)));
      return;
    case '/api/accounts': {
      const order = ORDERS.find((one) => one === parameter('sort')) ?? 'account';
      writeJson(response, await ledger.accounts(wishOf(parameter), order));
      return;
    }
    case '/api/transfers': {
      const sender = parseAccountKey(parameter('account'));
      writeJson(response, transferRows(await ledger.transfersOf(sender)));
      return;
    }
    case '/api/forms': {
      const forms: Forms = { forms: messageForms(), now: now() };
      writeJson(response, forms);
      return;
    }
  }
  const file = (await page()).get(pathname);
  if (file === undefined) {
    writeText(response, 404, `There is no ${pathname} here.`);
    return;
  }
  response.setHeader('content-type', file.contentType);
  response.end(file.text);
}

/** The rows of a page of a list; pages count from 1. Accounts may be written as clients write them, `debtor/creditor`. */
function wishOf(parameter: (name: string) => string): Wish {
  const page = Math.max(1, Math.trunc(Number(parameter('page'))) || 1);
  const text = parameter('q').trim().replace('/', ':');
  return { text, first: (page - 1) * ROWS_OF_PAGE, maxCount: ROWS_OF_PAGE };
}

function writeJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function writeText(response: ServerResponse, status: number, words: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(words);
}
