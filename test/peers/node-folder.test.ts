import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeys, makePeerCertificate, makeRoot, nameOf } from '../../examples/network/certificates.ts';
import type { MadeNetwork } from '../../examples/network/node-folders.ts';
import { readNodeFolder } from '../../lib/peers/node-folder.ts';
import { PeersError } from '../../lib/peers/peers-error.ts';
import { networkOnDisk } from './support/networks.ts';

const scratch = mkdtempSync(join(tmpdir(), 'node-folder-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let network: MadeNetwork;
beforeAll(async () => {
  network = await networkOnDisk();
});

/** A copy of the authority's folder with other contents in some files. */
function folderWith(files: Readonly<Record<string, string | undefined>>): string {
  const folder = mkdtempSync(join(scratch, 'authority-'));
  cpSync(network.authority.folder, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, nameWithIds(name));
    if (content === undefined) {
      rmSync(path);
    } else {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, content);
    }
  }
  return folder;
}

function nameWithIds(name: string): string {
  const [creditors, debtors] = network.peers;
  return name.replace('CREDITORS', creditors?.nodeId ?? '').replace('DEBTORS', debtors?.nodeId ?? '');
}

/** The mistake that is found, with the folder left out and the IDs as words. */
function mistakeIn(files: Readonly<Record<string, string | undefined>>): readonly string[] {
  const folder = folderWith(files);
  try {
    readNodeFolder(folder);
  } catch (error) {
    if (error instanceof PeersError) {
      const [creditors, debtors] = network.peers;
      const words = (text: string): string =>
        text
          .replaceAll(`${folder}/`, '')
          .replaceAll(creditors?.nodeId ?? '', 'CREDITORS')
          .replaceAll(debtors?.nodeId ?? '', 'DEBTORS');
      expect(words(error.message)).toMatch(`${words(error.file)}: ${words(error.field)}`);
      return [words(error.file), words(error.message).slice(words(error.file).length + 2)];
    }
    throw error;
  }
  return [];
}

describe("The authority's node folder", () => {
  it('tells who the authority is, and who its peers are', () => {
    const { peers, ...authority } = readNodeFolder(network.authority.folder);
    expect(authority).toStrictEqual({
      nodeId: '1234abcd',
      range: { digits: '1234abcd' },
      rootCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
      destination: '/exchange/accounts_in',
    });
    const peer = (index: number) => ({
      nodeId: network.peers[index]?.nodeId,
      authorityRange: { digits: '1234abcd' },
      state: 'active',
    });
    const certificates = {
      rootCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
      subCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
    };
    const plain = { host: '/', login: undefined, passcode: undefined };
    const byType = peers.toSorted((a, b) => (a.type < b.type ? -1 : 1));
    expect(byType).toStrictEqual([
      {
        ...peer(0),
        type: 'creditors-agent',
        range: { digits: '000002' },
        reach: {
          kind: 'stomp',
          ...certificates,
          address: {
            ...plain,
            servers: [{ host: '127.0.0.1', port: 1235 }],
            destination: '/exchange/creditors_in',
          },
        },
      },
      {
        ...peer(1),
        type: 'debtors-agent',
        range: { digits: '1234abcd00' },
        reach: {
          kind: 'stomp',
          ...certificates,
          address: {
            ...plain,
            servers: [{ host: '127.0.0.1', port: 1236 }],
            destination: '/exchange/debtors_in',
          },
        },
      },
    ]);
  });

  it('needs no peers', () => {
    const folder = folderWith({});
    rmSync(join(folder, 'peers'), { recursive: true });
    expect(readNodeFolder(folder).peers).toStrictEqual([]);
  });

  it('is read with line ends of any system, and comments around certificates', () => {
    const folder = folderWith({ 'db/nodeid': '1234abcd\r\n', 'peers/CREDITORS/subnet.txt': '000002' });
    expect(readNodeFolder(folder).peers).toHaveLength(2);
  });

  it.each([
    [{}, 'active'],
    [{ 'peers/CREDITORS/ACTIVE': undefined }, 'pending'],
    [{ 'peers/CREDITORS/DEACTIVATED': '2027-01-15\n' }, 'deactivated'],
    [{ 'peers/CREDITORS/ACTIVE': undefined, 'peers/CREDITORS/DEACTIVATED': '' }, 'deactivated'],
  ])('tells the state of a peer by its files (%o)', (files, state) => {
    const { peers } = readNodeFolder(folderWith(files));
    expect(peers.find(({ type }) => type === 'creditors-agent')?.state).toBe(state);
  });

  it('fills the ID of the authority into the manifest of a peer', () => {
    const { peers } = readNodeFolder(
      folderWith({
        'peers/CREDITORS/nodeinfo/stomp.toml': [
          'servers = ["one.example.com:1", "two.example.com.:65535"]',
          'host = "/${' + 'NODE_ID}"',
          'destination = "/exchange/${' + 'NODE_ID}/in"',
          'login = "${' + 'NODE_ID}"',
          'passcode = "secret"',
          'accepted-content-types = ["application/json"]',
        ].join('\n'),
      }),
    );
    const { reach } = peers.find(({ type }) => type === 'creditors-agent') ?? {};
    expect(reach).toMatchObject({
      address: {
        servers: [
          { host: 'one.example.com', port: 1 },
          { host: 'two.example.com.', port: 65535 },
        ],
        host: '/1234abcd',
        destination: '/exchange/1234abcd/in',
        login: '1234abcd',
        passcode: 'secret',
      },
    });
  });

  it.each([
    [{ 'db/nodeid': undefined }, ['db/nodeid', 'the file does not exist.']],
    [{ 'db/nodeid': '1234ABCD\n' }, ['db/nodeid', 'the node ID must be 8 lower-case hexadecimal digits.']],
    [
      { 'db/nodetype': 'Creditors Agents\n' },
      ['db/nodetype', 'the node type must be Accounting Authorities.'],
    ],
    [
      { 'db/nodetype': 'Others\n' },
      [
        'db/nodetype',
        'the node type must be one of Accounting Authorities, Creditors Agents, Debtors Agents.',
      ],
    ],
    [{ 'root-ca.crt': 'nothing' }, ['root-ca.crt', 'the root certificate holds no certificate in PEM.']],
    [
      { 'root-ca.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
      ['root-ca.crt', 'the root certificate can not be read.'],
    ],
    [
      { 'db/nodeid': '1234abce\n' },
      [
        'root-ca.crt',
        'the root certificate must have O = Swaptacular Nodes Registry and serialNumber = 1234abce in its subject.',
      ],
    ],
    [{ 'nodeinfo/stomp.toml': undefined }, ['nodeinfo/stomp.toml', 'the file does not exist.']],
    [{ 'nodeinfo/stomp.toml': 'servers =' }, ['nodeinfo/stomp.toml', 'line 1 is not TOML.']],
    [
      { 'peers/other/ACTIVE': '' },
      ['peers/other', 'the folder must be named by 8 to 32 lower-case hexadecimal digits.'],
    ],
    [
      { 'peers/CREDITORS/nodetype.txt': 'Accounting Authorities\n' },
      ['peers/CREDITORS/nodetype.txt', 'the node type must be Creditors Agents or Debtors Agents.'],
    ],
    [
      { 'peers/CREDITORS/nodetype.txt': 'Debtors Agents\n', 'peers/CREDITORS/subnet.txt': '1234abcd01\n' },
      ['peers/CREDITORS/root-ca.crt', 'the root certificate must have OU = Debtors Agents in its subject.'],
    ],
    ...['00002', '0000002', '00000G', '000000', ''].map(
      (range) =>
        [
          { 'peers/CREDITORS/subnet.txt': range },
          ['peers/CREDITORS/subnet.txt', 'the range must be 6 lower-case hexadecimal digits, not all 0.'],
        ] as const,
    ),
    ...['1234ab', '1234abcd0', '1234abcd0000000000'].map(
      (range) =>
        [
          { 'peers/DEBTORS/subnet.txt': range },
          [
            'peers/DEBTORS/subnet.txt',
            'the range must be 8, 10, 12, 14 or 16 lower-case hexadecimal digits.',
          ],
        ] as const,
    ),
    [
      { 'peers/DEBTORS/subnet.txt': '1234abce' },
      ['peers/DEBTORS/subnet.txt', "the range must begin with the authority's 1234abcd."],
    ],
    [
      { 'peers/DEBTORS/subnet.txt': '1234abcd01' },
      [
        'peers/DEBTORS/peercert.crt',
        'the certificate for the peer must have the comment "Subnet: 1234abcd01".',
      ],
    ],
    [
      { 'peers/DEBTORS/subnet.txt': '1234abcd' },
      [
        'peers/DEBTORS/peercert.crt',
        'the certificate for the peer must have the comment "Subnet: 1234abcd".',
      ],
    ],
    [{ 'peers/CREDITORS/sub-ca.crt': undefined }, ['peers/CREDITORS/sub-ca.crt', 'the file does not exist.']],
    ...(
      [
        ['servers = "127.0.0.1:1"\nhost = "/"\ndestination = "/"', 'servers must be a list of texts.'],
        ['servers = []\nhost = "/"\ndestination = "/"', 'servers must name a server.'],
        ['servers = ["a:1", "b:0"]\nhost = "/"\ndestination = "/"', 'servers.1 must be host:port.'],
        ['servers = ["a:65536"]\nhost = "/"\ndestination = "/"', 'servers.0 must be host:port.'],
        ['servers = ["-a:1"]\nhost = "/"\ndestination = "/"', 'servers.0 must be host:port.'],
        ['servers = ["a:1"]\ndestination = "/"', 'host must be a text.'],
        ['servers = ["a:1"]\nhost = "/"\ndestination = ""', 'destination must not be empty.'],
        ['servers = ["a:1"]\nhost = "/"\ndestination = "/"\nlogin = 1', 'login must be a text.'],
      ] as const
    ).map(
      ([manifest, words]) =>
        [
          { 'peers/CREDITORS/nodeinfo/stomp.toml': manifest },
          ['peers/CREDITORS/nodeinfo/stomp.toml', words],
        ] as const,
    ),
  ] as readonly (readonly [Readonly<Record<string, string | undefined>>, readonly string[]])[])(
    'is refused with the file and the field of the first mistake (%j)',
    (files, mistake) => {
      expect(mistakeIn(files)).toStrictEqual(mistake);
    },
  );

  it('is refused when a certificate from or for a peer is about other keys, or of another issuer', async () => {
    const [creditors] = network.peers;
    const stranger = await makeRoot(nameOf('Creditors Agents', creditors?.nodeId ?? ''), await makeKeys());
    const { root } = network.authority;
    const files = {
      'peers/CREDITORS/sub-ca.crt': await makePeerCertificate(stranger, root),
      'peers/CREDITORS/peercert.crt': await makePeerCertificate(root, stranger, '000002'),
    };
    const [sub, own] = Object.entries(files).map(([name, content]) => mistakeIn({ [name]: content }));
    expect(sub).toStrictEqual([
      'peers/CREDITORS/sub-ca.crt',
      'the certificate from the peer must be signed by the other root certificate.',
    ]);
    expect(own).toStrictEqual([
      'peers/CREDITORS/peercert.crt',
      'the certificate for the peer must have the subject and the public key of the root certificate that it is for.',
    ]);
  });
});

describe('The list of peers inside AWS', () => {
  const HEAD = '[peers.0123456789abcdef]\n';
  const ROLE = 'arn:aws:iam::111122223333:role/agent';
  const entry = (changes: Readonly<Record<string, string>> = {}): string =>
    Object.entries({
      type: '"Debtors Agents"',
      range: '"1234abcd01"',
      principals: `["${ROLE}"]`,
      state: '"active"',
      ...changes,
    })
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n');

  it('adds its peers to those of the network', () => {
    const { peers } = readNodeFolder(folderWith({ 'aws-peers.toml': HEAD + entry() }));
    expect(peers).toHaveLength(3);
    expect(peers.find(({ nodeId }) => nodeId === '0123456789abcdef')).toStrictEqual({
      nodeId: '0123456789abcdef',
      type: 'debtors-agent',
      range: { digits: '1234abcd01' },
      authorityRange: { digits: '1234abcd' },
      state: 'active',
      reach: { kind: 'aws', principals: [ROLE] },
    });
  });

  it.each([
    ['peer = 1', 'peers must be a table.'],
    ['[peers]\n"nobody" = 1', 'peers.nobody must be a table.'],
    [`[peers.nobody]\n${entry()}`, 'peers.nobody must be named by 8 to 32 lower-case hexadecimal digits.'],
    [HEAD + entry({ colour: '"red"' }), 'peers.0123456789abcdef.colour is unknown.'],
    [
      HEAD + entry({ type: '"Agents"' }),
      'peers.0123456789abcdef.type must be one of Accounting Authorities, Creditors Agents, Debtors Agents.',
    ],
    [
      HEAD + entry({ type: '"Accounting Authorities"' }),
      'peers.0123456789abcdef.type must be Creditors Agents or Debtors Agents.',
    ],
    [HEAD + entry({ range: '1' }), 'peers.0123456789abcdef.range must be a text.'],
    [
      HEAD + entry({ range: '"00000001"' }),
      "peers.0123456789abcdef.range must begin with the authority's 1234abcd.",
    ],
    [HEAD + entry({ principals: '[]' }), 'peers.0123456789abcdef.principals must name a principal.'],
    [
      HEAD + entry({ principals: '["*"]' }),
      'peers.0123456789abcdef.principals.0 must be the ARN of an account (…:root), a role or a user.',
    ],
    [HEAD + entry({ state: '"on"' }), 'peers.0123456789abcdef.state must be pending, active or deactivated.'],
    [HEAD + entry({ range: '"1234abcd0001"' }), 'the range DEBTORS'],
  ])('is refused with its field for the first mistake (%j)', (content, words) => {
    const [file, found] = mistakeIn({ 'aws-peers.toml': content });
    if (words === 'the range DEBTORS') {
      // Whichever of the two comes second is named.
      expect(found).toMatch(
        /^the range 1234abcd00(01)? overlaps with the range 1234abcd00(01)? of [0-9A-Za-z]+\.$/,
      );
      return;
    }
    expect([file, found]).toStrictEqual(['aws-peers.toml', words]);
  });

  it('must not name a node that has a folder', () => {
    const nodeId = network.peers[0]?.nodeId ?? '';
    const [, found] = mistakeIn({ 'aws-peers.toml': `[peers.${nodeId}]\n${entry()}` });
    expect(found).toBe('the node ID CREDITORS stands in two places.');
  });
});
