/** Reads the flags of a command, and refuses wrong ones in a sentence. Flags that several commands have are here too. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { StartError } from './start-error.ts';

/** @throws {StartError} for a flag that is not among the options, or lacks its value */
export function parseFlags<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // The first sentence of Node's message names the flag; the others are about positional arguments.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new StartError(`${sentence}; see --help.`);
  }
}

/** Names another DynamoDB where the flag --dynamodb-endpoint does not. */
export const ENDPOINT_VARIABLE = 'LOCAL_DYNAMODB_ENDPOINT';

/**
 * The address of another DynamoDB; undefined if there is none.
 * @param flag the value of --dynamodb-endpoint, which comes before the variable
 * @throws {StartError} when it is no address
 */
export function parseDynamoDbEndpoint(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const variable = environment[ENDPOINT_VARIABLE] || undefined;
  const text = flag ?? variable;
  if (text === undefined || /^http:\/\/[^/]+\/?$/.test(text)) {
    return text;
  }
  return refuseValue(
    flag === undefined ? ENDPOINT_VARIABLE : '--dynamodb-endpoint',
    text,
    'like http://127.0.0.1:8000',
  );
}

/** @throws {StartError} always */
export function refuseValue(name: string, text: string, expectation: string): never {
  throw new StartError(`${name} is ${JSON.stringify(text)}; it must be ${expectation}.`);
}
