import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MadeNetwork, MadeNode } from '../../../examples/network/node-folders.ts';
import { peersCommand } from '../../../lib/operations/peers/peers-command.ts';
import { networkOnDisk } from '../../peers/support/networks.ts';

const scratch = mkdtempSync(join(tmpdir(), 'peers-command-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let made: MadeNetwork;
let creditors: MadeNode;
let debtors: MadeNode;
/** The authority's folder in this test. */
let folder: string;

beforeAll(async () => {
  made = await networkOnDisk();
  [creditors, debtors] = made.peers as [MadeNode, MadeNode];
});
beforeEach(() => {
  folder = join(mkdtempSync(join(scratch, 'test-')), 'authority');
  cpSync(made.authority.folder, folder, { recursive: true });
});

async function run(...args: string[]) {
  const printed: string[] = [];
  let told = '';
  const command = peersCommand({ APP_PEERS: folder });
  const exitCode = await command(args, {
    print: (line) => printed.push(line),
    tell: (text) => {
      told += text;
    },
    isTerminal: false,
  });
  return { exitCode, printed: printed.join('\n'), told };
}

/** Takes a peer out of the node's folder, as something to be added again. */
function bundleOf({ nodeId }: MadeNode): string {
  const bundle = join(folder, '..', 'bundle');
  cpSync(join(folder, 'peers', nodeId), bundle, { recursive: true });
  rmSync(join(folder, 'peers', nodeId), { recursive: true });
  return bundle;
}

describe('npm run peers', () => {
  it('lists who they are', async () => {
    const { exitCode, printed } = await run('list');
    expect([exitCode, printed.split('\n').toSorted()]).toStrictEqual([
      0,
      [
        `${creditors.nodeId}  creditors-agent  000002            stomp  active`,
        `${debtors.nodeId}  debtors-agent    1234abcd00        stomp  active`,
        'Authority 1234abcd, 2 peers',
      ].toSorted(),
    ]);
  });

  it('shows one of them, with its queues and what it must be given', async () => {
    const { printed } = await run('show', debtors.nodeId, '--stack', 'Ledger');
    expect(printed).toBe(
      [
        `Peer:              ${debtors.nodeId}, a debtors agent`,
        'Responsible for:   debtor IDs that begin with 0x1234abcd00',
        'State:             active',
        'Reached by:        STOMP at 127.0.0.1:1236',
        `Queues:            Ledger-peer-${debtors.nodeId}-da-1234abcd00-in, Ledger-peer-${debtors.nodeId}-out, Ledger-peer-${debtors.nodeId}-refused`,
        `It must be given:  peers/${debtors.nodeId}/peercert.crt, root-ca.crt and nodeinfo/stomp.toml (with the destination /exchange/accounts_in)`,
      ].join('\n'),
    );
  });

  it('takes a peer in, which is not active until it is said so', async () => {
    const bundle = bundleOf(creditors);
    const { exitCode, printed } = await run('add', bundle);
    expect(exitCode).toBe(0);
    expect(printed).toContain(`A deployment makes the stack SwaptacularAccounts-peer-${creditors.nodeId}`);
    expect((await run('show', creditors.nodeId)).printed).toContain('pending');
    expect((await run('activate', creditors.nodeId)).exitCode).toBe(0);
    expect((await run('show', creditors.nodeId)).printed).toContain('active');
    expect(readdirSync(join(folder, '..')).toSorted()).toStrictEqual(['authority', 'bundle']);
  });

  it('only tells what it would do when asked so', async () => {
    const bundle = bundleOf(creditors);
    const { printed } = await run('add', bundle, '--dry-run');
    expect(printed).toContain('Nothing was changed');
    await run('deactivate', debtors.nodeId, '--dry-run');
    expect((await run('list')).printed).toContain('1 peer');
    expect((await run('show', debtors.nodeId)).printed).toContain('active');
  });

  it('takes no peer in that has a mistake, and leaves the folder as it was', async () => {
    const bundle = bundleOf(creditors);
    writeFileSync(join(bundle, 'subnet.txt'), '000003\n');
    const { exitCode, told } = await run('add', bundle);
    expect([exitCode, told]).toStrictEqual([
      2,
      `${join(folder, 'peers', creditors.nodeId, 'peercert.crt')}: the certificate for the peer must have the comment "Subnet: 000003".\n`,
    ]);
    expect(existsSync(join(folder, 'peers', creditors.nodeId))).toBe(false);
  });

  it('deactivates a peer, and remembers when', async () => {
    expect((await run('deactivate', debtors.nodeId)).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'peers', debtors.nodeId, 'DEACTIVATED'), 'utf8')).toMatch(
      /^\d{4}-\d{2}-\d{2}\n$/,
    );
    expect((await run('deactivate', debtors.nodeId)).told).toBe(
      `Peer ${debtors.nodeId} is deactivated already.\n`,
    );
  });

  it.each([
    [['list', 'x'], 'list takes nothing else; see --help.\n'],
    [['show'], 'show takes a node ID; see --help.\n'],
    [
      ['toString'],
      'Say one of list, show, info-bundle, add, activate, deactivate, drain, remove; see --help.\n',
    ],
    [['show', 'nobody'], 'There is no peer "nobody"; npm run peers -- list shows them.\n'],
    [['add', '/nothing'], '/nothing/root-ca.crt must be the root certificate of a node of the network.\n'],
  ])('says in one sentence why it can not (%j)', async (args, sentence) => {
    expect(await run(...args)).toStrictEqual({ exitCode: 2, printed: '', told: sentence });
  });

  it('leaves peers inside AWS to the file that lists them', async () => {
    writeFileSync(
      join(folder, 'aws-peers.toml'),
      '[peers.0123456789abcdef]\ntype = "Debtors Agents"\nrange = "1234abcd01"\nprincipals = ["arn:aws:iam::111122223333:root"]\nstate = "active"\n',
    );
    expect((await run('show', '0123456789abcdef')).printed).toContain(
      'Reached by:        its own principals arn:aws:iam::111122223333:root',
    );
    expect((await run('deactivate', '0123456789abcdef')).told).toBe(
      'Peer 0123456789abcdef is listed in aws-peers.toml; write state = "deactivated" there, and deploy.\n',
    );
  });

  it('tells of a mistake in the folder, whatever is asked', async () => {
    writeFileSync(join(folder, 'db', 'nodetype'), 'Others\n');
    expect((await run('list')).told).toContain('db/nodetype: the node type must be one of');
  });
});
