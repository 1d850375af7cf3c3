/**
 * A schedule that invokes a function periodically, as EventBridge does. Its last firing is kept, so that stopping the local
 * run does not begin a long period anew.
 */

import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../stack/emulated-cloud.ts';
import { UnsupportedTemplateError } from '../stack/template.ts';
import { failureReason } from './invocation-outcome.ts';
import type { LocalFunction } from './local-function.ts';
import type { Positions } from './positions.ts';
import { pause } from './pulse.ts';
import type { Switch } from './switchable.ts';

export interface ScheduleDefinition {
  /** Its last firing is kept under this name. */
  readonly name: string;
  readonly periodMs: number;
  readonly target: Pick<LocalFunction, 'label' | 'invoke'>;
  /** The event in JSON; EventBridge's own if it is undefined. */
  readonly input: string | undefined;
  readonly positions: Positions;
  /** While it is off, no function is invoked when the time comes. */
  readonly control: Pick<Switch, 'isOn'>;
  /** For people: what went wrong. */
  readonly onTrouble: (sentence: string) => void;
}

export interface Schedule {
  /** Invokes the function now, even while it is off, and without a change to the period; resolves when it has ended. */
  readonly fire: () => Promise<void>;
  /** Stops firing; resolves when an invocation under way has ended. */
  readonly stop: () => Promise<void>;
}

/** As for asynchronous invocations, which EventBridge makes. */
const MAX_ATTEMPTS = 3;
const PAUSE_BETWEEN_ATTEMPTS_MS = 1_000;

/** Starts the schedule. It first fires one period after its last firing, or from now if it never fired. */
export function startSchedule(definition: ScheduleDefinition): Schedule {
  const { name, periodMs, positions } = definition;
  const stopping = new AbortController();
  const loop = async () => {
    let firedAt = positions.loadFiring(name) ?? Date.now();
    positions.saveFiring(name, firedAt);
    while (!stopping.signal.aborted) {
      await pauseLong(firedAt + periodMs - Date.now(), stopping.signal);
      if (stopping.signal.aborted) {
        return;
      }
      firedAt = Date.now();
      if (definition.control.isOn()) {
        await fire(definition, firedAt, stopping.signal);
      }
      positions.saveFiring(name, firedAt);
    }
  };
  const finished = loop();
  return {
    fire: () => fire(definition, Date.now(), stopping.signal),
    stop: async () => {
      stopping.abort();
      await finished;
    },
  };
}

async function fire(
  { name, target, input, onTrouble }: ScheduleDefinition,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const event = input ?? printScheduledEvent(name, now);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS && !signal.aborted; attempt++) {
    const reason = failureReason(await target.invoke(event));
    if (reason === undefined) {
      return;
    }
    onTrouble(`failed on schedule: ${reason}`);
    await pause(PAUSE_BETWEEN_ATTEMPTS_MS, signal);
  }
}

function printScheduledEvent(name: string, now: number): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT_ID,
    time: new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    region: REGION,
    resources: [`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${name}`],
    detail: {},
  });
}

/** The longest time of a timer in Node. */
const MAX_TIMER_MS = 2_147_483_647;

async function pauseLong(ms: number, signal: AbortSignal): Promise<void> {
  for (let restMs = ms; restMs > 0 && !signal.aborted; restMs -= MAX_TIMER_MS) {
    await pause(Math.min(restMs, MAX_TIMER_MS), signal);
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The period of a `rate(…)` expression in milliseconds. */
export function parseRate(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (unitMs === undefined) {
    throw new UnsupportedTemplateError(`The local run does not know the schedule ${expression}.`);
  }
  return Number(count) * unitMs;
}
