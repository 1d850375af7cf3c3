/** Two peers of the network on a local run: each speaks for itself by STOMP, and gets what is about its own IDs. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MadeNetwork, MadeNode } from '../../examples/network/node-folders.ts';
import { type LocalRun, startLocalRun } from '../../lib/local/local-run.ts';
import { StartError } from '../../lib/local/start-error.ts';
import { networkOnDisk } from '../peers/support/networks.ts';
import { credentialsOf, sendHeaders, TestPeer } from '../peers/support/test-peer.ts';
import { OBLIGING, serverOf } from '../peers/support/test-server.ts';

const DEBTOR = '1311862288428302337';
const CREDITOR = '2199023255553';
const OTHER_CREDITOR = '2199023255554';

const dir = mkdtempSync(join(tmpdir(), 'stomp-door-test-'));
let made: MadeNetwork;
let localRun: LocalRun | undefined;
const connections: TestPeer[] = [];

beforeAll(async () => {
  made = await networkOnDisk();
});
afterEach(async () => {
  for (const { socket } of connections.splice(0)) {
    socket.destroy();
  }
  await localRun?.stop();
  localRun = undefined;
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A server of the peer, and where the authority finds it. */
async function open(node: MadeNode, behave = OBLIGING) {
  const server = await serverOf(node, behave);
  const manifest = join(made.authority.folder, 'peers', node.nodeId, 'nodeinfo', 'stomp.toml');
  writeFileSync(
    manifest,
    `servers = ["127.0.0.1:${server.port}"]\nhost = "/"\ndestination = "/exchange/smp"\n`,
  );
  /** The transfer IDs are texts, since they are larger than numbers are exact. */
  const received = () =>
    server.frames
      .filter(({ command }) => command === 'SEND')
      .map(({ headers, body }) => ({
        header: headers.get('type'),
        ...JSON.parse(body.toString().replace(/"transfer_id":(\d+)/, '"transfer_id":"$1"')),
      }));
  return { received };
}

function start(onTrouble: (line: string) => void = () => {}): Promise<LocalRun> {
  return startLocalRun({
    onTrouble,
    port: 0,
    dynamoDbPort: 0,
    dir,
    fresh: true,
    environment: {},
    peers: { folder: made.authority.folder, stompPort: 0 },
  });
}

async function connectTo(port: number, node: MadeNode) {
  const peer = new TestPeer(port, credentialsOf(node, made.authority));
  connections.push(peer);
  await peer.hello();
  let count = 0;
  /** Sends, and returns what is answered. */
  return async (fields: Readonly<Record<string, unknown>> & { readonly type: string }) => {
    count += 1;
    peer.send('SEND', sendHeaders(`${count}`, { type: fields.type }), literal(fields));
    return peer.next();
  };
}

/** JSON with the IDs, which are texts here, as the numbers that they are. */
function literal(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(fields).replace(
    /"(debtor_id|creditor_id|coordinator_id|transfer_id)":"(\d+)"/g,
    '"$1":$2',
  );
}

const ts = (): string => new Date().toISOString();
const account = (creditor_id: string, changes: object = {}) => ({
  type: 'ConfigureAccount',
  debtor_id: DEBTOR,
  creditor_id,
  negligible_amount: 0,
  config_flags: 0,
  config_data: '',
  ts: ts(),
  seqnum: 0,
  ...changes,
});

describe('On a local run with peers', () => {
  it('a currency is opened by one peer, and issued to an account of the other', async () => {
    const [creditors, debtors] = made.peers as [MadeNode, MadeNode];
    const [ofCreditors, ofDebtors] = [await open(creditors), await open(debtors)];
    localRun = await start();
    const port = localRun.stompPort as number;
    const [asDebtors, asCreditors] = [await connectTo(port, debtors), await connectTo(port, creditors)];

    expect(await asDebtors(account('0', { negligible_amount: 1e12 }))).toStrictEqual([
      'RECEIPT',
      { 'receipt-id': '1' },
      '',
    ]);
    await asCreditors(account(CREDITOR));
    await asCreditors(account(OTHER_CREDITOR));
    await expect
      .poll(() => ofCreditors.received(), { timeout: 30_000 })
      .toMatchObject([
        { header: 'AccountUpdate', type: 'AccountUpdate' },
        { header: 'AccountUpdate', type: 'AccountUpdate' },
      ]);

    const coordinator = {
      debtor_id: DEBTOR,
      creditor_id: '0',
      coordinator_type: 'issuing',
      coordinator_id: DEBTOR,
      coordinator_request_id: 1,
    };
    await asDebtors({
      type: 'PrepareTransfer',
      ...coordinator,
      min_locked_amount: 1_000,
      max_locked_amount: 1_000,
      recipient: CREDITOR,
      final_interest_rate_ts: '9999-12-31T23:59:59+00:00',
      max_commit_delay: 1_000_000,
      ts: ts(),
    });
    const prepared = () => ofDebtors.received().find(({ header }) => header === 'PreparedTransfer');
    await expect.poll(prepared, { timeout: 30_000 }).toBeDefined();
    const { transfer_id } = prepared();
    await asDebtors({
      type: 'FinalizeTransfer',
      ...coordinator,
      transfer_id,
      committed_amount: 1_000,
      transfer_note: '',
      transfer_note_format: '',
      ts: ts(),
    });
    await expect
      .poll(() => ofCreditors.received().find(({ header }) => header === 'AccountTransfer'), {
        timeout: 30_000,
      })
      .toMatchObject({ acquired_amount: 1_000, principal: 1_000, coordinator_type: 'issuing' });
    // Each gets what is its own, and nothing of the other.
    expect(new Set(ofCreditors.received().map(({ header }) => header))).toStrictEqual(
      new Set(['AccountUpdate', 'AccountTransfer']),
    );
    await expect
      .poll(() => new Set(ofDebtors.received().map(({ header }) => header)), { timeout: 30_000 })
      .toStrictEqual(new Set(['AccountUpdate', 'PreparedTransfer', 'FinalizedTransfer']));
  });

  it('what was given up while the peer was away comes soon after its return', {
    timeout: 120_000,
  }, async () => {
    const [creditors] = made.peers as [MadeNode];
    let isAway = true;
    const ofCreditors = await open(creditors, (next, answer) =>
      isAway ? answer.close() : OBLIGING(next, answer),
    );
    const givenUp = Promise.withResolvers<string>();
    localRun = await start((line) => line.includes('failed on') && givenUp.resolve(line));
    const asCreditors = await connectTo(localRun.stompPort as number, creditors);
    await asCreditors(account(CREDITOR));
    expect(await givenUp.promise).toContain(`send-to-peer-${creditors.nodeId} failed on 1 of 1 messages`);

    isAway = false;
    await expect
      .poll(() => ofCreditors.received(), { timeout: 60_000 })
      .toMatchObject([{ header: 'AccountUpdate' }]);
  });

  it('a folder that describes no network is told in one sentence', async () => {
    const folder = join(dir, 'nothing');
    const starting = startLocalRun({
      port: 0,
      dynamoDbPort: 0,
      dir,
      fresh: true,
      environment: {},
      peers: { folder, stompPort: 0 },
    });
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow(`${folder}/db/nodeid: the file does not exist.`);
  });
});
