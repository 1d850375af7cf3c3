/** Puts the address of each peer beside the code that sends to it: its certificates are too long for variables. */

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../../peers/peer.ts';

/** The file beside the bundle from which send-to-peer reads whom it sends to. */
export const PEER_FILE = 'peer.json';

/**
 * Copies the bundle into `<outputFolder>/<node ID>` with the peer's address.
 * @returns the folder; `undefined` for a peer that is not sent to
 */
export function createSenderFolder(
  { nodeId, reach }: Peer,
  { bundle, outputFolder }: { readonly bundle: string; readonly outputFolder: string },
): string | undefined {
  if (reach.kind !== 'stomp') {
    return undefined;
  }
  const folder = join(outputFolder, nodeId);
  mkdirSync(folder, { recursive: true });
  cpSync(bundle, folder, { recursive: true });
  writeFileSync(join(folder, PEER_FILE), JSON.stringify({ nodeId, reach }));
  return folder;
}
