/**
 * The info-bundle of the authority's node, in the form in which the network's own scripts (`sign-peercert`) take it: the root
 * certificate, a signing request with the same key, what the node tells about itself, and the root's signature on that. The root's
 * key signs elsewhere; nothing here reads it.
 */

import { verify, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { OperatorError } from '../../operator-command.ts';
import { zip } from './zip.ts';

export const NODE_INFO_FILE = 'nodeinfo.zip';
export const SIGNATURE_FILE = 'nodeinfo.signature';
const UPDATED_FILE = 'updated-at.txt';

export interface BundleWish {
  /** Of the authority's node. */
  readonly folder: string;
  /** For the files that are made. */
  readonly place: string;
  readonly nodeId: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

export type BundleStep =
  /** `nodeinfo.zip` is there, and waits for the signature of the root's key. */
  | { readonly kind: 'to be signed' }
  | { readonly kind: 'made'; readonly file: string; readonly fingerprint: string };

/**
 * Makes the next of two steps; between them, the operator signs.
 * @throws {OperatorError} for a file of the node that is missing or does not fit to the others
 */
export function makeInfoBundle({ folder, place, nodeId, today }: BundleWish): BundleStep {
  const root = readNodeFile(folder, 'root-ca.crt');
  const certificate = new X509Certificate(root);
  const request = readRequest(folder, certificate);
  mkdirSync(place, { recursive: true });
  const nodeInfo = join(place, NODE_INFO_FILE);
  const signature = join(place, SIGNATURE_FILE);
  if (!existsSync(nodeInfo) || !readFileSync(nodeInfo).equals(zipNodeInfo(folder))) {
    // Peers take over what a node tells about itself only when this date is later than that of what they have.
    writeFileSync(join(folder, 'nodeinfo', UPDATED_FILE), `${today}\n`);
    writeFileSync(nodeInfo, zipNodeInfo(folder));
    rmSync(signature, { force: true });
  }
  if (!existsSync(signature)) {
    return { kind: 'to be signed' };
  }
  const [info, signed] = [readFileSync(nodeInfo), readFileSync(signature)];
  if (!verify('sha256', info, certificate.publicKey, signed)) {
    throw new OperatorError(
      `${signature} is not the signature of this node's root key on ${NODE_INFO_FILE}; delete it, and sign again.`,
    );
  }
  const file = join(place, `${nodeId}.zip`);
  writeFileSync(
    file,
    zip(
      new Map([
        ['root-ca.crt', root],
        ['root-ca.csr', request],
        [NODE_INFO_FILE, info],
        [SIGNATURE_FILE, signed],
      ]),
    ),
  );
  return { kind: 'made', file, fingerprint: certificate.fingerprint256 };
}

/** @throws {OperatorError} unless the request is there and has the root's key */
function readRequest(folder: string, certificate: X509Certificate): Buffer {
  const request = readNodeFile(folder, 'db/root-ca.csr');
  const [, base64 = ''] =
    /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]+)-----END/.exec(`${request}`) ?? [];
  const key = certificate.publicKey.export({ format: 'der', type: 'spki' });
  if (!Buffer.from(base64, 'base64').includes(key)) {
    throw new OperatorError(
      `${join(folder, 'db/root-ca.csr')} must be a signing request, in PEM, with the key of root-ca.crt; make it anew with create-infobundle of the network's scripts.`,
    );
  }
  return request;
}

function readNodeFile(folder: string, name: string): Buffer {
  const file = join(folder, name);
  if (!existsSync(file)) {
    throw new OperatorError(`There is no ${file}; create-infobundle of the network's scripts makes it.`);
  }
  return readFileSync(file);
}

/** All files of `nodeinfo`, but those whose names begin with a dot, as the network's scripts do. */
function zipNodeInfo(folder: string): Buffer {
  const top = join(folder, 'nodeinfo');
  const entries = readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(top, join(parentPath, name)))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')));
  return zip(new Map(entries.map((name) => [name, readFileSync(join(top, name))])));
}
