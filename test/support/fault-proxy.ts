/**
 * An HTTP proxy that makes some calls to an AWS emulator fail as on AWS: refused, failed, done but reported as failed,
 * done but never answered. The seed and the order of the calls decide which calls fail, and each kind of failure as often as others.
 */

import type { ServerResponse } from 'node:http';
import { type Answer, type EmulatorProxy, startEmulatorProxy } from './emulator-proxy.ts';

export type Fault =
  | 'throttled'
  | 'conflict'
  | 'failed-before'
  | 'failed-after'
  | 'cut-off-before'
  | 'cut-off-after';

export interface FaultProxy extends EmulatorProxy {
  /** How often each fault was injected. */
  readonly counts: ReadonlyMap<Fault, number>;
  /** From now on all calls pass. */
  readonly calmDown: () => void;
}

export interface FaultProxyOptions {
  /** The emulator's endpoint. */
  readonly target: string;
  readonly seed: number;
  /** The share of calls that fail, 0 … 1. */
  readonly rate: number;
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
  const random = randomFrom(seed);
  const counts = new Map<Fault, number>();
  let isCalm = false;
  const chooseFault = (operation: string): Fault | undefined => {
    if (isCalm || random() >= rate) {
      return undefined;
    }
    // Only a write can lose a race.
    const isWrite = operation.endsWith('.TransactWriteItems');
    const possible = FAULTS.filter((fault) => isWrite || fault !== 'conflict');
    // However few calls there are, each kind has its turn.
    const fewest = Math.min(...possible.map((fault) => counts.get(fault) ?? 0));
    const rarest = possible.filter((fault) => (counts.get(fault) ?? 0) === fewest);
    return rarest[Math.floor(random() * rarest.length)];
  };
  const proxy = await startEmulatorProxy(target, async ({ headers, response, pass }) => {
    const fault = chooseFault(String(headers['x-amz-target'] ?? ''));
    if (fault !== undefined) {
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    }
    const isDone = fault === undefined || fault.endsWith('-after');
    answerWith(response, fault, isDone ? await pass() : undefined);
  });
  return {
    ...proxy,
    counts,
    calmDown: () => {
      isCalm = true;
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
