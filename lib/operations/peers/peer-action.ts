/** What the actions of `npm run peers` are given, and what those have in common that work on a peer's stack. */

import type { Peer } from '../../peers/peer.ts';
import { type ExitCode, type FlagsOf, OperatorError, type OperatorOutput } from '../operator-command.ts';
import { SEGMENTS_FLAG } from '../read-tables.ts';
import type { StackOutputs } from '../stack-outputs.ts';
import { STACK_FLAGS } from '../stack-tools.ts';

export const PEERS_FLAGS = {
  ...STACK_FLAGS,
  ...SEGMENTS_FLAG,
  peers: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  rate: { type: 'string', default: '20' },
  quiet: { type: 'string' },
  patience: { type: 'string', default: '3600' },
  'leave-accounts': { type: 'boolean', default: false },
} as const;

export interface PeerWork {
  readonly folder: string;
  /** Of the accounting stack, which names the queues. */
  readonly stackName: string;
  readonly isDryRun: boolean;
  /** The node ID, or the folder of a new peer or of an info-bundle. */
  readonly subject: string;
  readonly flags: FlagsOf<typeof PEERS_FLAGS>;
  readonly output: OperatorOutput;
}

export type PeerAction = (work: PeerWork) => ExitCode | Promise<ExitCode>;

/** @throws {OperatorError} unless nobody takes anything from the peer any more */
export function requireDeactivated({ nodeId, state }: Peer): void {
  if (state !== 'deactivated') {
    throw new OperatorError(
      `Peer ${nodeId} is ${state}; run npm run peers -- deactivate ${nodeId} and deploy first.`,
    );
  }
}

/** @throws {OperatorError} when the outputs have no stack for the peer */
export function outputsOfPeer(outputs: StackOutputs, nodeId: string): StackOutputs {
  const found = outputs.peers.get(nodeId);
  if (found === undefined) {
    throw new OperatorError(
      `The outputs name no stack of peer ${nodeId}; deploy (or start) the stack with this peer, and name the file with its outputs: --outputs FILE.`,
    );
  }
  return found;
}
