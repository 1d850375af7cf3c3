/** The templates of a network's stacks, by the stacks' names. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountingStack } from '../../../lib/infrastructure/accounting-stack.ts';
import { createApp } from '../../../lib/infrastructure/app.ts';
import { FUNCTION_NAMES, type FunctionName } from '../../../lib/infrastructure/functions.ts';
import { parseStackOptions } from '../../../lib/infrastructure/options.ts';
import { createPeerStacks } from '../../../lib/infrastructure/peers/peer-stacks.ts';
import type { Network, Peer } from '../../../lib/peers/peer.ts';
import { type ReadableTemplate, readable, withoutHashes } from '../template.ts';

const STOMP: Peer['reach'] = {
  kind: 'stomp',
  address: {
    servers: [{ host: 'peer.example.com', port: 1234 }],
    host: '/',
    destination: '/exchange/in',
    login: undefined,
    passcode: undefined,
  },
  rootCertificate: 'root',
  subCertificate: 'sub',
};

/** An active creditors agent for `000002` that is reached by STOMP. */
export function aPeer(changes: Partial<Peer> = {}): Peer {
  return {
    nodeId: '11111111',
    type: 'creditors-agent',
    range: { digits: '000002' },
    authorityRange: { digits: '1234abcd' },
    state: 'active',
    reach: STOMP,
    ...changes,
  };
}

export const PRINCIPAL = 'arn:aws:iam::111122223333:role/agent';
export const FROM_AWS: Peer['reach'] = { kind: 'aws', principals: [PRINCIPAL] };

/**
 * Synthesizes the stacks with the same trivial handler in every function.
 * @param peers `undefined` for a stack that has none and never will
 */
export function synthesizeNetwork(
  peers: readonly Peer[] | undefined,
  options: Readonly<Record<string, string>> = {},
): Readonly<Record<string, ReadableTemplate>> {
  const network: Network = {
    nodeId: '1234abcd',
    range: { digits: '1234abcd' },
    rootCertificate: 'root',
    destination: '/exchange/accounts_in',
    peers: peers ?? [],
  };
  const folder = mkdtempSync(join(tmpdir(), 'peers-test-'));
  try {
    const codeFolder = join(folder, 'code');
    mkdirSync(codeFolder);
    writeFileSync(join(codeFolder, 'index.mjs'), 'export const handler = () => {};');
    const app = createApp({ outdir: join(folder, 'out') });
    const parsed = parseStackOptions({
      stackName: 'Main',
      syntheticPaymentMinutes: '0',
      auditHours: '0',
      trafficShift: 'off',
      ...options,
    });
    const main = new AccountingStack(app, 'Main', {
      options: parsed,
      settings: {},
      sweepPeriods: { accountsSeconds: 5_400, transfersSeconds: 1 },
      codeFolders: Object.fromEntries(FUNCTION_NAMES.map((name) => [name, codeFolder])) as Record<
        FunctionName,
        string
      >,
      authorityId: peers && network.nodeId,
    });
    createPeerStacks(app, main, { network, options: parsed, settings: {}, senderBundle: codeFolder });
    return Object.fromEntries(
      app
        .synth()
        .stacks.map(({ stackName, template: { Resources, Outputs } }) => [
          stackName,
          readable({ Resources: withoutHashes(Resources), Outputs }) as ReadableTemplate,
        ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
