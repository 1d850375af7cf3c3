/** The settings of all AWS clients of the functions. */

import type { SQSClientConfig } from '@aws-sdk/client-sqs';

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
