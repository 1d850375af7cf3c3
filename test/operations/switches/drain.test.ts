import { describe, expect, it } from 'vitest';
import type { QueueCounts } from '../../../lib/operations/queue-counts.ts';
import {
  type DrainPlan,
  type DrainState,
  switchesToDrain,
  waitUntilDrained,
} from '../../../lib/operations/switches/drain.ts';
import type { StreamActivity } from '../../../lib/operations/switches/stream-activity.ts';
import type { StackSwitch } from '../../../lib/operations/switches/switchboard.ts';

const PLAN: DrainPlan = {
  incomingQueueUrls: ['incoming'],
  innerQueueUrls: ['chores', 'sweep'],
  quietSeconds: 10,
  patienceSeconds: 100,
};

const NO_ACTIVITY: StreamActivity = { invocationCount: 0, errorCount: 0, throttleCount: 0 };
const EMPTY: QueueCounts = { waiting: 0, taken: 0 };

interface World {
  /** What is seen so many seconds after the start. */
  readonly countsAt?: (url: string, second: number) => QueueCounts;
  readonly activityAt?: (second: number) => Partial<StreamActivity>;
}

async function drain({ countsAt = () => EMPTY, activityAt = () => ({}) }: World) {
  let now = 0;
  const states: DrainState[] = [];
  const last = await waitUntilDrained(PLAN, {
    countMessages: async (url) => countsAt(url, now / 1000),
    streamActivity: async () => ({ ...NO_ACTIVITY, ...activityAt(now / 1000) }),
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds;
    },
    onLook: (state) => void states.push(state),
  });
  return { second: now / 1000, isDrained: last.isDrained, last, states };
}

describe('Draining', () => {
  it('takes at least as long as the streams must have been quiet', async () => {
    const { second, isDrained } = await drain({});
    expect([second, isDrained]).toStrictEqual([10, true]);
  });

  it('starts to count again whenever a queue was not empty', async () => {
    const countsAt = (url: string, second: number) =>
      url === 'sweep' && second >= 6 && second < 20 ? { waiting: 0, taken: 1 } : EMPTY;
    const { second, isDrained } = await drain({ countsAt });
    expect([second, isDrained]).toStrictEqual([28, true]);
  });

  it('leaves the messages that nobody has taken from the incoming queue', async () => {
    const countsAt = (url: string) => (url === 'incoming' ? { waiting: 7, taken: 0 } : EMPTY);
    const { isDrained, last } = await drain({ countsAt });
    expect([isDrained, last.incomingWaiting]).toStrictEqual([true, 7]);
  });

  it.each<readonly [string, Partial<StreamActivity>]>([
    ['batches', { invocationCount: 1 }],
    ['errors', { errorCount: 1 }],
    ['throttles', { throttleCount: 1 }],
  ])('waits for streams with %s, until patience is at an end', async (_, activity) => {
    const { second, isDrained } = await drain({ activityAt: () => activity });
    expect([second, isDrained]).toStrictEqual([100, false]);
  });
});

describe('What draining turns off', () => {
  const mapping = (source: string, isOn = true): StackSwitch => ({
    kind: 'queue',
    id: source,
    label: `queue ${source}`,
    isOn,
    source,
  });
  const schedule: StackSwitch = { kind: 'schedule', id: 'tick', label: 'schedule tick', isOn: true };
  const doors = ['Incoming', 'Main-peer-01-in'] as const;
  const queues = { incoming: doors, outgoing: ['Main-peer-01-out'] } as const;

  it.each([true, false])('is what feeds on incoming queues, and not what sends to peers (on: %s)', (isOn) => {
    const [incoming, ofPeer, toPeer, chores] = [
      ...doors.map((name) => mapping(name)),
      mapping('Main-peer-01-out', isOn),
      mapping('Chores'),
    ] as [StackSwitch, StackSwitch, StackSwitch, StackSwitch];
    expect(switchesToDrain([schedule, incoming, ofPeer, toPeer, chores], queues)).toStrictEqual([
      schedule,
      incoming,
      ofPeer,
    ]);
  });

  it('must include the mapping of each peer', () => {
    expect(() => switchesToDrain([mapping('Incoming')], queues)).toThrow(
      'No mapping of the stack feeds on the queue Main-peer-01-in;',
    );
  });

  it('waits for the messages of all incoming queues', async () => {
    let now = 0;
    const plan = { ...PLAN, incomingQueueUrls: ['incoming', 'of-peer'] };
    const countMessages = async (url: string) =>
      url === 'of-peer' && now < 20_000 ? { waiting: 2, taken: 1 } : { waiting: 2, taken: 0 };
    const last = await waitUntilDrained(
      { ...plan, innerQueueUrls: [] },
      {
        countMessages,
        streamActivity: async () => NO_ACTIVITY,
        now: () => now,
        pause: async (milliseconds) => {
          now += milliseconds;
        },
        onLook: () => {},
      },
    );
    expect([now, last.isDrained, last.incomingWaiting]).toStrictEqual([28_000, true, 4]);
  });
});
