/** `npm run peers`: shows and changes who the authority's peers are. */

import type { Network, Peer } from '../../peers/peer.ts';
import { peerQueueNames } from '../../peers/queue-names.ts';
import { type Command, type ExitCode, OperatorError, operatorCommand } from '../operator-command.ts';
import { SEGMENTS_HELP } from '../read-tables.ts';
import { drainAction } from './drain/drain-action.ts';
import { infoBundleAction } from './info-bundle/info-bundle-action.ts';
import { addPeer, findPeer, readNetwork, setState } from './node-editor.ts';
import { PEERS_FLAGS, type PeerAction, type PeerWork } from './peer-action.ts';
import { removeAction } from './remove-action.ts';

const DEFAULT_STACK_NAME = 'SwaptacularAccounts';

const HELP = `Shows and changes who the authority's peers are, in the folder of its node. docs/network.md says how a peer joins.

  npm run peers -- list
  npm run peers -- show NODE_ID
  npm run peers -- info-bundle FOLDER  makes the file that everybody needs who wants to be a peer
  npm run peers -- add FOLDER          takes a peer in; FOLDER has its files, as in peers/NODE_ID of the node
  npm run peers -- activate NODE_ID    lets it connect; when its stack is deployed
  npm run peers -- deactivate NODE_ID  refuses it from now on
  npm run peers -- drain NODE_ID       of a deactivated peer: dismisses its prepared transfers, schedules its accounts for
                                       deletion, WHATEVER IS ON THEM, and throws away the messages for it
  npm run peers -- remove NODE_ID      destroys the stack of a deactivated peer, if its queues are empty and it has no accounts

  --peers PATH             the folder of the authority's node (default APP_PEERS)
  --stack NAME             the accounting stack, which names the queues (default APP_STACK_NAME or ${DEFAULT_STACK_NAME})
  --dry-run                only check, and tell what would be changed
  --help                   show this

Of drain, which may be interrupted and run again at any time:
  --rate N                 at most so many answers in a second (default 20)
  --quiet SECONDS          how long queues must have been empty (default 60, 2 on a local run); also of remove
  --patience SECONDS       how long to wait for a queue in which nothing moves (default 3600)
  It may scan the accounts table and query the transfers table, receive and delete from the peer's outgoing queue, send to
  its incoming queue, and read the attributes of both; it needs no other permission.
Of remove:
  --leave-accounts         also while accounts of the peer are there
Of both:
${SEGMENTS_HELP}
  --outputs FILE, --endpoint URL   as of the other tools

Exit code: 0 when it is done, 1 when something is left (of drain and remove), 2 when it could not be done.
`;

const ACTIONS: Readonly<Record<string, { readonly takes: string | undefined; readonly run: PeerAction }>> = {
  list: { takes: undefined, run: list },
  show: { takes: 'a node ID', run: show },
  'info-bundle': { takes: 'a folder for the files', run: infoBundleAction },
  add: { takes: "a folder with the peer's files", run: add },
  activate: { takes: 'a node ID', run: (work) => turn(work, 'active') },
  deactivate: { takes: 'a node ID', run: (work) => turn(work, 'deactivated') },
  drain: { takes: 'a node ID', run: drainAction },
  remove: { takes: 'a node ID', run: removeAction },
};

export function peersCommand(environment: Readonly<Record<string, string | undefined>>): Command {
  return operatorCommand({
    help: HELP,
    flags: PEERS_FLAGS,
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
      const [subject = ''] = subjects;
      return action.run({ folder, stackName, isDryRun: flags['dry-run'], subject, flags, output });
    },
  });
}

function list({ folder, output }: PeerWork): ExitCode {
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
  return 0;
}

function show(work: PeerWork): ExitCode {
  const network = readNetwork(work.folder);
  const peer = findPeer(network, work.subject);
  describe(peer, work);
  work.output.print(`It must be given:  ${givenTo(peer, network)}`);
  return 0;
}

function add(work: PeerWork): ExitCode {
  const { folder, subject, isDryRun, output, stackName } = work;
  const peer = addPeer(folder, subject, { isDryRun });
  describe(peer, work);
  output.print(`A deployment makes the stack ${stackName}-peer-${peer.nodeId}, and changes no other one.`);
  output.print(
    isDryRun
      ? 'Nothing was changed; omit --dry-run to take it in.'
      : `It is taken in. Deploy, and then: npm run peers -- activate ${peer.nodeId}`,
  );
  return 0;
}

function turn({ folder, subject, isDryRun, output }: PeerWork, wanted: 'active' | 'deactivated'): ExitCode {
  const peer = findPeer(readNetwork(folder), subject);
  if (!isDryRun) {
    setState(folder, peer, { wanted, date: new Date().toISOString().slice(0, 10) });
  }
  output.print(
    isDryRun
      ? `Peer ${peer.nodeId} is ${peer.state} and would be ${wanted}; nothing was changed.`
      : `Peer ${peer.nodeId} is ${wanted}. Deploy, and the listener follows within minutes.`,
  );
  return 0;
}

function describe(peer: Peer, { output, stackName }: PeerWork): void {
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
