import { createHash, createPrivateKey, createVerify, sign, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSigningRequest } from '../../../../examples/network/certificates.ts';
import type { MadeNetwork } from '../../../../examples/network/node-folders.ts';
import { makeInfoBundle } from '../../../../lib/operations/peers/info-bundle/info-bundle.ts';
import { zip } from '../../../../lib/operations/peers/info-bundle/zip.ts';
import { peersCommand } from '../../../../lib/operations/peers/peers-command.ts';
import { networkOnDisk } from '../../../peers/support/networks.ts';
import { runTool } from '../../../support/operator-tool.ts';

const scratch = mkdtempSync(join(tmpdir(), 'info-bundle-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let made: MadeNetwork;
/** The authority's folder in this test, and the one for its info-bundle. */
let folder: string;
let place: string;

beforeAll(async () => {
  made = await networkOnDisk();
});
beforeEach(() => {
  const test = mkdtempSync(join(scratch, 'test-'));
  [folder, place] = [join(test, 'authority'), join(test, 'bundle')];
  cpSync(made.authority.folder, folder, { recursive: true });
});

const step = (today = '2027-01-15') => makeInfoBundle({ folder, place, nodeId: '1234abcd', today });

/** As `openssl dgst -sha256 -sign` does. */
function signNodeInfo(): void {
  const key = createPrivateKey(readFileSync(join(folder, 'private', 'root-ca.key')));
  writeFileSync(
    join(place, 'nodeinfo.signature'),
    sign('sha256', readFileSync(join(place, 'nodeinfo.zip')), key),
  );
}

/** The files of a zip, read by its headers one after the other. */
function unzip(bytes: Buffer): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  let at = 0;
  while (bytes.readUInt32LE(at) === 0x04034b50) {
    const [sum, size, nameLength] = [14, 18, 26].map((offset, index) =>
      index < 2 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
    ) as [number, number, number];
    const content = at + 30 + nameLength;
    const file = bytes.subarray(content, content + size);
    expect(crc32(file)).toBe(sum);
    files[bytes.toString('utf8', at + 30, content)] = file;
    at = content + size;
  }
  return files;
}

describe('The info-bundle of the authority', () => {
  it('is made in two steps, between which the root’s key signs', () => {
    writeFileSync(join(folder, 'nodeinfo', 'README.txt'), 'Call us.\n');
    writeFileSync(join(folder, 'nodeinfo', '.draft'), 'not yet');
    mkdirSync(join(folder, 'nodeinfo', 'more'));
    writeFileSync(join(folder, 'nodeinfo', 'more', 'x.txt'), 'x');
    expect(step()).toStrictEqual({ kind: 'to be signed' });
    signNodeInfo();
    const root = new X509Certificate(readFileSync(join(folder, 'root-ca.crt')));
    expect(step('2027-01-16')).toStrictEqual({
      kind: 'made',
      file: join(place, '1234abcd.zip'),
      fingerprint: root.fingerprint256,
    });
    const files = unzip(readFileSync(join(place, '1234abcd.zip')));
    expect(Object.keys(files)).toStrictEqual([
      'nodeinfo.signature',
      'nodeinfo.zip',
      'root-ca.crt',
      'root-ca.csr',
    ]);
    const [info, signature] = [files['nodeinfo.zip'] as Buffer, files['nodeinfo.signature'] as Buffer];
    expect(createVerify('sha256').update(info).verify(root.publicKey, signature)).toBe(true);
    expect(Object.entries(unzip(info)).map(([name, content]) => [name, `${content}`])).toStrictEqual([
      ['README.txt', 'Call us.\n'],
      ['more/x.txt', 'x'],
      ['stomp.toml', readFileSync(join(folder, 'nodeinfo', 'stomp.toml'), 'utf8')],
      ['updated-at.txt', '2027-01-15\n'],
    ]);
  });

  it('must be signed again when the node tells something else about itself', () => {
    step();
    signNodeInfo();
    expect(step().kind).toBe('made');
    writeFileSync(join(folder, 'nodeinfo', 'README.txt'), 'We have moved.\n');
    expect(step('2027-02-01')).toStrictEqual({ kind: 'to be signed' });
    expect(`${unzip(readFileSync(join(place, 'nodeinfo.zip')))['updated-at.txt']}`).toBe('2027-02-01\n');
    expect(existsSync(join(place, 'nodeinfo.signature'))).toBe(false);
  });

  it('is not made with a signature of something else', () => {
    step();
    writeFileSync(join(place, 'nodeinfo.signature'), createHash('sha256').update('x').digest());
    expect(() => step()).toThrow(
      `${join(place, 'nodeinfo.signature')} is not the signature of this node's root key on nodeinfo.zip; delete it, and sign again.`,
    );
  });

  it.each([
    ['is missing', undefined, "; create-infobundle of the network's scripts makes it."],
    ['has another key', 'creditors', 'must be a signing request, in PEM, with the key of root-ca.crt'],
  ])('is not made when the signing request %s', async (_, whose, words) => {
    const file = join(folder, 'db', 'root-ca.csr');
    rmSync(file);
    if (whose !== undefined) {
      const [creditors] = made.peers as [MadeNetwork['authority']];
      writeFileSync(file, await makeSigningRequest(creditors.root));
    }
    expect(() => step()).toThrow(words);
  });
});

describe('npm run peers -- info-bundle', () => {
  it('says what to sign, and then what to give to peers and to publish', async () => {
    const run = () => runTool(peersCommand({ APP_PEERS: folder }), 'info-bundle', place);
    const { code, lines } = await run();
    expect([code, lines]).toStrictEqual([
      0,
      [
        `Sign ${join(place, 'nodeinfo.zip')} where the root's key is, and run the same again:`,
        `  openssl dgst -sha256 -sign private/root-ca.key -out ${join(place, 'nodeinfo.signature')} ${join(place, 'nodeinfo.zip')}`,
      ],
    ]);
    signNodeInfo();
    const { fingerprint256 } = new X509Certificate(readFileSync(join(folder, 'root-ca.crt')));
    expect((await run()).lines).toStrictEqual([
      `Info-bundle:   ${join(place, '1234abcd.zip')}`,
      'Serial number: 1234abcd',
      `Root:          SHA-256 ${fingerprint256}`,
      'Servers:       127.0.0.1:1234',
      'Destination:   /exchange/accounts_in',
      'Give the file to everybody who wants to be a peer, and publish serial number and root.',
      'Each peer also needs the certificate that you sign for it; npm run peers -- show ID names it.',
    ]);
  });

  it('writes nothing on a dry run', async () => {
    const { code } = await runTool(peersCommand({ APP_PEERS: folder }), 'info-bundle', place, '--dry-run');
    expect([code, existsSync(place)]).toStrictEqual([0, false]);
  });
});

describe('A zip file', () => {
  it('has the same bytes for the same files, in whatever order they come', () => {
    const files: [string, Buffer][] = [
      ['b', Buffer.from('2')],
      ['a', Buffer.from('1')],
    ];
    expect(zip(new Map(files))).toStrictEqual(zip(new Map(files.toReversed())));
  });
});
