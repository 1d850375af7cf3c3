/** Makes the three kinds of certificates of a Swaptacular network, for trials: of roots, of servers, and from one root for another. */

// The library of certificates demands this first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** The keys of trials are elliptic, as these are made in no time. The network's own scripts make RSA keys. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const SERIAL_NUMBER = '2.5.4.5';
const NAME_CONSTRAINTS = '2.5.29.30';
const NETSCAPE_COMMENT = '2.16.840.1.113730.1.13';
const DAY_MS = 86_400_000;
const IA5_STRING = 0x16;
const SEQUENCE = 0x30;
const PERMITTED_SUBTREES = 0xa0;
const DIRECTORY_NAME = 0xa4;

export type Keys = webcrypto.CryptoKeyPair;

/** A certificate authority: one node of the network. */
export interface Root {
  readonly keys: Keys;
  readonly certificate: x509.X509Certificate;
}

export async function makeKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** A node's name, as its certificates give it. */
export function nameOf(unit: string, nodeId: string, organization = 'Swaptacular Nodes Registry'): x509.Name {
  // The network's own scripts take requests only whose texts are of the same kind as theirs.
  return new x509.Name([
    { O: [{ utf8String: organization }] },
    { OU: [{ utf8String: unit }] },
    { [SERIAL_NUMBER]: [{ printableString: nodeId }] },
  ]);
}

export async function makeRoot(name: x509.Name, keys: Keys): Promise<Root> {
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validFor(36_500),
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keys, certificate };
}

/**
 * The certificate that a node's servers and clients present.
 * @param special for one that has run out, a negative number of days; for one that nobody should trust, another subject
 */
export async function makeServerCertificate(
  root: Root,
  keys: Keys,
  special: { readonly days?: number; readonly subject?: x509.Name } = {},
): Promise<string> {
  const { days = 365, subject = root.certificate.subjectName } = special;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: root.certificate.subjectName,
    signingKey: root.keys.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: ALGORITHM,
    ...validFor(days),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.clientAuth,
        x509.ExtendedKeyUsage.serverAuth,
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.keys.publicKey),
    ],
  });
  return certificate.toString('pem');
}

/** The certificate by which one node vouches for the root of another. @param range what an authority writes into it */
export async function makePeerCertificate(issuer: Root, subject: Root, range?: string): Promise<string> {
  const name = subject.certificate.subjectName;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer.certificate.subjectName,
    signingKey: issuer.keys.privateKey,
    publicKey: subject.keys.publicKey,
    signingAlgorithm: ALGORITHM,
    ...validFor(36_500),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(NAME_CONSTRAINTS, true, permittedName(name)),
      await x509.SubjectKeyIdentifierExtension.create(subject.keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      new x509.Extension(
        NETSCAPE_COMMENT,
        false,
        tagged(IA5_STRING, Buffer.from(range === undefined ? '' : `Subnet: ${range}`)),
      ),
    ],
  });
  return certificate.toString('pem');
}

/** What a node sends to others, so that they vouch for its root. */
export async function makeSigningRequest({ keys, certificate }: Root): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: certificate.subjectName,
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return request.toString('pem');
}

export async function printPrivateKey(keys: Keys): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}

/** Name constraints that permit certificates about this very name alone. RFC 5280, 4.2.1.10. */
function permittedName(name: x509.Name): Buffer {
  const base = tagged(DIRECTORY_NAME, Buffer.from(name.toArrayBuffer()));
  return tagged(SEQUENCE, tagged(PERMITTED_SUBTREES, tagged(SEQUENCE, base)));
}

/** DER of less than 256 bytes of content. */
function tagged(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function validFor(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return {
    notBefore: new Date(now - Math.max(2, 2 - days) * DAY_MS),
    notAfter: new Date(now + days * DAY_MS),
  };
}
