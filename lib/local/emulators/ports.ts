/** Finds free ports, waits for taken ones, and says which one stays taken. The emulators do the listening. */

import { createServer } from 'node:net';
import { StartError } from '../start-error.ts';

/** Nothing of the local run can be reached from another machine. */
export const LOOPBACK = '127.0.0.1';

/** The flag that chooses a port. */
export type PortFlag = '--port' | '--dynamodb-port' | '--console-port';

/** A port that was free a moment ago. Another process may take it before it is used, so starting on it can still fail. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Whether the port is free now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

/** The code of Node's error when another process uses the port. */
export const PORT_TAKEN = 'EADDRINUSE';

export class PortTakenError extends StartError {
  constructor(port: number, flag: PortFlag) {
    super(`Port ${port} is taken; choose another one with ${flag} N (0 picks a free one).`);
  }
}

/** Which port is wanted, and how hard to try. */
export interface PortWish {
  /** 0 for any free one. */
  readonly port: number;
  readonly flag: PortFlag;
  /** How long to wait for a port that is taken; the process that uses it may be about to end. */
  readonly patienceMs: number;
}

const RETRY_MS = 50;
/** Another process may take a free port first, but hardly this often in a row. */
const MAX_FREE_PORT_TRIES = 5;

/**
 * Calls `listen` with the wanted port, or for port 0 with free ones, until it does not throw `PORT_TAKEN`.
 * @throws {PortTakenError} when the port stays taken; other errors of `listen` are passed on
 */
export async function listenOn<T>(
  { port, flag, patienceMs }: PortWish,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    const candidate = port === 0 ? await findFreePort() : port;
    try {
      return await listen(candidate);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === PORT_TAKEN)) {
        throw error;
      }
      const mayTryAgain = port === 0 ? tries < MAX_FREE_PORT_TRIES : Date.now() < end;
      if (!mayTryAgain) {
        throw new PortTakenError(candidate, flag);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
