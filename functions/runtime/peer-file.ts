/** Whom this deployment of send-to-peer sends to: the stack puts a file with it beside the bundle. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Destination } from '../../lib/peers/sender/peer-connection.ts';

export function readDestination(): Destination {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'peer.json'), 'utf8'));
}
