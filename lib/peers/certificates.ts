/** What the network demands of certificates beyond a valid chain: whose they are, and what one node vouches for of another. */

import { X509Certificate } from 'node:crypto';
import { type NodeType, printNodeType } from './node-files.ts';
import { PeersError } from './peers-error.ts';

const ORGANIZATION = 'Swaptacular Nodes Registry';

interface Place {
  readonly file: string;
  readonly field: string;
}

/** The first certificate of a PEM text, without the comments around it. @throws {PeersError} when there is none */
export function readCertificate(text: string, place: Place): X509Certificate {
  const [pem] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text) ?? [];
  if (pem === undefined) {
    throw new PeersError(place, 'holds no certificate in PEM');
  }
  try {
    return new X509Certificate(pem);
  } catch {
    throw new PeersError(place, 'can not be read');
  }
}

/**
 * The ID of the node whose certificate this is. `undefined` when it is no certificate of the network, or when an attribute that
 * decides this stands twice in its subject.
 * @param subject one `name=value` a line, as Node prints it
 */
export function nodeIdOf(subject: string): string | undefined {
  const attributes = attributesOf(subject);
  const only = (name: string): string | undefined =>
    attributes.filter(([each]) => each === name).length === 1
      ? attributes.find(([each]) => each === name)?.[1]
      : undefined;
  return only('O') === ORGANIZATION ? only('serialNumber') : undefined;
}

/** @throws {PeersError} unless it is the self-signed certificate of this node */
export function checkRootCertificate(
  certificate: X509Certificate,
  { nodeId, type }: { readonly nodeId: string; readonly type: NodeType },
  place: Place,
): void {
  if (nodeIdOf(certificate.subject) !== nodeId) {
    throw new PeersError(place, `must have O = ${ORGANIZATION} and serialNumber = ${nodeId} in its subject`);
  }
  const unit = printNodeType(type);
  if (!attributesOf(certificate.subject).some(([name, value]) => name === 'OU' && value === unit)) {
    throw new PeersError(place, `must have OU = ${unit} in its subject`);
  }
  if (!certificate.ca || !certificate.verify(certificate.publicKey)) {
    throw new PeersError(place, 'must be a self-signed certificate of a certificate authority');
  }
}

/**
 * Checks a certificate by which one root vouches for another.
 * @throws {PeersError} unless it is about the subject's very name and key, and signed by the issuer
 */
export function checkPeerCertificate(
  certificate: X509Certificate,
  { issuer, subject }: { readonly issuer: X509Certificate; readonly subject: X509Certificate },
  place: Place,
): void {
  if (certificate.subject !== subject.subject || !certificate.publicKey.equals(subject.publicKey)) {
    throw new PeersError(
      place,
      'must have the subject and the public key of the root certificate that it is for',
    );
  }
  if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
    throw new PeersError(place, 'must be signed by the other root certificate');
  }
}

/** Whether an authority wrote this range into the certificate, as a comment. swpt-certificates 1.0, peer certificates. */
export function isForRange(certificate: X509Certificate, digits: string): boolean {
  // The comment is a string with its length before it, so a longer range has another length.
  const comment = Buffer.from(`Subnet: ${digits}`, 'ascii');
  return certificate.raw.includes(Buffer.concat([Buffer.from([0x16, comment.length]), comment]));
}

function attributesOf(subject: string): (readonly [string, string])[] {
  return subject.split('\n').map((line) => {
    const position = line.indexOf('=');
    return [line.slice(0, position), line.slice(position + 1)] as const;
  });
}
