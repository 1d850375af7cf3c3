/** Small networks on disk, made anew for a test file, with the folder of each node. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type MadeNetwork, makeNetwork, type WantedNetwork } from '../../../examples/network/node-folders.ts';

/** One authority, a creditors agent for `000002` and a debtors agent for `1234abcd00`. No server listens on the ports. */
export const SMALL_NETWORK: WantedNetwork = {
  authorityId: '1234abcd',
  port: 1234,
  peers: [
    { name: 'creditors', type: 'creditors-agent', range: '000002', port: 1235 },
    { name: 'debtors', type: 'debtors-agent', range: '1234abcd00', port: 1236 },
  ],
};

/** A network whose folders are removed when the test file has ended. */
export async function networkOnDisk(changes: Partial<WantedNetwork> = {}): Promise<MadeNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'network-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return makeNetwork(folder, { ...SMALL_NETWORK, ...changes });
}
