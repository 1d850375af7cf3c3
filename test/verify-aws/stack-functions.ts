/** The functions of the deployed stack, by what feeds them. */

import { openSwitchboard } from '../../lib/operations/switches/switchboard.ts';
import type { DeployedPlace } from './deployed-place.ts';
import { pause } from './metrics.ts';

/** @throws {Error} when nothing feeds on that queue or table */
export async function functionOf(
  { outputs, lambda, eventBridge }: DeployedPlace,
  kind: 'queue' | 'stream',
  source: string,
): Promise<string> {
  const switches = await openSwitchboard(outputs, { lambda, eventBridge, pause }).read();
  const found = switches.find((one) => one.kind === kind && one.source === source);
  if (found?.functionName === undefined) {
    throw new Error(`no function is fed from ${source}`);
  }
  return found.functionName;
}
