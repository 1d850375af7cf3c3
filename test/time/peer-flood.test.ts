/**
 * A drill in virtual time: one peer floods its queue, and another one's messages take as long as ever. Concurrencies and batch sizes
 * are those of the stacks' own templates, in an account that may run just as many invocations as synthesis asks for.
 */

import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../lib/infrastructure/options.ts';
import { aPeer, FROM_AWS, synthesizeNetwork } from '../infrastructure/peers/peer-templates.ts';
import { propertiesOf, type ReadableTemplate } from '../infrastructure/template.ts';
import { Random } from '../simulation/random.ts';
import { type MappedQueue, runMappings } from './support/mapped-queues.ts';

const FLOODING = aPeer();
const QUIET = aPeer({ nodeId: '22222222', range: { digits: '000003' }, reach: FROM_AWS });

/** A message every 50 ms for a minute. */
const QUIET_MESSAGES = Array.from({ length: 1_200 }, (_, index) => 50 * index);

/** What an invocation costs, in milliseconds: valid messages are written one by one, refused ones only sent on, garbage together. */
const COSTS = { valid: 20, refused: 4, garbage: 1 };
type Kind = keyof typeof COSTS;

function lasting(perMessageMs: number): MappedQueue['durationMs'] {
  return (messages, random) => 15 + perMessageMs * messages * (0.5 + random.fraction());
}

function* flood(count: number): Generator<number> {
  for (let index = 0; index < count; index += 1) {
    // Ten thousand a second, far more than anybody handles.
    yield index / 10;
  }
}

/** The least concurrency of an account that synthesis accepts. */
function neededConcurrency(): number {
  try {
    synthesizeNetwork([FLOODING, QUIET], { concurrencyQuota: '20' });
  } catch (error) {
    if (error instanceof InvalidOptionError) {
      return Number(/may run (\d+) invocations/.exec(error.message)?.[1]);
    }
    throw error;
  }
  throw new Error('synthesis accepts everything');
}

const accountConcurrency = neededConcurrency();
const templates = synthesizeNetwork([FLOODING, QUIET], { concurrencyQuota: `${accountConcurrency}` });

/** The queue of a peer's messages, as its mapping feeds it. */
function queueOf(
  nodeId: string,
  work: Pick<MappedQueue, 'sentAt' | 'durationMs' | 'isWatched'>,
): MappedQueue {
  const template = templates[`Main-peer-${nodeId}`] as ReadableTemplate;
  const { IncomingMapping } = propertiesOf(template, 'AWS::Lambda::EventSourceMapping');
  return {
    ...work,
    batchSize: IncomingMapping.BatchSize,
    maxConcurrency: IncomingMapping.ScalingConfig.MaximumConcurrency,
  };
}

const floodOf = (count: number, kind: Kind): MappedQueue =>
  queueOf('11111111', { sentAt: flood(count), durationMs: lasting(COSTS[kind]), isWatched: false });
const quietQueue = (): MappedQueue =>
  queueOf('22222222', { sentAt: QUIET_MESSAGES, durationMs: lasting(COSTS.valid), isWatched: true });
/** Everything else that the account runs, at its limit all the time. */
const others = (): MappedQueue => ({
  sentAt: flood(10_000_000),
  durationMs: lasting(COSTS.valid),
  isWatched: false,
  batchSize: 10,
  maxConcurrency: accountConcurrency - quietQueue().maxConcurrency - floodOf(0, 'valid').maxConcurrency,
});

/** The median and the 99th of a hundred. */
function percentiles(latencies: readonly number[]): readonly [number, number] {
  const sorted = latencies.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((share) => sorted[Math.floor(share * sorted.length)]) as [number, number];
}

function latenciesWith(floodQueue: MappedQueue, concurrency = accountConcurrency): readonly [number, number] {
  const [, latencies = []] = runMappings([floodQueue, quietQueue(), others()], {
    accountConcurrency: concurrency,
    random: new Random('flood'),
  });
  expect(latencies).toHaveLength(QUIET_MESSAGES.length);
  return percentiles(latencies);
}

const [calmMedian, calmP99] = latenciesWith(floodOf(0, 'valid'));

describe('The messages of a peer', () => {
  it.each(
    (['valid', 'refused', 'garbage'] as const).flatMap((kind) =>
      [1_000, 100_000, 10_000_000].map((count) => [count, kind] as const),
    ),
  )('take as long as ever while another peer sends %i messages that are %s', (count, kind) => {
    const [median, p99] = latenciesWith(floodOf(count, kind));
    expect(Math.max(median / calmMedian, p99 / calmP99)).toBeLessThanOrEqual(1.5);
  });

  it('would wait with one mapping for both, which is why each peer has its own', () => {
    const mixed = [...flood(20_000)]
      .map((at) => ({ at, isQuiet: false }))
      .concat(QUIET_MESSAGES.map((at) => ({ at, isQuiet: true })))
      .toSorted((a, b) => a.at - b.at);
    const shared = queueOf('22222222', {
      sentAt: mixed.map(({ at }) => at),
      durationMs: lasting(COSTS.valid),
      isWatched: true,
    });
    const [latencies = []] = runMappings([shared], { accountConcurrency, random: new Random('shared') });
    const [median] = percentiles(latencies.filter((_, index) => mixed[index]?.isQuiet));
    expect(median / calmMedian).toBeGreaterThan(100);
  });

  it('would wait in an account that can not run all mappings, which synthesis refuses', () => {
    const scarce = accountConcurrency - quietQueue().maxConcurrency;
    const [, p99] = latenciesWith(floodOf(10_000_000, 'valid'), scarce);
    expect(p99 / calmP99).toBeGreaterThan(1.5);
    expect(() =>
      synthesizeNetwork([FLOODING, QUIET], { concurrencyQuota: `${accountConcurrency - 1}` }),
    ).toThrow(InvalidOptionError);
  });
});
