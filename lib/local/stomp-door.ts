/** The listener for peers, in the local run: as in the cloud, but with the node's folder itself and on loopback. */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { storeInQueue } from '../peers/listener/queue-store.ts';
import { StompListener } from '../peers/listener/stomp-listener.ts';
import { readNodeFolder } from '../peers/node-folder.ts';
import { PeersError } from '../peers/peers-error.ts';
import { peerQueueNames } from '../peers/queue-names.ts';
import { ACCOUNT_ID, type Endpoints, REGION } from './stack/emulated-cloud.ts';
import { StartError } from './start-error.ts';
import type { StopList } from './stop-list.ts';

export interface PeersWish {
  /** The authority's node, with its server certificate and key in `server.crt` and `server.key`. */
  readonly folder: string;
  /** Of STOMP; 0 for any free one. */
  readonly stompPort: number;
}

export interface DoorSurroundings extends Pick<Endpoints, 'endpoint'> {
  readonly stackName: string;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly now: () => number;
  /** For people: one line about what went wrong. */
  readonly onTrouble: (line: string) => void;
}

/**
 * Opens the door. @returns the port
 * @throws {StartError} when the folder describes no network, or the port is taken
 */
export async function openStompDoor(
  { folder, stompPort }: PeersWish,
  { endpoint, stackName, now, onTrouble }: DoorSurroundings,
  started: StopList,
): Promise<number> {
  const network = networkIn(folder);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region: REGION, credentials });
  started.add(() => client.destroy());
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const listener = new StompListener({
    identity: { certificate: read('server.crt'), key: read('server.key') },
    network: () => network,
    store: (peer, bodies) =>
      storeInQueue(client, `${endpoint}/${ACCOUNT_ID}/${peerQueueNames(stackName, peer).incoming}`, bodies),
    now: () => BigInt(now()) * 1_000n,
    reports: {
      count: () => {},
      log: (level, message, details) => {
        if (level === 'warn') {
          onTrouble(`${message} ${JSON.stringify(details)}`);
        }
      },
    },
  });
  try {
    const port = await listener.listen({ host: '127.0.0.1', port: stompPort });
    started.add(() => listener.close());
    return port;
  } catch (error) {
    throw new StartError(`--stomp-port: ${error instanceof Error ? error.message : error}.`);
  }
}

/** What the functions need besides the template's variables. */
export function variablesOfPeers(peers: PeersWish | undefined): Readonly<Record<string, string>> {
  return peers === undefined
    ? {}
    : {
        STOMP_IDENTITY_FOLDER: resolve(peers.folder),
        // Whoever stops the local run waits for its functions.
        SENDER_PATIENCE_SECONDS: '3',
      };
}

function networkIn(folder: string) {
  try {
    return readNodeFolder(folder);
  } catch (error) {
    throw error instanceof PeersError ? new StartError(error.message) : error;
  }
}
