/** A logger for SDK clients without `info`: the SDK then prepares nothing to log, which takes as long as the call itself. */

import type { SQSClientConfig } from '@aws-sdk/client-sqs';

const ignore = (): void => {};

export const QUIET = { trace: ignore, debug: ignore, warn: ignore } as NonNullable<SQSClientConfig['logger']>;
