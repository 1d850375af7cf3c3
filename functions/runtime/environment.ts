/** The environment of a function, as the stack sets it. */

import { parseSettings } from '../../lib/shell/settings.ts';

/** Read once, at the start of the function's process. */
export const settings = parseSettings(process.env);

/** @throws {Error} when the stack did not set the variable */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`The function's environment lacks ${name}.`);
  }
  return value;
}
