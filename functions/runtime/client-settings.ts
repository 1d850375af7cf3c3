/** What all AWS clients of the functions have in common: how long a call may take, and what the SDK does beside it. */

import type { SQSClientConfig } from '@aws-sdk/client-sqs';

/** A call that takes longer has an unknown outcome, and is taken for unavailability. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
};

const ignore = (): void => {};

/**
 * Logs nothing, as the SDK's own default. But for that one the SDK first copies the input and output of each call, which
 * costs as much CPU time as making the call. It does not where the logger has neither `info` nor `error`.
 */
const logger = { trace: ignore, debug: ignore, warn: ignore } as NonNullable<SQSClientConfig['logger']>;

export const clientSettings = { requestHandler, logger };
