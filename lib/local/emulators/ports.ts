/** Ports of the local run: finding a free one, and saying which one is taken. Listening is the emulators' business. */

import { createServer } from 'node:net';
import { StartError } from '../start-error.ts';

/** Nothing of the local run can be reached from another machine. */
export const LOOPBACK = '127.0.0.1';

/** The flag with which each port is chosen. */
export type PortFlag = '--port' | '--dynamodb-port';

/** A port that was free a moment ago. Somebody may take it before it is used, so starting on it can still fail. */
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

/** The port is in use by somebody else. */
export class PortTakenError extends StartError {
  constructor(port: number, flag: PortFlag) {
    super(`Port ${port} is taken; choose another one with ${flag} N (0 picks a free one).`);
  }
}

/** How to get hold of a port. */
export interface PortWish {
  /** 0 for any free one. */
  readonly port: number;
  readonly flag: PortFlag;
  /** How long to wait for a port that is taken: whoever has it may be about to end. */
  readonly patienceMs: number;
}

const RETRY_MS = 50;
/** Others also look for free ports; being outrun this often in a row is no coincidence. */
const MAX_FREE_PORT_TRIES = 5;

/**
 * Starts something on the wished port. With port 0 it is tried on free ports until one is not taken in between.
 * @throws {PortTakenError} when the port stays taken; what else `listen` throws is passed on
 */
export async function listenOn<T>(
  { port, flag, patienceMs }: PortWish,
  listen: (port: number) => Promise<T>,
  isTaken: (error: unknown) => boolean,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    const candidate = port === 0 ? await findFreePort() : port;
    try {
      return await listen(candidate);
    } catch (error) {
      if (!isTaken(error)) {
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
