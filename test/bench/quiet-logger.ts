/** A logger for SDK clients without `info`, so that the SDK prepares no log entry: that takes as long as the call. */

import type { SQSClientConfig } from '@aws-sdk/client-sqs';

const ignore = (): void => {};

export const QUIET = { trace: ignore, debug: ignore, warn: ignore } as NonNullable<SQSClientConfig['logger']>;
