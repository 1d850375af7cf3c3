/** `npm run peers`: shows and changes who the authority's peers are. */

import type { Network, Peer } from '../../peers/peer.ts';
import { peerQueueNames } from '../../peers/queue-names.ts';
import { type Command, OperatorError, type OperatorOutput, operatorCommand } from '../operator-command.ts';
import { addPeer, findPeer, readNetwork, setState } from './node-editor.ts';

const DEFAULT_STACK_NAME = 'SwaptacularAccounts';

const HELP = `Shows and changes who the authority's peers are, in the folder of its node. docs/network.md says how a peer joins.

  npm run peers -- list
  npm run peers -- show NODE_ID
  npm run peers -- add FOLDER        takes a peer in; FOLDER has its files, as in peers/NODE_ID of the node
  npm run peers -- activate NODE_ID  lets it connect; when its stack is deployed
  npm run peers -- deactivate NODE_ID

  --peers PATH             the folder of the authority's node (default APP_PEERS)
  --stack NAME             the accounting stack, which names the queues (default APP_STACK_NAME or ${DEFAULT_STACK_NAME})
  --dry-run                only check, and tell what would be changed
  --help                   show this

Exit code: 0 when it is done, 2 when it could not be done; then nothing was changed.
`;

const FLAGS = {
  peers: { type: 'string' },
  stack: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const;

interface Work {
  readonly folder: string;
  readonly stackName: string;
  readonly isDryRun: boolean;
  /** The node ID, or the folder of a new peer. */
  readonly subject: string;
  readonly output: OperatorOutput;
}

const ACTIONS: Readonly<
  Record<string, { readonly takes: string | undefined; readonly run: (work: Work) => void }>
> = {
  list: { takes: undefined, run: list },
  show: { takes: 'a node ID', run: show },
  add: { takes: "a folder with the peer's files", run: add },
  activate: { takes: 'a node ID', run: (work) => turn(work, 'active') },
  deactivate: { takes: 'a node ID', run: (work) => turn(work, 'deactivated') },
};

export function peersCommand(environment: Readonly<Record<string, string | undefined>>): Command {
  return operatorCommand({
    help: HELP,
    flags: FLAGS,
    takesArguments: true,
    run: async (flags, output, [name = '', ...subjects]) => {
      const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
      if (action === undefined) {
        throw new OperatorError(`Say one of ${Object.keys(ACTIONS).join(', ')}; see --help.`);
      }
      if (subjects.length !== (action.takes === undefined ? 0 : 1)) {
        throw new OperatorError(`${name} takes ${action.takes ?? 'nothing else'}; see --help.`);
      }
      const folder = flags.peers ?? environment.APP_PEERS;
      if (folder === undefined) {
        throw new OperatorError("Say --peers PATH, the folder of the authority's node.");
      }
      const stackName = flags.stack ?? environment.APP_STACK_NAME ?? DEFAULT_STACK_NAME;
      action.run({ folder, stackName, isDryRun: flags['dry-run'], subject: subjects[0] ?? '', output });
      return 0;
    },
  });
}

function list({ folder, output }: Work): void {
  const { nodeId, peers } = readNetwork(folder);
  output.print(`Authority ${nodeId}, ${peers.length} ${peers.length === 1 ? 'peer' : 'peers'}`);
  for (const peer of peers) {
    const { type, range, state, reach } = peer;
    output.print(
      [peer.nodeId.padEnd(32), type.padEnd(15), range.digits.padEnd(16), reach.kind.padEnd(5), state].join(
        '  ',
      ),
    );
  }
}

function show(work: Work): void {
  const network = readNetwork(work.folder);
  const peer = findPeer(network, work.subject);
  describe(peer, work);
  work.output.print(`It must be given:  ${givenTo(peer, network)}`);
}

function add(work: Work): void {
  const { folder, subject, isDryRun, output, stackName } = work;
  const peer = addPeer(folder, subject, { isDryRun });
  describe(peer, work);
  output.print(`A deployment makes the stack ${stackName}-peer-${peer.nodeId}, and changes no other one.`);
  output.print(
    isDryRun
      ? 'Nothing was changed; omit --dry-run to take it in.'
      : `It is taken in. Deploy, and then: npm run peers -- activate ${peer.nodeId}`,
  );
}

function turn({ folder, subject, isDryRun, output }: Work, wanted: 'active' | 'deactivated'): void {
  const peer = findPeer(readNetwork(folder), subject);
  if (!isDryRun) {
    setState(folder, peer, { wanted, date: new Date().toISOString().slice(0, 10) });
  }
  output.print(
    isDryRun
      ? `Peer ${peer.nodeId} is ${peer.state} and would be ${wanted}; nothing was changed.`
      : `Peer ${peer.nodeId} is ${wanted}. Deploy, and the listener follows within minutes.`,
  );
}

function describe(peer: Peer, { output, stackName }: Work): void {
  const { nodeId, type, range, state, reach } = peer;
  const names = peerQueueNames(stackName, peer);
  const ids = type === 'creditors-agent' ? 'creditor IDs' : 'debtor IDs';
  const rows = {
    Peer: `${nodeId}, a ${type.replace('-', ' ')}`,
    'Responsible for': `${ids} that begin with 0x${range.digits}`,
    State: state,
    'Reached by':
      reach.kind === 'aws'
        ? `its own principals ${reach.principals.join(', ')}`
        : `STOMP at ${reach.address.servers.map(({ host, port }) => `${host}:${port}`).join(', ')}`,
    Queues: `${names.incoming}, ${names.outgoing}, ${names.refused}`,
  };
  for (const [name, text] of Object.entries(rows)) {
    output.print(`${`${name}:`.padEnd(19)}${text}`);
  }
}

function givenTo({ nodeId, reach }: Peer, { destination }: Network): string {
  return reach.kind === 'aws'
    ? 'the addresses of its queues, from the outputs of its stack'
    : `peers/${nodeId}/peercert.crt, root-ca.crt and nodeinfo/stomp.toml (with the destination ${destination})`;
}
