import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MadeNetwork, MadeNode } from '../../../examples/network/node-folders.ts';
import { readNodeFolder } from '../../../lib/peers/node-folder.ts';
import type { Network, StompAddress, StompReach } from '../../../lib/peers/peer.ts';
import { sendOverConnection } from '../../../lib/peers/sender/peer-connection.ts';
import { networkOnDisk } from '../support/networks.ts';
import { type Behaviour, OBLIGING, serverOf } from '../support/test-server.ts';

let made: MadeNetwork;
let network: Network;
let creditors: MadeNode;
let debtors: MadeNode;
beforeAll(async () => {
  made = await networkOnDisk();
  network = readNodeFolder(made.authority.folder);
  [creditors, debtors] = made.peers as [MadeNode, MadeNode];
});

/** Three messages to the creditors agent, whose server is at this port. */
function send(port: number, address: Partial<StompAddress> = {}, maxMs = 60_000) {
  const read = (name: string): string => readFileSync(join(made.authority.folder, name), 'utf8');
  const { reach } = network.peers.find(({ nodeId }) => nodeId === creditors.nodeId) as { reach: StompReach };
  const destination = {
    nodeId: creditors.nodeId,
    reach: { ...reach, address: { ...reach.address, servers: [{ host: '127.0.0.1', port }], ...address } },
  };
  const messages = ['a', 'b', 'c'].map((id) => ({ id, type: 'AccountPurge', body: `{"${id}":"ü"}` }));
  return sendOverConnection(messages, destination, {
    identity: { certificate: read('server.crt'), key: read('server.key') },
    random: () => 0.99,
    maxMs: () => maxMs,
  });
}

const hello: Behaviour = ({ command }, { send: answer }) => {
  if (command === 'STOMP') {
    answer('CONNECTED', { version: '1.2', 'heart-beat': '0,0' });
  }
};

/** Says hello, and does this when the message of the given receipt has come. */
function at(receipt: string, act: Behaviour): Behaviour {
  return (next, answers) => {
    hello(next, answers);
    if (next.headers.get('receipt') === receipt) {
      act(next, answers);
    }
  };
}

describe('A connection to a peer', () => {
  it('takes all messages at once, each as the network wants it, and ends with DISCONNECT', async () => {
    const { port, heard, frames } = await serverOf(
      creditors,
      at('c', (_, { send: answer }) => answer('RECEIPT', { 'receipt-id': 'c' })),
    );
    const login = { login: 'me', passcode: 'secret', host: '/1234abcd' };
    expect(await send(port, login)).toStrictEqual({ receipted: 3 });
    await expect
      .poll(() => heard)
      .toStrictEqual(['1 STOMP', '1 SEND a', '1 SEND b', '1 SEND c', '1 DISCONNECT']);
    expect(Object.fromEntries(frames[0]?.headers ?? [])).toStrictEqual({
      'accept-version': '1.2',
      host: '/1234abcd',
      'heart-beat': '0,0',
      login: 'me',
      passcode: 'secret',
    });
    expect(Object.fromEntries(frames[1]?.headers ?? [])).toStrictEqual({
      destination: '/exchange/creditors_in',
      type: 'AccountPurge',
      'content-type': 'application/json',
      persistent: 'true',
      receipt: 'a',
      'content-length': '10',
    });
    expect(frames[1]?.body.toString()).toBe('{"a":"ü"}');
  });

  it('goes to one of the servers', async () => {
    const { port } = await serverOf(creditors, OBLIGING);
    const servers = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port },
    ];
    expect(await send(1, { servers })).toStrictEqual({ receipted: 3 });
  });

  it.each([
    [
      'one receipt for two, and then closes',
      at('c', (_, { send: answer, close }) => {
        answer('RECEIPT', { 'receipt-id': 'b' });
        close();
      }),
      { receipted: 2, failure: 'The peer closed the connection.' },
    ],
    [
      'an error about a message',
      at('c', (_, { send: answer }) => {
        answer('RECEIPT', { 'receipt-id': 'a' });
        answer('ERROR', { message: 'not that', 'receipt-id': 'b' });
      }),
      { receipted: 1, refused: { index: 1, reason: 'not that' } },
    ],
    [
      'an error about no message',
      at('a', (_, { send: answer }) => answer('ERROR', { message: 'not now' })),
      { receipted: 0, failure: 'The peer reports an error: not now' },
    ],
    [
      'an error about a message that it has taken',
      at('c', (_, { send: answer }) => {
        answer('RECEIPT', { 'receipt-id': 'b' });
        answer('ERROR', { message: 'too late', 'receipt-id': 'a' });
      }),
      { receipted: 2, failure: 'The peer reports an error: too late' },
    ],
    [
      'a receipt for something else',
      at('a', (_, { send: answer }) => answer('RECEIPT', { 'receipt-id': 'z' })),
      { receipted: 0, failure: 'The peer sent a receipt for something else.' },
    ],
    [
      'another version',
      ((_, { send: answer }) => answer('CONNECTED', { version: '1.0' })) satisfies Behaviour,
      { receipted: 0, failure: 'The peer speaks another version of STOMP.' },
    ],
    [
      'a receipt before it says hello',
      ((_, { send: answer }) => answer('RECEIPT', { 'receipt-id': 'a' })) satisfies Behaviour,
      { receipted: 0, failure: 'The peer sent RECEIPT at a wrong time.' },
    ],
    [
      'garbage',
      at('a', (_, { send: answer }) => answer('garbage', {})),
      { receipted: 0, failure: 'A frame must begin with a command.' },
    ],
  ])('tells what became of the messages when the peer sends %s', async (_, behave, result) => {
    const { port } = await serverOf(creditors, behave);
    expect(await send(port)).toStrictEqual(result);
  });

  it('ends in time, however long the peer takes', async () => {
    const { port } = await serverOf(creditors, hello);
    expect(await send(port, {}, 50)).toStrictEqual({ receipted: 0, failure: 'There was no time left.' });
  });

  it('fails where nobody listens', async () => {
    expect(await send(1)).toMatchObject({ receipted: 0, failure: expect.stringContaining('ECONNREFUSED') });
  });

  it('sends nothing to a server that another root vouches for', async () => {
    const { port, heard } = await serverOf(debtors, OBLIGING);
    expect(await send(port)).toMatchObject({ receipted: 0, failure: expect.any(String) });
    expect(heard).toStrictEqual([]);
  });
});
