/** Changes the text of a RootConfigData, and keeps in it what this program does not know. RootConfigData 1.0. */

import { type JsonObject, type JsonValue, parseJson, printJson } from '../../protocol/json.ts';
import { parseRootConfigData, type RootConfigData } from '../../protocol/root-config-data.ts';
import { UsageError } from './usage-error.ts';

/** New properties; `undefined` takes one away. */
export type ConfigChange = Readonly<Record<string, JsonValue | undefined>>;

/** What holds where a root account has no configuration data: no rate, no limit. */
const NONE = '{"type":"RootConfigData"}';

/** @throws {UsageError} where the text is no RootConfigData: it would be lost */
export function readConfig(text: string): RootConfigData {
  const config = parseRootConfigData(text === '' ? NONE : text);
  if (config === undefined) {
    throw new UsageError(
      `The root account's configuration data is no RootConfigData: ${JSON.stringify(text)}; replace it as a whole with swpt configure D/0 --data TEXT.`,
    );
  }
  return config;
}

/**
 * The text with the change made.
 * @throws {UsageError} where the result would break the limits of RootConfigData
 */
export function changeConfig(text: string, change: ConfigChange): string {
  readConfig(text);
  const members = { ...(parseJson(text === '' ? NONE : text) as JsonObject), ...change };
  const kept = Object.entries(members).filter(
    (member): member is [string, JsonValue] => member[1] !== undefined,
  );
  const changed = printJson(Object.fromEntries(kept));
  if (parseRootConfigData(changed) === undefined) {
    throw new UsageError(
      `The authority would not accept ${changed}; see swpt currency --help for the limits.`,
    );
  }
  return changed;
}
