import { describe, expect, it } from 'vitest';
import { BATCHING_PROFILES, type BatchingProfile } from '../../lib/infrastructure/batching-profiles.ts';
import { propertiesOf, synthesize } from './template.ts';

const PROFILES: Record<string, BatchingProfile> = BATCHING_PROFILES;

describe('Batching profiles', () => {
  it.each([
    ['latency', [10, 0], [100, 0], [100, 0], [100, 0], [10, 0]],
    ['balanced', [1000, 1], [1000, 1], [500, 0], [500, 0], [500, 1]],
    ['throughput', [5000, 5], [3000, 5], [1000, 1], [1000, 1], [500, 10]],
  ])("%s sets sizes and windows of all mappings but the sweeps'", (batchingProfile, ...batches) => {
    const mappings = Object.entries(
      propertiesOf(synthesize({ batchingProfile }), 'AWS::Lambda::EventSourceMapping'),
    ).flatMap(([name, mapping]) => (/^(Sweep|PublishAgain)/.test(name) ? [] : [mapping]));
    expect(
      mappings.map(({ BatchSize, MaximumBatchingWindowInSeconds }) => [
        BatchSize,
        MaximumBatchingWindowInSeconds,
      ]),
    ).toStrictEqual(batches);
  });

  // Lambda refuses such a mapping only when it is deployed.
  it.each(Object.entries(PROFILES))(
    '%s waits a second or more for large batches from queues',
    (_, profile) => {
      for (const { size, windowSeconds } of [profile.incomingMessages, profile.chores]) {
        expect(size <= 10 || windowSeconds >= 1).toBe(true);
      }
    },
  );
});
