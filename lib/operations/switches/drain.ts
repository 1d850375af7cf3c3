/** Waiting until everything that was taken in is finished: the queues behind the incoming one, and both streams. */

import { OperatorError } from '../operator-command.ts';
import type { QueueCounts } from '../queue-counts.ts';
import type { StreamActivity } from './stream-activity.ts';
import type { StackSwitch } from './switchboard.ts';

export interface DrainTools {
  readonly countMessages: (queueUrl: string) => Promise<QueueCounts>;
  readonly streamActivity: () => Promise<StreamActivity>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called at each look. */
  readonly onLook: (state: DrainState) => void;
}

export interface DrainPlan {
  /** The stack's own, and those of its peers. */
  readonly incomingQueueUrls: readonly string[];
  /** What the functions send to themselves and to each other. */
  readonly innerQueueUrls: readonly string[];
  /** For how long the streams' functions must have had nothing to do. */
  readonly quietSeconds: number;
  readonly patienceSeconds: number;
}

export interface DrainState {
  /** Messages that wait in the incoming queues, and go on waiting. */
  readonly incomingWaiting: number;
  readonly incomingTaken: number;
  readonly innerMessages: number;
  readonly streams: StreamActivity;
  readonly isDrained: boolean;
}

const LOOK_EVERY_MS = 2_000;

/** @returns the last state that was seen: drained, unless patience was at an end */
export async function waitUntilDrained(plan: DrainPlan, tools: DrainTools): Promise<DrainState> {
  const startedAt = tools.now();
  // A look may miss a message that comes and goes between two of them, but not what its stream records bring about. So
  // queues must have been found empty, and streams quiet, for the same stretch of time.
  let busyAt = startedAt;
  for (;;) {
    const seen = await look(plan, tools);
    const now = tools.now();
    if (seen.incomingTaken + seen.innerMessages > 0) {
      busyAt = now;
    }
    const state = { ...seen, isDrained: isQuiet(seen.streams) && now - busyAt >= plan.quietSeconds * 1000 };
    tools.onLook(state);
    if (state.isDrained || now - startedAt >= plan.patienceSeconds * 1000) {
      return state;
    }
    await tools.pause(LOOK_EVERY_MS);
  }
}

async function look(plan: DrainPlan, tools: DrainTools): Promise<Omit<DrainState, 'isDrained'>> {
  const incoming = await Promise.all(plan.incomingQueueUrls.map(tools.countMessages));
  const inner = await Promise.all(plan.innerQueueUrls.map(tools.countMessages));
  return {
    incomingWaiting: sum(incoming.map(({ waiting }) => waiting)),
    incomingTaken: sum(incoming.map(({ taken }) => taken)),
    innerMessages: sum(inner.map(({ waiting, taken }) => waiting + taken)),
    streams: await tools.streamActivity(),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function isQuiet({ invocationCount, errorCount, throttleCount }: StreamActivity): boolean {
  return invocationCount + errorCount + throttleCount === 0;
}

/** Queues by their names. */
export interface DoorQueues {
  /** What comes in: to the stack itself, and from each of its peers. The first one is the stack's own. */
  readonly incoming: readonly [string, ...string[]];
  /** What waits for peers. Whether they take it is not up to the stack. */
  readonly outgoing: readonly string[];
}

/**
 * Which switches draining turns off: the schedules and what feeds on the incoming queues.
 * @throws {OperatorError} when something is off that must finish the rest
 */
export function switchesToDrain(
  switches: readonly StackSwitch[],
  { incoming, outgoing }: DoorQueues,
): readonly StackSwitch[] {
  const isDoor = ({ kind, source }: StackSwitch) => kind === 'schedule' || incoming.includes(source ?? '');
  const isToPeer = ({ source }: StackSwitch) => outgoing.includes(source ?? '');
  const idle = switches.filter((one) => !isDoor(one) && !isToPeer(one) && !one.isOn);
  if (idle.length > 0) {
    throw new OperatorError(
      `What was taken in can't be finished, since these are paused: ${idle.map(({ label }) => label).join(', ')}; run npm run resume first.`,
    );
  }
  const doors = switches.filter(isDoor);
  const missing = incoming.find((name) => !doors.some(({ source }) => source === name));
  if (missing !== undefined) {
    throw new OperatorError(
      `No mapping of the stack feeds on the queue ${missing}; name the outputs of the stack as it is now with --outputs FILE.`,
    );
  }
  return doors;
}
