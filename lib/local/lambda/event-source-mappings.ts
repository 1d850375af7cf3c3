/**
 * Starts the event source mappings that the template declares, and lets the stream mappings look for records whenever a
 * function has finished. How a mapping works is in sqs-mapping.ts and stream-mapping.ts.
 */

import { z } from 'zod';
import type { DynamoDbClient } from '../emulators/dynamo-db-client.ts';
import type { LocalQueue } from '../emulators/queue-and-topic-emulator.ts';
import { partOf, readProperties, type Stack } from '../stack/template.ts';
import { parseEventFilter } from './event-filter.ts';
import type { LocalFunction } from './local-function.ts';
import type { Positions } from './positions.ts';
import { Activity, untilAtRest, untilCaughtUp } from './rest.ts';
import { type RunningMapping, startSqsMapping } from './sqs-mapping.ts';
import { type StreamMapping, startStreamMapping } from './stream-mapping.ts';
import {
  asStreamMapping,
  type Switch,
  type SwitchableMapping,
  type SwitchMemory,
  startSwitchable,
} from './switchable.ts';

const SHARED = {
  Enabled: z.boolean().default(true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  Tags: z.unknown().optional(),
};

/** Strict, as the next one: a property that is not known here would have no effect. */
const SQS_MAPPING = z.strictObject({
  ...SHARED,
  BatchSize: z.number().default(10),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
});

const STREAM_MAPPING = z.strictObject({
  ...SHARED,
  BatchSize: z.number().default(100),
  StartingPosition: z.literal('TRIM_HORIZON'),
  ParallelizationFactor: z.number().default(1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.number().default(-1),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
});

export interface MappingSurroundings {
  /** By ARN. */
  readonly queues: ReadonlyMap<string, LocalQueue>;
  /** By name. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly client: DynamoDbClient;
  readonly positions: Positions;
  /** Milliseconds since 1970, on the functions' clock. */
  readonly now: () => number;
  /** For people: what went wrong with a function. */
  readonly onTrouble: (functionLabel: string, sentence: string) => void;
}

export interface RunningMappings {
  /** Stops the queues' mappings from taking messages; resolves when those that they took are handled. */
  readonly stopQueues: () => Promise<void>;
  /** Waits until the streams are read, but no longer than `patienceMs`; resolves when all is finished. */
  readonly stopStreams: (patienceMs: number) => Promise<void>;
  readonly streams: readonly StreamMapping[];
  /** By logical ID. */
  readonly controls: ReadonlyMap<string, MappingControl>;
  /** Resolves when queues, streams and functions have nothing left to do, or `signal` is aborted. */
  readonly untilAtRest: (signal: AbortSignal) => Promise<void>;
}

/** A mapping's switch, with what the mapping connects. */
export interface MappingControl extends Switch {
  readonly eventSourceArn: string;
  readonly functionArn: string;
}

/** More batches of one queue at once gain nothing on a small machine, and larger batches cost less. */
const MAX_QUEUE_CONCURRENCY = 2;
const MAX_LANES = 2;

/** While functions run, records may come at any time. */
const BUSY_POLL_MS = 25;
/** Finds only records that other processes wrote; those of a function are looked for when it has finished. */
const IDLE_POLL_MS = 500;

export async function startMappings(
  stack: Stack,
  surroundings: MappingSurroundings,
): Promise<RunningMappings> {
  const queueMappings: RunningMapping[] = [];
  const queues: LocalQueue[] = [];
  const streams: StreamMapping[] = [];
  const activity = new Activity(() => {
    for (const mapping of streams) {
      mapping.wake();
    }
  });
  const controls = new Map<string, MappingControl>();
  const watched = { ...surroundings, activity };
  for (const [logicalId, declared] of stack.resources('AWS::Lambda::EventSourceMapping')) {
    const properties = stack.resolve(declared) as { readonly EventSourceArn: string };
    const queue = surroundings.queues.get(properties.EventSourceArn);
    stack.define(logicalId, { Ref: logicalId });
    if (queue === undefined) {
      const mapping = readProperties(logicalId, properties, STREAM_MAPPING);
      const started = await startSwitchable(memoryOf(logicalId, mapping, surroundings), (isOn) =>
        startOrStop(isOn, () => startTableMapping(logicalId, mapping, watched)),
      );
      streams.push(asStreamMapping(mapping.EventSourceArn, started));
      controls.set(logicalId, controlOf(started, mapping, surroundings));
      continue;
    }
    const mapping = readProperties(logicalId, properties, SQS_MAPPING);
    // A message that is taken now was taken by this mapping in a local run that was killed.
    queue.returnAllTaken();
    const started = await startSwitchable(memoryOf(logicalId, mapping, surroundings), (isOn) =>
      isOn ? startQueueMapping(queue, mapping, watched) : NO_MAPPING,
    );
    const control = controlOf(started, mapping, surroundings);
    queueMappings.push(started);
    queues.push({ ...queue, count: () => (control.isOn() ? queue.count() : 0) });
    controls.set(logicalId, control);
  }
  const work = { queues, streams, activity };
  return {
    stopQueues: async () => void (await Promise.all(queueMappings.map((mapping) => mapping.stop()))),
    stopStreams: async (patienceMs) => {
      await untilCaughtUp(work, AbortSignal.timeout(patienceMs));
      await Promise.all(streams.map((mapping) => mapping.stop()));
    },
    streams,
    controls,
    untilAtRest: (signal) => untilAtRest(work, signal),
  };
}

type SharedProperties = Pick<z.infer<typeof SQS_MAPPING>, 'Enabled' | 'EventSourceArn' | 'FunctionName'>;

function memoryOf(
  name: string,
  { Enabled }: SharedProperties,
  { positions }: MappingSurroundings,
): SwitchMemory {
  return { name, isOn: Enabled, positions };
}

/** The switch of a mapping that was just started; one that is off is told. */
function controlOf(
  { control }: Pick<SwitchableMapping<RunningMapping>, 'control'>,
  { EventSourceArn, FunctionName }: SharedProperties,
  { functions, onTrouble }: MappingSurroundings,
): MappingControl {
  const { label, arn } = partOf(functions, FunctionName);
  if (!control.isOn()) {
    onTrouble(label, 'has a mapping that is paused; npm run resume lets it go on');
  }
  return { ...control, eventSourceArn: EventSourceArn, functionArn: arn };
}

const NO_MAPPING: RunningMapping = { stop: async () => {} };

/** One that is off still tells its positions, before which records may be trimmed. It is stopped before it has read any. */
async function startOrStop(isOn: boolean, start: () => Promise<StreamMapping>): Promise<StreamMapping> {
  const started = await start();
  if (!isOn) {
    await started.stop();
  }
  return started;
}

type WatchedSurroundings = MappingSurroundings & { readonly activity: Activity };

function startQueueMapping(
  queue: LocalQueue,
  mapping: z.infer<typeof SQS_MAPPING>,
  { functions, onTrouble, activity }: WatchedSurroundings,
): RunningMapping {
  const target = activity.watch(partOf(functions, mapping.FunctionName));
  return startSqsMapping({
    queue,
    invoke: target.invoke,
    batchSize: mapping.BatchSize,
    windowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
    concurrency: Math.min(
      mapping.ScalingConfig?.MaximumConcurrency ?? MAX_QUEUE_CONCURRENCY,
      MAX_QUEUE_CONCURRENCY,
    ),
    reportsItemFailures: mapping.FunctionResponseTypes.length > 0,
    onFailure: ({ failedCount, batchSize, reason }) =>
      onTrouble(
        target.label,
        `failed on ${failedCount} of ${batchSize} messages: ${reason ?? 'see its log'}`,
      ),
  });
}

function startTableMapping(
  name: string,
  mapping: z.infer<typeof STREAM_MAPPING>,
  { functions, queues, client, positions, now, onTrouble, activity }: WatchedSurroundings,
): Promise<StreamMapping> {
  const target = activity.watch(partOf(functions, mapping.FunctionName));
  const destinationArn = mapping.DestinationConfig?.OnFailure.Destination;
  return startStreamMapping({
    name,
    streamArn: mapping.EventSourceArn,
    client,
    positions,
    target,
    filter: parseEventFilter(mapping.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? []),
    batchSize: mapping.BatchSize,
    windowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
    laneCount: Math.min(mapping.ParallelizationFactor, MAX_LANES),
    pollMs: () => (activity.isBusy ? BUSY_POLL_MS : IDLE_POLL_MS),
    reportsItemFailures: mapping.FunctionResponseTypes.length > 0,
    bisects: mapping.BisectBatchOnFunctionError,
    maxRetryAttempts: mapping.MaximumRetryAttempts,
    maxRecordAgeSeconds: mapping.MaximumRecordAgeInSeconds,
    now,
    failureDestination: destinationArn === undefined ? undefined : partOf(queues, destinationArn).send,
    onTrouble: (sentence) => onTrouble(target.label, sentence),
  });
}
