/** Where a listener gets the network from: a folder, or a bucket with the files of one. It is read again and again. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { readNodeFolder } from '../node-folder.ts';
import type { Network } from '../peer.ts';

export interface NetworkSource {
  /** Whether the files may be put there after the listener has started, as when all is deployed for the first time. */
  readonly mayComeLater: boolean;
  /** @throws {PeersError} for a mistake in the folder, and any error of the bucket */
  readonly read: () => Promise<Network>;
}

export function folderSource(folder: string): NetworkSource {
  return { mayComeLater: false, read: async () => readNodeFolder(folder) };
}

/** @param client the client, for which a test may stand in */
export function bucketSource(client: Pick<S3Client, 'send'>, bucket: string): NetworkSource {
  let latest: { readonly versions: string; readonly network: Network } | undefined;
  return {
    mayComeLater: true,
    read: async () => {
      const files = await listFiles(client, bucket);
      const versions = JSON.stringify(files.map(({ key, version }) => [key, version]));
      if (latest?.versions !== versions) {
        latest = { versions, network: await download(client, bucket, files) };
      }
      return latest.network;
    },
  };
}

interface StoredFile {
  readonly key: string;
  /** Another one for other content. */
  readonly version: string;
}

async function listFiles(client: Pick<S3Client, 'send'>, Bucket: string): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
    files.push(...(page.Contents ?? []).map(({ Key = '', ETag = '' }) => ({ key: Key, version: ETag })));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return files;
}

/** Into a new folder, so that nothing of an earlier network is left in it. */
async function download(
  client: Pick<S3Client, 'send'>,
  Bucket: string,
  files: readonly StoredFile[],
): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), 'node-'));
  try {
    for (const { key } of files) {
      const path = normalize(join(folder, key));
      // A key like `../x` names no file of a node.
      if (path.startsWith(`${folder}/`) && !key.endsWith('/')) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, (await Body?.transformToByteArray()) ?? '');
      }
    }
    return readNodeFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
