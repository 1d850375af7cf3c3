/**
 * The DynamoDB to use in tests where the table emulator is not installed. Each test's tables have names of their own in
 * it. Tests of the emulator itself are skipped then.
 */

import { parseDynamoDbEndpoint } from '../../lib/local/flags.ts';

/** Undefined where tests start the emulator. */
export const OTHER_DYNAMODB = parseDynamoDbEndpoint(undefined, process.env);

const TABLE_NAME = /\b(Accounts|Transfers|Fixture-Things)-[0-9a-f]{8}(-[0-9a-f-]{27})?\b/g;

/** The text with the names that tables have in the emulator. */
export function withPlainTableNames(text: string): string {
  return OTHER_DYNAMODB === undefined ? text : text.replaceAll(TABLE_NAME, '$1');
}
