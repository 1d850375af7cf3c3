/**
 * Drills in virtual time: payments go on while something fails for long, and nobody is in the loop. Afterwards every guarantee is
 * checked on the state and on all that was published.
 */

import { describe, expect, it } from 'vitest';
import type { Disaster, DisasterKind } from './disaster.ts';
import { FEATURE_NAMES, type Features } from './features.ts';
import { HOUR, MINUTE, SECOND } from './scheduler.ts';
import { runWorld, type WorldResult } from './world.ts';

const SEEDS = [1, 2, 3];
const NO_FAULTS = Object.fromEntries(FEATURE_NAMES.map((name) => [name, 0])) as unknown as Features;

/** Nothing fails but what the drill makes fail. Sweeps come, accounts are deleted, and each queue is as in the stack. */
const ORDINARY: Features = {
  ...NO_FAULTS,
  currencies: 1,
  creditors: 4,
  actions: 60,
  burst: 5,
  staleness: 0.05,
  queueBatch: 10,
  fullEvent: 10,
  maxReceives: 1_000,
  streamShards: 2,
  streamBatch: 100,
  sweeps: 3,
  interest: 1,
  deletion: 0.05,
  agents: 0.3,
  slowness: 0.2,
  thinking: 600,
  haste: 1,
  updateDelay: 10,
  sweepWrites: 500,
};

/** Actions go on before the disaster, through it and after it. */
function drill(seed: number, kind: DisasterKind, hours: number): Promise<WorldResult> {
  const disaster: Disaster = { kind, after: 20 * MINUTE, duration: hours * HOUR };
  // In a long one each message comes again hundreds of times.
  const actions = hours > 1 ? 30 : 60;
  const actionGap = (2 * (disaster.after + disaster.duration)) / SECOND / 10;
  return runWorld(seed, { overrides: { ...ORDINARY, actions, actionGap }, disaster });
}

/** What is broken, and what needed a person: dead letters, and what streams forgot. */
function faultsOf({ violation, counts }: WorldResult): readonly string[] {
  const needy = ['deadMessages', 'streamTrimmed'].filter((name) => (counts[name] ?? 0) > 0);
  return violation === undefined ? needy : [`${violation.guarantee}: ${violation.details}`, ...needy];
}

describe('Nothing is lost, and no message is given up,', () => {
  it.each<[DisasterKind, number]>([
    ['tables throttle', 1],
    ['tables down', 12],
    ['mappings disabled', 1],
    ['bad deploy', 1],
    ['bad deploy', 12],
    ['topics down', 24],
    ['topics down', 30],
  ])(
    'when the world suffers from "%s" for %i hours',
    async (kind, hours) => {
      for (const seed of SEEDS) {
        const result = await drill(seed, kind, hours);
        expect([seed, ...faultsOf(result)]).toStrictEqual([seed]);
        expect((result.counts.streamFailures ?? 0) > 0).toBe(kind === 'topics down');
        expect(result.counts[`disaster ${kind}`]).toBeGreaterThan(5);
      }
    },
    60_000,
  );
});

describe('Nothing is lost, and no message is given up, when a function is ended at each of its calls,', () => {
  // Publishing again has work only after an outage of the topics.
  const topics: Disaster = { kind: 'topics down', after: MINUTE, duration: 30 * HOUR };
  it.each([
    ['incoming', undefined],
    ['publish', undefined],
    ['credit', undefined],
    ['chores', undefined],
    ['start', undefined],
    ['sweep', undefined],
    ['again-start', topics],
    ['again#', topics],
  ])(
    'the function "%s"',
    async (name, disaster) => {
      let call = 1;
      for (let hasDied = true; hasDied; call += 1) {
        hasDied = false;
        for (const isSent of [false, true]) {
          const overrides = { ...ORDINARY, actions: 8, actionGap: 60 };
          const result = await runWorld(4, {
            overrides,
            death: { name, call, isSent },
            ...(disaster && { disaster }),
          });
          expect([call, isSent, ...faultsOf(result)]).toStrictEqual([call, isSent]);
          hasDied ||= (result.counts.plannedDeaths ?? 0) > 0;
        }
      }
      // The last number is one that no invocation came to.
      expect(call - 2).toBeGreaterThan(0);
    },
    60_000,
  );
});
