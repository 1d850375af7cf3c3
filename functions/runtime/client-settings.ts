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
