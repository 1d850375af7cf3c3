/** The settings of all AWS clients of the functions. */

import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { endInTime } from './remaining-time.ts';

/** A call that takes longer has an unknown outcome, and counts as unavailability. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
};

const ignore = (): void => {};

/**
 * Logs nothing, like the SDK's default logger. For any logger with `info` or `error`, the default one too, the SDK copies the
 * input and output of each call, which costs as much CPU time as the call itself.
 */
const logger = { trace: ignore, debug: ignore, warn: ignore } as NonNullable<SQSClientConfig['logger']>;

export const clientSettings = { requestHandler, logger };

/**
 * The same for clients that put the steps of a call together once for each kind of call, instead of for each call. That saves an
 * eighth of a small call's CPU time. No steps may be added after the first call, and the SDK's document client refuses it.
 */
export const quickClientSettings = { ...clientSettings, cacheMiddleware: true };
interface Bounded {
  readonly middlewareStack: {
    readonly add: (middleware: typeof endInTime, options: { step: 'initialize' }) => void;
  };
}

/** @returns the client, no call of which outlives its function */
export function bounded<Client>(client: Client): Client {
  (client as Client & Bounded).middlewareStack.add(endInTime, { step: 'initialize' });
  return client;
}
