/** The server certificate with which the authority shows itself to peers, and its key. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Identity, parseIdentity } from '../../lib/peers/identity.ts';
import { clientSettings } from './client-settings.ts';
import { required } from './environment.ts';

/** A renewed certificate is used after this time at the latest, in milliseconds. */
const MAX_AGE_MS = 3_600_000;

let latest: { readonly identity: Identity; readonly readAt: number } | undefined;

/**
 * The identity, at most an hour old. It is read from the secret, or from the node's folder where there is one, as locally.
 * @throws {Error} when it is not there, or the secret is not what docs/network.md says
 */
export async function stompIdentity(): Promise<Identity> {
  if (latest === undefined || Date.now() - latest.readAt > MAX_AGE_MS) {
    latest = { identity: await readStompIdentity(), readAt: Date.now() };
  }
  return latest.identity;
}

async function readStompIdentity(): Promise<Identity> {
  const folder = process.env.STOMP_IDENTITY_FOLDER;
  if (folder !== undefined) {
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return { certificate: read('server.crt'), key: read('server.key') };
  }
  const SecretId = required('STOMP_IDENTITY_SECRET');
  const { SecretString } = await new SecretsManagerClient(clientSettings).send(
    new GetSecretValueCommand({ SecretId }),
  );
  return parseIdentity(SecretString ?? '');
}
