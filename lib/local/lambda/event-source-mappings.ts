/**
 * Starts the event source mappings that the template declares, and lets each stream mapping look for records when a
 * function has just written some. How a mapping works is in sqs-mapping.ts and stream-mapping.ts.
 */

import { z } from 'zod';
import type { DynamoDbClient } from '../emulators/dynamo-db-client.ts';
import type { LocalQueue } from '../emulators/queue-and-topic-emulator.ts';
import {
  type Resolver,
  readProperties,
  resourcesOfType,
  type Template,
  UnsupportedTemplateError,
} from '../stack/template.ts';
import { parseEventFilter } from './event-filter.ts';
import type { LocalFunction } from './local-function.ts';
import type { Positions } from './positions.ts';
import { untilAtRest, untilCaughtUp, type WatchedActivity } from './rest.ts';
import { type RunningMapping, startSqsMapping } from './sqs-mapping.ts';
import { type StreamMapping, startStreamMapping } from './stream-mapping.ts';
import { type Switch, type SwitchableMapping, startSwitchable } from './switchable.ts';

const SHARED = {
  Enabled: z.boolean().default(true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  Tags: z.unknown().optional(),
};

/** Strict, as is the other: a property that is not known would be one that is not heeded. */
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
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
});

export interface MappingSurroundings {
  readonly template: Template;
  readonly resolver: Resolver;
  /** By ARN. */
  readonly queues: ReadonlyMap<string, LocalQueue>;
  /** By name. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly client: DynamoDbClient;
  readonly positions: Positions;
  /** For people: what went wrong with a function. */
  readonly onTrouble: (functionLabel: string, sentence: string) => void;
}

export interface RunningMappings {
  /** The queues' mappings take nothing more; resolves when what they took is finished. */
  readonly stopQueues: () => Promise<void>;
  /** Waits, but no longer than `patienceMs`, until the streams are read; resolves when all is finished. */
  readonly stopStreams: (patienceMs: number) => Promise<void>;
  readonly streams: () => readonly StreamMapping[];
  /** By logical ID. */
  readonly controls: ReadonlyMap<string, MappingControl>;
  /** Resolves when nothing is under way any more, between the functions or in one of them, or `signal` is aborted. */
  readonly untilAtRest: (signal: AbortSignal) => Promise<void>;
}

/** A mapping as those see it who turn it off and on. */
export interface MappingControl extends Switch {
  readonly eventSourceArn: string;
  readonly functionArn: string;
}

/** A small machine gains nothing by more batches of one queue at once, and larger batches cost less. */
const MAX_QUEUE_CONCURRENCY = 2;
const MAX_LANES = 2;

/** While functions run, records may come at any time. */
const BUSY_POLL_MS = 25;
/** Only for records that somebody else has written: whatever a function writes is looked for when it has finished. */
const IDLE_POLL_MS = 500;

export async function startMappings(surroundings: MappingSurroundings): Promise<RunningMappings> {
  const { template, resolver, queues } = surroundings;
  const activity = createActivity();
  const queueMappings: (ControlledMapping<RunningMapping> & { readonly queue: LocalQueue })[] = [];
  const streamMappings: ControlledMapping<StreamMapping>[] = [];
  const streams = () => streamMappings.map(({ control, latest }) => heeding(control, latest()));
  activity.onFinished(() => {
    for (const mapping of streams()) {
      mapping.wake();
    }
  });
  for (const [logicalId, { Properties }] of resourcesOfType(template, 'AWS::Lambda::EventSourceMapping')) {
    const properties = resolver.resolve(Properties) as { readonly EventSourceArn: string };
    const queue = queues.get(properties.EventSourceArn);
    if (queue !== undefined) {
      const mapping = readProperties(logicalId, properties, SQS_MAPPING);
      // Whoever took them was this queue's mapping in a local run that was killed.
      queue.returnAllTaken();
      const start = (isOn: boolean) =>
        isOn ? startQueueMapping(mapping, queue, surroundings, activity) : NO_MAPPING;
      queueMappings.push({ ...(await startControlled({ logicalId, mapping, start }, surroundings)), queue });
    } else {
      const mapping = readProperties(logicalId, properties, STREAM_MAPPING);
      const start = (isOn: boolean) =>
        startOrStop(isOn, () => startTableMapping(logicalId, mapping, surroundings, activity));
      streamMappings.push(await startControlled({ logicalId, mapping, start }, surroundings));
    }
  }
  return {
    stopQueues: async () => void (await Promise.all(queueMappings.map((mapping) => mapping.stop()))),
    stopStreams: async (patienceMs) => {
      await untilCaughtUp(streams(), activity, AbortSignal.timeout(patienceMs));
      await Promise.all(streamMappings.map((mapping) => mapping.stop()));
    },
    streams,
    controls: new Map(
      [...queueMappings, ...streamMappings].map(({ logicalId, control }) => [logicalId, control]),
    ),
    untilAtRest: (signal) => {
      const fedFrom = queueMappings.filter(({ control }) => control.isOn()).map(({ queue }) => queue);
      return untilAtRest(fedFrom, streams(), activity, signal);
    },
  };
}

interface ControlledMapping<Running extends RunningMapping> extends SwitchableMapping<Running> {
  readonly logicalId: string;
  readonly control: MappingControl;
}

interface MappingStart<Running> {
  readonly logicalId: string;
  readonly mapping: Pick<z.infer<typeof SQS_MAPPING>, 'Enabled' | 'EventSourceArn' | 'FunctionName'>;
  readonly start: (isOn: boolean) => Running | Promise<Running>;
}

/** Starts the mapping with its switch, and lets the resolver know it. */
async function startControlled<Running extends RunningMapping>(
  { logicalId, mapping, start }: MappingStart<Running>,
  { functions, resolver, positions, onTrouble }: MappingSurroundings,
): Promise<ControlledMapping<Running>> {
  const { label, arn } = functionOf(functions, mapping.FunctionName);
  const started = await startSwitchable({ name: logicalId, isOn: mapping.Enabled, positions }, start);
  resolver.define(logicalId, { Ref: logicalId });
  if (!started.control.isOn()) {
    onTrouble(label, `is not fed by ${logicalId}, which is paused; npm run resume lets it go on`);
  }
  const control = { ...started.control, eventSourceArn: mapping.EventSourceArn, functionArn: arn };
  return { ...started, logicalId, control };
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

/** The mapping, which has nothing to catch up with while it is off. */
function heeding(control: Switch, mapping: StreamMapping): StreamMapping {
  return {
    ...mapping,
    hasCaughtUpWith: (instant) => !control.isOn() || mapping.hasCaughtUpWith(instant),
  };
}

function startQueueMapping(
  mapping: z.infer<typeof SQS_MAPPING>,
  queue: LocalQueue,
  { functions, onTrouble }: MappingSurroundings,
  activity: Activity,
): RunningMapping {
  const target = activity.watch(functionOf(functions, mapping.FunctionName));
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
  { functions, queues, client, positions, onTrouble }: MappingSurroundings,
  activity: Activity,
): Promise<StreamMapping> {
  const target = activity.watch(functionOf(functions, mapping.FunctionName));
  const destinationArn = mapping.DestinationConfig?.OnFailure.Destination;
  const destination = destinationArn === undefined ? undefined : queues.get(destinationArn);
  if (destinationArn !== undefined && destination === undefined) {
    throw new UnsupportedTemplateError(
      `The failure destination ${destinationArn} is not a queue of the stack.`,
    );
  }
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
    pollMs: () => (activity.isBusy() ? BUSY_POLL_MS : IDLE_POLL_MS),
    reportsItemFailures: mapping.FunctionResponseTypes.length > 0,
    bisects: mapping.BisectBatchOnFunctionError,
    maxRetryAttempts: mapping.MaximumRetryAttempts,
    failureDestination: destination?.send,
    onTrouble: (sentence) => onTrouble(target.label, sentence),
  });
}

function functionOf(functions: ReadonlyMap<string, LocalFunction>, name: string): LocalFunction {
  const found = functions.get(name);
  if (found === undefined) {
    throw new UnsupportedTemplateError(`The function ${name} is not one of the stack.`);
  }
  return found;
}

interface Activity extends WatchedActivity {
  /** The function, with its invocations counted. */
  readonly watch: (target: LocalFunction) => LocalFunction;
  readonly onFinished: (listener: () => void) => void;
}

function createActivity(): Activity {
  let runningCount = 0;
  let lastFinishedAt = Number.NEGATIVE_INFINITY;
  const listeners: (() => void)[] = [];
  return {
    watch: (target) => ({
      ...target,
      invoke: async (event) => {
        runningCount++;
        const result = await target.invoke(event);
        runningCount--;
        lastFinishedAt = performance.now();
        for (const listener of listeners) {
          listener();
        }
        return result;
      },
    }),
    isBusy: () => runningCount > 0,
    lastFinishedAt: () => lastFinishedAt,
    onFinished: (listener) => void listeners.push(listener),
  };
}
