/**
 * An HTTP proxy that makes some calls to an AWS emulator fail as on AWS: refused, failed, done but reported as failed,
 * done but never answered. The seed and the order of the calls decide which calls fail.
 */

import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  | 'throttled'
  | 'conflict'
  | 'failed-before'
  | 'failed-after'
  | 'cut-off-before'
  | 'cut-off-after';

export interface FaultProxy {
  readonly endpoint: string;
  /** How often each fault was injected. */
  readonly counts: ReadonlyMap<Fault, number>;
  /** From now on all calls pass. */
  readonly calmDown: () => void;
  readonly close: () => Promise<void>;
}

export interface FaultProxyOptions {
  /** The emulator's endpoint. */
  readonly target: string;
  readonly seed: number;
  /** The share of calls that fail, 0 … 1. */
  readonly rate: number;
}

/** What the emulator answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const FAULTS: readonly Fault[] = [
  'throttled',
  'conflict',
  'failed-before',
  'failed-after',
  'cut-off-before',
  'cut-off-after',
];

export async function startFaultProxy({ target, seed, rate }: FaultProxyOptions): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const random = randomFrom(seed);
  const counts = new Map<Fault, number>();
  let isCalm = false;
  const chooseFault = (operation: string): Fault | undefined => {
    if (isCalm || random() >= rate) {
      return undefined;
    }
    const fault = FAULTS[Math.floor(random() * FAULTS.length)] as Fault;
    // Only a write can lose a race.
    return fault === 'conflict' && !operation.endsWith('.TransactWriteItems') ? 'throttled' : fault;
  };
  const server = createServer(async (incoming, response) => {
    try {
      const body = await readAll(incoming);
      const fault = chooseFault(String(incoming.headers['x-amz-target'] ?? ''));
      if (fault !== undefined) {
        counts.set(fault, (counts.get(fault) ?? 0) + 1);
      }
      const isDone = fault === undefined || fault.endsWith('-after');
      const answer = isDone ? await forward(target, agent, incoming, body) : undefined;
      answerWith(response, fault, answer);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    counts,
    calmDown: () => {
      isCalm = true;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

function answerWith(response: ServerResponse, fault: Fault | undefined, answer: Answer | undefined): void {
  switch (fault) {
    case undefined:
      if (answer !== undefined) {
        response.writeHead(answer.status, answer.headers).end(answer.body);
      }
      return;
    case 'throttled':
      sendError(response, 400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' });
      return;
    case 'conflict':
      sendError(response, 400, {
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        message: 'Transaction cancelled',
        CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
      });
      return;
    case 'failed-before':
    case 'failed-after':
      sendError(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' });
      return;
    case 'cut-off-before':
    case 'cut-off-after':
      response.destroy();
      return;
    default:
      fault satisfies never;
  }
}

function sendError(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

/** Passes the request on, and gives the answer. */
export function forward(
  target: string,
  agent: Agent,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${target}${url ?? '/'}`,
      { method, agent, headers: { ...headers, 'content-length': body.length } },
      async (response) => {
        const { statusCode: status = 500, headers: received } = response;
        const type = received['content-type'];
        resolve({
          status,
          headers: type === undefined ? {} : { 'content-type': type },
          body: await readAll(response),
        });
      },
    );
    outgoing.on('error', reject).end(body);
  });
}

export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Numbers from 0 to below 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
