/** Removes the stack of a deactivated peer: only when nothing of the peer is left, since its queues go with it. */

import { type ExitCode, OperatorError } from '../operator-command.ts';
import type { QueueCounts } from '../queue-counts.ts';

export interface RemovalPlan {
  /** For how long all queues must have been seen empty, since SQS counts approximately. */
  readonly quietSeconds: number;
  /** Whether accounts of the peer may stay that nobody can speak for any more. */
  readonly mayLeaveAccounts: boolean;
  readonly isDryRun: boolean;
}

export interface RemovalTools {
  /** The messages of each queue of the peer, by the queue's name. */
  readonly countMessages: () => Promise<ReadonlyMap<string, QueueCounts>>;
  readonly countAccounts: () => Promise<number>;
  readonly destroyStack: () => Promise<void>;
  /** Takes the peer out of the folder of the node. */
  readonly forget: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly print: (line: string) => void;
}

const LOOK_EVERY_MS = 5_000;

/**
 * @returns 1 when something of the peer is left, and nothing was removed
 * @throws {OperatorError} when the stack can't be destroyed; then the folder is as it was
 */
export async function removePeer(plan: RemovalPlan, tools: RemovalTools): Promise<ExitCode> {
  const accounts = await tools.countAccounts();
  if (accounts > 0 && !plan.mayLeaveAccounts) {
    tools.print(
      `${accounts} accounts of the peer are there; npm run peers -- drain tells why. Nothing was removed; --leave-accounts leaves them to nobody.`,
    );
    return 1;
  }
  // Looked at last, so that little time passes between the look and the end of the queues.
  const endsAt = tools.now() + plan.quietSeconds * 1_000;
  for (;;) {
    const left = [...(await tools.countMessages())].filter(([, { waiting, taken }]) => waiting + taken > 0);
    for (const [name, { waiting, taken }] of left) {
      tools.print(`${name} holds ${waiting + taken} messages.`);
    }
    if (left.length > 0) {
      tools.print('Nothing was removed; look at these messages, or drain the peer, and run the same again.');
      return 1;
    }
    if (tools.now() >= endsAt) {
      break;
    }
    await tools.pause(LOOK_EVERY_MS);
  }
  if (plan.isDryRun) {
    tools.print('Nothing of the peer is left, and its stack could be removed. Nothing was changed.');
    return 0;
  }
  await tools.destroyStack();
  tools.forget();
  return 0;
}

/** @throws {OperatorError} always: CloudFormation did not delete the stack */
export function refuseDestruction(stackName: string, error: unknown): never {
  const words = error instanceof Error ? error.message : String(error);
  throw new OperatorError(
    `The stack ${stackName} could not be destroyed: ${words}; look at it in CloudFormation, and run the same again.`,
  );
}
