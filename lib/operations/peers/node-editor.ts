/** Changes the folder of the authority's node, one small step at a time, and only when the folder is sound after it. */

import { X509Certificate } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nodeIdOf } from '../../peers/certificates.ts';
import { readNodeFolder } from '../../peers/node-folder.ts';
import type { Network, Peer } from '../../peers/peer.ts';
import { PeersError } from '../../peers/peers-error.ts';
import { OperatorError } from '../operator-command.ts';

/** @throws {OperatorError} for a mistake in the folder */
export function readNetwork(folder: string): Network {
  try {
    return readNodeFolder(folder);
  } catch (error) {
    throw error instanceof PeersError ? new OperatorError(error.message) : error;
  }
}

/** @throws {OperatorError} when there is no such peer */
export function findPeer({ peers }: Network, nodeId: string): Peer {
  const peer = peers.find((each) => each.nodeId === nodeId);
  if (peer === undefined) {
    throw new OperatorError(`There is no peer ${JSON.stringify(nodeId)}; npm run peers -- list shows them.`);
  }
  return peer;
}

/** What a peer's folder must have, as the network's own scripts make it. */
const FILES = [
  'root-ca.crt',
  'sub-ca.crt',
  'peercert.crt',
  'nodetype.txt',
  'subnet.txt',
  'nodeinfo',
] as const;

/**
 * Takes a peer into the folder; it is not active yet.
 * @param bundle the folder of the peer, with the files of `peers/<id>`
 * @returns the peer as it would be, or is
 * @throws {OperatorError} for a mistake in the bundle, or a peer that is there already; then nothing is changed
 */
export function addPeer(folder: string, bundle: string, { isDryRun }: { readonly isDryRun: boolean }): Peer {
  readNetwork(folder);
  const nodeId = idOfBundle(bundle);
  const place = join(folder, 'peers', nodeId);
  if (existsSync(place)) {
    throw new OperatorError(`There is a peer ${nodeId} already.`);
  }
  // Looked at in a copy first, so that a mistake in it never harms the node.
  const trial = mkdtempSync(`${resolve(folder)}-trial-`);
  try {
    cpSync(folder, trial, { recursive: true, filter: isNoSecret });
    copyBundle(bundle, join(trial, 'peers', nodeId));
    const peer = findPeer(readTrial(trial, folder), nodeId);
    if (!isDryRun) {
      const draft = join(trial, 'draft');
      copyBundle(bundle, draft);
      renameSync(draft, place);
    }
    return peer;
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}

/**
 * Lets the peer connect, or refuses it from now on.
 * @throws {OperatorError} when it is so already, or the peer is listed in a file that people edit
 */
export function setState(
  folder: string,
  { nodeId, reach, state }: Peer,
  { wanted, date }: { readonly wanted: 'active' | 'deactivated'; readonly date: string },
): void {
  if (reach.kind === 'aws') {
    throw new OperatorError(
      `Peer ${nodeId} is listed in aws-peers.toml; write state = "${wanted}" there, and deploy.`,
    );
  }
  if (state === wanted) {
    throw new OperatorError(`Peer ${nodeId} is ${wanted} already.`);
  }
  const place = join(folder, 'peers', nodeId);
  if (wanted === 'active') {
    rmSync(join(place, 'DEACTIVATED'), { force: true });
    writeFileSync(join(place, 'ACTIVE'), '');
  } else {
    writeFileSync(join(place, 'DEACTIVATED'), `${date}\n`);
  }
}

/**
 * Takes the peer's folder out of the network, and keeps it: its certificates say which range was the peer's.
 * @returns where it is now
 */
export function setAside(folder: string, nodeId: string): string {
  const place = join(folder, 'removed-peers', nodeId);
  mkdirSync(dirname(place), { recursive: true });
  renameSync(join(folder, 'peers', nodeId), place);
  return place;
}

/** Keys are nothing that a trial needs. */
function isNoSecret(path: string): boolean {
  return basename(path) !== 'private' && !path.endsWith('.key');
}

function idOfBundle(bundle: string): string {
  const file = join(bundle, 'root-ca.crt');
  try {
    const nodeId = nodeIdOf(new X509Certificate(readFileSync(file)).subject);
    if (nodeId !== undefined) {
      return nodeId;
    }
  } catch {
    // Told below.
  }
  throw new OperatorError(`${file} must be the root certificate of a node of the network.`);
}

function copyBundle(bundle: string, place: string): void {
  for (const name of FILES.filter((each) => existsSync(join(bundle, each)))) {
    cpSync(join(bundle, name), join(place, name), { recursive: true });
  }
}

function readTrial(trial: string, folder: string): Network {
  try {
    return readNetwork(trial);
  } catch (error) {
    throw error instanceof OperatorError ? new OperatorError(error.message.replaceAll(trial, folder)) : error;
  }
}
