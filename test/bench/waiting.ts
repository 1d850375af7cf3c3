/** How the benchmark waits for what an authority does: with patience while it goes on, and not forever. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Authority } from './authority.ts';
import { LostMessageError } from './payment-run.ts';
import type { Usage } from './usage.ts';

export interface Awaited {
  readonly step: string;
  readonly total: number;
  /** How many are there now. */
  readonly count: () => number;
  /** How long to wait for the next one. */
  readonly patienceMs: number;
  readonly onProgress: (step: string, done: number, total: number) => void;
}

const POLL_MS = 100;
/** Longer than any wait for more messages. */
const REST_MS = 1_000;

/** @throws {LostMessageError} when none has come for too long */
export async function untilCounted({ step, total, count, patienceMs, onProgress }: Awaited): Promise<void> {
  let [reached, since] = [-1, performance.now()];
  for (;;) {
    const present = count();
    if (present !== reached) {
      [reached, since] = [present, performance.now()];
    }
    onProgress(step, reached, total);
    if (reached >= total) {
      return;
    }
    if (performance.now() - since > patienceMs) {
      throw new LostMessageError(`${step}: ${total - reached} of ${total} are missing, and nothing comes.`);
    }
    await pause(POLL_MS);
  }
}

/** The usage once all sent messages are processed, that is, once no function is invoked any more. */
export async function usageAtRest(authority: Pick<Authority, 'usage'>): Promise<Usage | undefined> {
  for (let usage = await authority.usage(); ; ) {
    await pause(REST_MS);
    const next = await authority.usage();
    if (invocationsIn(next) === invocationsIn(usage)) {
      return next;
    }
    usage = next;
  }
}

function invocationsIn(usage: Usage | undefined): number {
  return Object.values(usage?.functions ?? {}).reduce((sum, { invocations }) => sum + invocations, 0);
}
