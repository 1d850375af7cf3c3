/** `npm run peers -- info-bundle`: what it tells the operator between its two steps, and at the end. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '../../../peers/manifest.ts';
import { readNetwork } from '../node-editor.ts';
import type { PeerAction } from '../peer-action.ts';
import { makeInfoBundle, NODE_INFO_FILE, SIGNATURE_FILE } from './info-bundle.ts';

export const infoBundleAction: PeerAction = ({ folder, subject: place, isDryRun, output }) => {
  const { nodeId, destination } = readNetwork(folder);
  if (isDryRun) {
    output.print(`Would make the info-bundle of the authority ${nodeId} in ${place}; nothing was changed.`);
    return 0;
  }
  const step = makeInfoBundle({ folder, place, nodeId, today: new Date().toISOString().slice(0, 10) });
  if (step.kind === 'to be signed') {
    output.print(`Sign ${join(place, NODE_INFO_FILE)} where the root's key is, and run the same again:`);
    output.print(
      `  openssl dgst -sha256 -sign private/root-ca.key -out ${join(place, SIGNATURE_FILE)} ${join(place, NODE_INFO_FILE)}`,
    );
    return 0;
  }
  const file = join(folder, 'nodeinfo', 'stomp.toml');
  const { servers } = parseManifest({ file, content: readFileSync(file, 'utf8') }, '');
  const rows = {
    'Info-bundle': step.file,
    'Serial number': nodeId,
    Root: `SHA-256 ${step.fingerprint}`,
    Servers: servers.map(({ host, port }) => `${host}:${port}`).join(', '),
    Destination: destination,
  };
  for (const [name, text] of Object.entries(rows)) {
    output.print(`${`${name}:`.padEnd(15)}${text}`);
  }
  output.print('Give the file to everybody who wants to be a peer, and publish serial number and root.');
  output.print(
    'Each peer also needs the certificate that you sign for it; npm run peers -- show ID names it.',
  );
  return 0;
};
