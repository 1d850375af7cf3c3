/** Makes the folders of a small network's nodes, in the form that the network's own scripts give them. */

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  makeKeys,
  makePeerCertificate,
  makeRoot,
  makeServerCertificate,
  makeSigningRequest,
  nameOf,
  printPrivateKey,
  type Root,
} from './certificates.ts';

const UNITS = {
  authority: 'Accounting Authorities',
  'creditors-agent': 'Creditors Agents',
  'debtors-agent': 'Debtors Agents',
} as const;
const EXCHANGES = {
  authority: 'accounts_in',
  'creditors-agent': 'creditors_in',
  'debtors-agent': 'debtors_in',
} as const;

export interface WantedPeer {
  /** Names its folder. */
  readonly name: string;
  readonly type: 'creditors-agent' | 'debtors-agent';
  /** Hexadecimal digits: the beginning of its IDs. */
  readonly range: string;
  /** Of its STOMP server, on loopback. */
  readonly port: number;
}

export interface WantedNetwork {
  /** 8 hexadecimal digits: the beginning of all its debtor IDs. */
  readonly authorityId: string;
  /** Of the authority's STOMP server, on loopback. */
  readonly port: number;
  readonly peers: readonly WantedPeer[];
}

export interface MadeNode {
  readonly nodeId: string;
  readonly folder: string;
  readonly root: Root;
}

export interface MadeNetwork {
  readonly authority: MadeNode;
  /** In the order of the wanted ones. */
  readonly peers: readonly MadeNode[];
}

type Kind = keyof typeof UNITS;

/** Makes `<folder>/authority` and a folder for each peer, each with server certificate and key. */
export async function makeNetwork(folder: string, wanted: WantedNetwork): Promise<MadeNetwork> {
  const authority = await makeNode(join(folder, 'authority'), {
    kind: 'authority',
    nodeId: wanted.authorityId,
    port: wanted.port,
  });
  const peers: MadeNode[] = [];
  for (const peer of wanted.peers) {
    const node = await makeNode(join(folder, peer.name), { kind: peer.type, port: peer.port });
    await introduce({ authority, node, peer, port: wanted.port });
    peers.push(node);
  }
  return { authority, peers };
}

async function makeNode(
  folder: string,
  { kind, nodeId: given, port }: { readonly kind: Kind; readonly nodeId?: string; readonly port: number },
): Promise<MadeNode> {
  const keys = await makeKeys();
  const publicKey = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
  const nodeId = given ?? createHash('sha256').update(publicKey).digest('hex').slice(0, 32);
  const root = await makeRoot(nameOf(UNITS[kind], nodeId), keys);
  const serverKeys = await makeKeys();
  write(folder, {
    'root-ca.crt': pem(root),
    'private/root-ca.key': `${await printPrivateKey(keys)}\n`,
    'server.crt': `${await makeServerCertificate(root, serverKeys)}\n`,
    'server.key': `${await printPrivateKey(serverKeys)}\n`,
    'db/nodeid': `${nodeId}\n`,
    'db/nodetype': `${UNITS[kind]}\n`,
    'db/root-ca.csr': `${await makeSigningRequest(root)}\n`,
    'nodeinfo/stomp.toml': manifest(kind, port),
  });
  return { nodeId, folder, root };
}

interface Introduction {
  readonly authority: MadeNode;
  readonly node: MadeNode;
  readonly peer: WantedPeer;
  /** Of the authority. */
  readonly port: number;
}

/** Each of the two vouches for the other's root, and keeps what it got from the other. */
async function introduce({ authority, node, peer, port }: Introduction): Promise<void> {
  const forPeer = `${await makePeerCertificate(authority.root, node.root, peer.range)}\n`;
  const forAuthority = `${await makePeerCertificate(node.root, authority.root)}\n`;
  write(join(authority.folder, 'peers', node.nodeId), {
    'root-ca.crt': pem(node.root),
    'peercert.crt': forPeer,
    'sub-ca.crt': forAuthority,
    'nodetype.txt': `${UNITS[peer.type]}\n`,
    'subnet.txt': `${peer.range}\n`,
    'nodeinfo/stomp.toml': manifest(peer.type, peer.port),
    ACTIVE: '',
  });
  write(join(node.folder, 'peers', authority.nodeId), {
    'root-ca.crt': pem(authority.root),
    'peercert.crt': forAuthority,
    'sub-ca.crt': forPeer,
    'nodetype.txt': `${UNITS.authority}\n`,
    'nodeinfo/stomp.toml': manifest('authority', port),
    ACTIVE: '',
    ...(peer.type === 'creditors-agent' && { 'masq-subnet.txt': `${peer.range}\n` }),
  });
  write(
    node.folder,
    peer.type === 'creditors-agent'
      ? { 'creditors-subnet.txt': `${peer.range}\n` }
      : { 'debtors-subnet.txt': `${peer.range}\n` },
  );
}

function manifest(kind: Kind, port: number): string {
  return [
    `servers = ["127.0.0.1:${port}"]`,
    'host = "/"',
    `destination = "/exchange/${EXCHANGES[kind]}"`,
    '',
  ].join('\n');
}

function pem({ certificate }: Root): string {
  return `${certificate.toString('pem')}\n`;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: name.endsWith('.key') ? 0o600 : 0o644 });
  }
}
