import { beforeEach, describe, expect, it } from 'vitest';
import { OperatorError } from '../../../lib/operations/operator-command.ts';
import { refuseDestruction, removePeer } from '../../../lib/operations/peers/remove-peer.ts';
import type { QueueCounts } from '../../../lib/operations/queue-counts.ts';

let now = 0;
let printed: string[];
let done: string[];
beforeEach(() => {
  now = 0;
  printed = [];
  done = [];
});

interface Stage {
  readonly accounts?: number;
  /** What is in the outgoing queue so many seconds after the start. */
  readonly outgoingAt?: (second: number) => QueueCounts;
  readonly destroyStack?: () => Promise<void>;
}

function remove(
  stage: Stage,
  wishes: { readonly mayLeaveAccounts?: boolean; readonly isDryRun?: boolean } = {},
) {
  const plan = { quietSeconds: 60, mayLeaveAccounts: false, isDryRun: false, ...wishes };
  const empty = { waiting: 0, taken: 0 };
  return removePeer(plan, {
    countMessages: async () =>
      new Map([
        ['Main-peer-01-in', empty],
        ['Main-peer-01-out', stage.outgoingAt?.(now / 1_000) ?? empty],
      ]),
    countAccounts: async () => stage.accounts ?? 0,
    destroyStack: async () => {
      await stage.destroyStack?.();
      done.push(`destroyed at ${now / 1_000}`);
    },
    forget: () => void done.push('forgotten'),
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds;
    },
    print: (line) => void printed.push(line),
  });
}

describe('Removing a peer', () => {
  it('destroys its stack when all its queues have been empty for a while, and then forgets it', async () => {
    expect([await remove({}), done]).toStrictEqual([0, ['destroyed at 60', 'forgotten']]);
  });

  it.each<readonly [string, QueueCounts]>([
    ['waits', { waiting: 2, taken: 0 }],
    ['is taken', { waiting: 0, taken: 2 }],
  ])('destroys nothing while a message %s in one of them', async (_, counts) => {
    expect([await remove({ outgoingAt: () => counts }), done, printed]).toStrictEqual([
      1,
      [],
      [
        'Main-peer-01-out holds 2 messages.',
        'Nothing was removed; look at these messages, or drain the peer, and run the same again.',
      ],
    ]);
  });

  it('notices what comes at the last moment', async () => {
    const outgoingAt = (second: number) => ({ waiting: second >= 60 ? 1 : 0, taken: 0 });
    expect([await remove({ outgoingAt }), done]).toStrictEqual([1, []]);
  });

  it('leaves no account to nobody, unless that is wished', async () => {
    expect([await remove({ accounts: 3 }), done]).toStrictEqual([1, []]);
    expect(printed).toStrictEqual([
      '3 accounts of the peer are there; npm run peers -- drain tells why. Nothing was removed; --leave-accounts leaves them to nobody.',
    ]);
    expect(await remove({ accounts: 3 }, { mayLeaveAccounts: true })).toBe(0);
    expect(done).toStrictEqual(['destroyed at 60', 'forgotten']);
  });

  it('only tells what it would do on a dry run', async () => {
    expect([await remove({}, { isDryRun: true }), done]).toStrictEqual([0, []]);
  });

  it('keeps the peer in the folder when the stack is not destroyed', async () => {
    const destroyStack = async () => refuseDestruction('Main-peer-01', new Error('it is in use'));
    await expect(remove({ destroyStack })).rejects.toThrow(
      new OperatorError(
        'The stack Main-peer-01 could not be destroyed: it is in use; look at it in CloudFormation, and run the same again.',
      ),
    );
    expect(done).toStrictEqual([]);
  });
});
