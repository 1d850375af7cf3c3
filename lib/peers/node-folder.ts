/**
 * Reads the network as the folder of the authority's node describes it. The network's own scripts make that folder, and it is
 * used as it is; peers inside AWS are listed in a file beside the others.
 */

import type { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAwsPeers } from './aws-peers.ts';
import { checkPeerCertificate, checkRootCertificate, isForRange, readCertificate } from './certificates.ts';
import { doRangesOverlap } from './id-range.ts';
import { parseManifest } from './manifest.ts';
import { AUTHORITY_ID_FORM, NODE_ID_FORM, parseNodeType, parseRange } from './node-files.ts';
import type { Network, Peer, PeerState } from './peer.ts';
import { PeersError } from './peers-error.ts';

type Authority = Omit<Network, 'peers'> & { readonly root: X509Certificate };

/** The file that lists the peers inside AWS. */
export const AWS_PEERS_FILE = 'aws-peers.toml';

/**
 * The authority and its peers.
 * @param folder of the authority's node
 * @throws {PeersError} for the first mistake, whatever it is: a missing file, a certificate of another node, overlapping ranges
 */
export function readNodeFolder(folder: string): Network {
  const { root, ...authority } = readAuthority(folder);
  const peersFolder = join(folder, 'peers');
  const names = existsSync(peersFolder) ? readdirSync(peersFolder, { withFileTypes: true }) : [];
  const stompPeers = names
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readStompPeer(join(peersFolder, name), name, { ...authority, root }));
  const awsFile = join(folder, AWS_PEERS_FILE);
  const awsPeers = existsSync(awsFile)
    ? parseAwsPeers({ file: awsFile, content: readText(awsFile) }, authority.range)
    : [];
  const peers = [...stompPeers, ...awsPeers].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  refuseDoubles(peers, folder);
  return { ...authority, peers };
}

function readAuthority(folder: string): Authority {
  const idFile = join(folder, 'db', 'nodeid');
  const nodeId = readLine(idFile);
  if (!AUTHORITY_ID_FORM.test(nodeId)) {
    throw new PeersError({ file: idFile, field: 'the node ID' }, 'must be 8 lower-case hexadecimal digits');
  }
  const typePlace = { file: join(folder, 'db', 'nodetype'), field: 'the node type' };
  if (parseNodeType(readLine(typePlace.file), typePlace) !== 'accounting-authority') {
    throw new PeersError(typePlace, 'must be Accounting Authorities');
  }
  const rootPlace = { file: join(folder, 'root-ca.crt'), field: 'the root certificate' };
  const root = readCertificate(readText(rootPlace.file), rootPlace);
  checkRootCertificate(root, { nodeId, type: 'accounting-authority' }, rootPlace);
  const manifest = join(folder, 'nodeinfo', 'stomp.toml');
  const { destination } = parseManifest({ file: manifest, content: readText(manifest) }, nodeId);
  return { nodeId, range: { digits: nodeId }, rootCertificate: root.toString(), destination, root };
}

function readStompPeer(folder: string, nodeId: string, authority: Authority): Peer {
  if (!NODE_ID_FORM.test(nodeId)) {
    const words = 'must be named by 8 to 32 lower-case hexadecimal digits';
    throw new PeersError({ file: folder, field: 'the folder' }, words);
  }
  const typePlace = { file: join(folder, 'nodetype.txt'), field: 'the node type' };
  const type = parseNodeType(readLine(typePlace.file), typePlace);
  if (type === 'accounting-authority') {
    throw new PeersError(typePlace, 'must be Creditors Agents or Debtors Agents');
  }
  const rangePlace = { file: join(folder, 'subnet.txt'), field: 'the range' };
  const responsibility = { type, authorityRange: authority.range };
  const range = parseRange(responsibility, readLine(rangePlace.file), rangePlace);

  const rootPlace = { file: join(folder, 'root-ca.crt'), field: 'the root certificate' };
  const root = readCertificate(readText(rootPlace.file), rootPlace);
  checkRootCertificate(root, { nodeId, type }, rootPlace);
  const subPlace = { file: join(folder, 'sub-ca.crt'), field: 'the certificate from the peer' };
  const sub = readCertificate(readText(subPlace.file), subPlace);
  checkPeerCertificate(sub, { issuer: root, subject: authority.root }, subPlace);
  const ourPlace = { file: join(folder, 'peercert.crt'), field: 'the certificate for the peer' };
  if (existsSync(ourPlace.file)) {
    const ours = readCertificate(readText(ourPlace.file), ourPlace);
    checkPeerCertificate(ours, { issuer: authority.root, subject: root }, ourPlace);
    if (!isForRange(ours, range.digits)) {
      throw new PeersError(ourPlace, `must have the comment "Subnet: ${range.digits}"`);
    }
  }

  const manifest = join(folder, 'nodeinfo', 'stomp.toml');
  const address = parseManifest({ file: manifest, content: readText(manifest) }, authority.nodeId);
  return {
    nodeId,
    ...responsibility,
    range,
    state: readState(folder),
    reach: {
      kind: 'stomp',
      address,
      rootCertificate: root.toString(),
      subCertificate: sub.toString(),
    },
  };
}

/** A peer that has both files is deactivated. */
function readState(folder: string): PeerState {
  if (existsSync(join(folder, 'DEACTIVATED'))) {
    return 'deactivated';
  }
  return existsSync(join(folder, 'ACTIVE')) ? 'active' : 'pending';
}

/** No two peers may be one node, or speak for the same ID. */
function refuseDoubles(peers: readonly Peer[], folder: string): void {
  for (const [index, peer] of peers.entries()) {
    for (const other of peers.slice(0, index)) {
      const file =
        peer.reach.kind === 'aws' ? join(folder, AWS_PEERS_FILE) : join(folder, 'peers', peer.nodeId);
      if (other.nodeId === peer.nodeId) {
        throw new PeersError({ file, field: `the node ID ${peer.nodeId}` }, 'stands in two places');
      }
      if (other.type === peer.type && doRangesOverlap(other.range, peer.range)) {
        const words = `overlaps with the range ${other.range.digits} of ${other.nodeId}`;
        throw new PeersError({ file, field: `the range ${peer.range.digits}` }, words);
      }
    }
  }
}

/** The file's only line. */
function readLine(file: string): string {
  return readText(file).replace(/\r?\n$/, '');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new PeersError({ file, field: 'the file' }, 'does not exist');
    }
    throw error;
  }
}
