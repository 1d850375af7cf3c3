import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MadeNetwork } from '../../../examples/network/node-folders.ts';
import { bucketSource } from '../../../lib/peers/listener/network-source.ts';
import { networkOnDisk } from '../support/networks.ts';

let made: MadeNetwork;
beforeAll(async () => {
  made = await networkOnDisk();
});

/** A bucket with the files of the authority's folder, which gives two keys at a time. */
function aBucket() {
  const { folder } = made.authority;
  const files = new Map<string, Buffer>(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.key'))
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(folder, path), readFileSync(path)] as const),
  );
  const gets: string[] = [];
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof ListObjectsV2Command) {
      const start = Number(command.input.ContinuationToken ?? 0);
      const keys = [...files.keys()];
      return {
        Contents: keys
          .slice(start, start + 2)
          .map((Key) => ({ Key, ETag: String(files.get(Key)?.toString('base64')) })),
        NextContinuationToken: start + 2 < keys.length ? `${start + 2}` : undefined,
      };
    }
    const { Key = '' } = (command as GetObjectCommand).input;
    gets.push(Key);
    return { Body: { transformToByteArray: async () => files.get(Key) } };
  };
  const source = bucketSource({ send } as unknown as Parameters<typeof bucketSource>[0], 'bucket');
  return { files, gets, source };
}

describe('The network in a bucket', () => {
  it('is read as from a folder, and only downloaded when something has changed', async () => {
    const { files, gets, source } = aBucket();
    const first = await source.read();
    expect([first.nodeId, first.peers.map(({ state }) => state)]).toStrictEqual([
      '1234abcd',
      ['active', 'active'],
    ]);
    expect(gets.toSorted()).toStrictEqual([...files.keys()].toSorted());
    gets.length = 0;
    expect(await source.read()).toBe(first);
    expect(gets).toStrictEqual([]);

    const [creditors] = made.peers;
    files.set(`peers/${creditors?.nodeId}/DEACTIVATED`, Buffer.from('2027-01-15\n'));
    const next = await source.read();
    expect(next.peers.find(({ nodeId }) => nodeId === creditors?.nodeId)?.state).toBe('deactivated');
  });

  it('can not put files elsewhere', async () => {
    const { files, gets, source } = aBucket();
    files.set('../elsewhere', Buffer.from('x'));
    await source.read();
    expect(gets).not.toContain('../elsewhere');
  });

  it('is told when it has a mistake, and read again when that is repaired', async () => {
    const { files, source } = aBucket();
    const nodeId = files.get('db/nodeid') as Buffer;
    files.set('db/nodeid', Buffer.from('nobody'));
    await expect(source.read()).rejects.toThrow('the node ID must be 8 lower-case hexadecimal digits');
    files.set('db/nodeid', nodeId);
    expect((await source.read()).nodeId).toBe('1234abcd');
  });
});
