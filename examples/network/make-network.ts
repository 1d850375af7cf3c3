/**
 * Makes the folders of a small network's nodes for trials, with certificates of their own: an authority, a creditors agent and a
 * debtors agent, all on this machine.
 *
 *   node examples/network/make-network.ts FOLDER [PORT]
 *
 * The authority listens on PORT (default 1234), the creditors agent on the next one, the debtors agent on the one after it.
 */

import { existsSync } from 'node:fs';
import { makeNetwork } from './node-folders.ts';

const [folder, portText = '1234'] = process.argv.slice(2);
const port = Number(portText);

if (folder === undefined || !Number.isInteger(port) || port < 1 || port > 65_533) {
  console.error('Usage: node examples/network/make-network.ts FOLDER [PORT]');
  process.exitCode = 1;
} else if (existsSync(folder)) {
  console.error(`${folder} exists already; nothing was made.`);
  process.exitCode = 1;
} else {
  const { authority, peers } = await makeNetwork(folder, {
    authorityId: '1234abcd',
    port,
    peers: [
      { name: 'creditors-agent', type: 'creditors-agent', range: '000002', port: port + 1 },
      { name: 'debtors-agent', type: 'debtors-agent', range: '1234abcd00', port: port + 2 },
    ],
  });
  for (const { nodeId, folder: path } of [authority, ...peers]) {
    console.log(`${nodeId.padEnd(33)}${path}`);
  }
}
