/**
 * The console: a page on loopback that shows what happens in a local run, and lets people send messages and cause faults.
 * Which requests it answers is in request-guard.ts.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { parseAccountKey } from '../../storage/account-codec.ts';
import { openTables } from '../../storage/table-access.ts';
import { LOOPBACK, listenOn, type PortWish } from '../emulators/ports.ts';
import { REGION } from '../stack/emulated-cloud.ts';
import { type ConsoleControls, isActionName, runAction } from './actions.ts';
import { bundlePage } from './bundle-page.ts';
import { streamEntries } from './event-stream.ts';
import type { Feed } from './feed.ts';
import { LedgerReader } from './ledger-view.ts';
import { messageForms } from './message-forms.ts';
import { refusalOf } from './request-guard.ts';
import { transferRows } from './transfer-rows.ts';

export interface ConsoleParts {
  readonly feed: Feed;
  readonly controls: ConsoleControls;
  readonly dynamoDbEndpoint: string;
  /** The stack's outputs, which name the tables. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface RunningConsole {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What requests are answered with. */
interface Desk {
  readonly parts: ConsoleParts;
  readonly ledger: LedgerReader;
  readonly page: () => ReturnType<typeof bundlePage>;
  readonly port: number;
}

export async function startConsole(wish: PortWish, parts: ConsoleParts): Promise<RunningConsole> {
  const { AccountsTableName: accounts = '', TransfersTableName: transfers = '' } = parts.outputs;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const place = { endpoint: parts.dynamoDbEndpoint, region: REGION, credentials };
  const tables = openTables(place, { accounts, transfers });
  const ledger = new LedgerReader(tables.reader, () => parts.controls.clock.now());
  let bundling: ReturnType<typeof bundlePage> | undefined;
  const page = () => {
    bundling ??= bundlePage();
    return bundling;
  };
  const server = createServer();
  const port = await listenOn(wish, async (candidate) => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(candidate, LOOPBACK, resolve);
    });
    return candidate;
  });
  server.on('request', (request, response) => void respond(request, response, { parts, ledger, page, port }));
  return {
    url: `http://${LOOPBACK}:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      tables.close();
    },
  };
}

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
    writeText(response, error instanceof z.ZodError ? 400 : 500, wordsOf(error));
  }
}

async function act(request: IncomingMessage, response: ServerResponse, { parts }: Desk): Promise<void> {
  const name = request.url?.replace('/api/', '') ?? '';
  if (!isActionName(name)) {
    writeText(response, 404, `The console can't ${name}.`);
    return;
  }
  writeJson(response, await runAction(name, await json(request), parts.controls));
}

async function show(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const { parts, ledger, page } = desk;
  switch (pathname) {
    case '/api/events':
      streamEntries(response, parts.feed, Number(searchParams.get('after') ?? 0));
      return;
    case '/api/ledger':
      writeJson(response, await ledger.view({ text: searchParams.get('q') ?? '' }));
      return;
    case '/api/transfers': {
      const sender = parseAccountKey(searchParams.get('account') ?? '');
      writeJson(response, transferRows(await ledger.transfersOf(sender)));
      return;
    }
    case '/api/forms':
      writeJson(response, { forms: messageForms(), now: parts.controls.clock.now() });
      return;
  }
  const file = (await page()).get(pathname);
  if (file === undefined) {
    writeText(response, 404, `There is no ${pathname} here.`);
    return;
  }
  response.setHeader('content-type', file.contentType);
  response.end(file.text);
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

function wordsOf(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : String(error);
}
