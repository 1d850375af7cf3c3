/**
 * The DynamoDB to use in tests where the table emulator is not installed. Each test's tables have names of their own in
 * it. Tests of the emulator itself are skipped then.
 */

import { parseDynamoDbEndpoint } from '../../lib/local/flags.ts';

/** Undefined where tests start the emulator. */
export const OTHER_DYNAMODB = parseDynamoDbEndpoint(undefined, process.env);
