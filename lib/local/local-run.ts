/**
 * The local run: the synthesized stack, with emulators for AWS's services and its functions in this process. Starting is
 * a list of steps; stopping undoes them from last to first.
 */

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { openDataFolder } from './data-folder.ts';
import { startEmulators } from './emulators/emulators.ts';
import { provisionQueues, provisionTopics } from './emulators/provision-messaging.ts';
import { provisionTables } from './emulators/provision-tables.ts';
import type { PublishedMessage } from './emulators/queue-and-topic-emulator.ts';
import { startControlEndpoint } from './lambda/control-endpoint.ts';
import { startMappings } from './lambda/event-source-mappings.ts';
import { createInvocationCounts } from './lambda/invocation-counts.ts';
import { openPositions } from './lambda/positions.ts';
import { provisionFunctions } from './lambda/provision-functions.ts';
import { startSchedules } from './lambda/schedules.ts';
import { startStreamTrimming } from './lambda/stream-trimming.ts';
import { type VirtualClock, withClockInStreams } from './lambda/virtual-clock.ts';
import { synthesize } from './stack/assembly.ts';
import type { Endpoints } from './stack/emulated-cloud.ts';
import { createResolver, type Resolver, type Template } from './stack/template.ts';
import { createStopList, type StopList } from './stop-list.ts';

export interface LocalRunOptions {
  /** Of SQS and SNS; 0 for any free one. */
  readonly port: number;
  /** Of DynamoDB; 0 for any free one. */
  readonly dynamoDbPort: number;
  /** Where everything is kept. */
  readonly dir: string;
  /** Whether to begin with nothing, instead of what was kept. */
  readonly fresh: boolean;
  /** Another DynamoDB to use instead of the bundled emulator. Its data is not kept in `dir`. */
  readonly dynamoDbEndpoint?: string | undefined;
  /** Where the stack's options and settings are read. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Called for each outgoing message as it is published. */
  readonly onMessage?: ((message: PublishedMessage) => void) | undefined;
  /** For people: one line about what went wrong. */
  readonly onTrouble?: ((line: string) => void) | undefined;
  /** What the functions take for the emulators, e.g. a proxy in front of them that lets calls fail. */
  readonly endpointsOfFunctions?: ((emulators: Endpoints) => Promise<Endpoints>) | undefined;
  /** The clock that the functions see; the machine's if not given. */
  readonly clock?: VirtualClock | undefined;
  /** Makes the stack in a folder; tests give stacks of their own. */
  readonly synthesizeStack?: typeof synthesize | undefined;
}

export interface LocalRun extends Endpoints {
  /** The stack's outputs, by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The file with the outputs and endpoints. */
  readonly outputsFile: string;
  readonly logsFolder: string;
  /** Resolves with what went wrong if the local run can't go on. It is still to be stopped then. */
  readonly whenBroken: Promise<Error>;
  /** Invokes what the stack's schedules invoke, now; resolves when that has ended. */
  readonly fireSchedules: () => Promise<void>;
  /** Resolves when nothing is under way any more, neither in queues and streams nor in a function. */
  readonly untilAtRest: () => Promise<void>;
  /** Finishes what is under way and ends; everything else is kept for the next start. */
  readonly stop: () => Promise<void>;
}

/** How long stopping waits for what is under way between the functions; what is left then waits for the next start. */
const DRAIN_PATIENCE_MS = 3_000;

/**
 * Starts the local run. Everything is ready, and told in the outputs file, when this resolves.
 * @throws {StartError} with a sentence for the person who started it
 */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const started = createStopList();
  try {
    return await startAll(options, started);
  } catch (error) {
    await started.stopAll();
    throw error;
  }
}

async function startAll(options: LocalRunOptions, started: StopList): Promise<LocalRun> {
  const { environment = process.env, onTrouble = () => {} } = options;
  const onFunctionTrouble = (label: string, sentence: string) => onTrouble(`${label} ${sentence}`);

  const folder = openDataFolder(options.dir, options);
  started.add(folder.release);
  const { paths } = folder;
  const positions = openPositions(paths.positions);
  started.add(positions.close);
  const synthesis = startSynthesis(options, paths.assembly, environment, started);
  const { endpoints, messaging, tables } = await startEmulators(options, folder, started);

  const assembly = await synthesis;
  const { template, stackName } = assembly;
  const resolver = createResolver(stackName);
  const queues = provisionQueues(template, stackName, messaging, resolver);
  provisionTopics(template, stackName, messaging, resolver);
  await provisionTables(template, stackName, tables.client, resolver);
  const records = tables.openStreamRecords(started);
  const functions = await provisionFunctions(
    assembly,
    {
      ...((await options.endpointsOfFunctions?.(endpoints)) ?? endpoints),
      logs: paths.logs,
      clockMemory: options.clock?.memory,
      onLoggedError: (label, line) => onFunctionTrouble(label, `logged ${line.trim()}`),
    },
    resolver,
  );
  started.add(() => Promise.all([...functions.values()].map((running) => running.stop())));
  const counts = createInvocationCounts();
  const counted = new Map(Array.from(functions, ([name, target]) => [name, counts.watch(name, target)]));

  const parts = { template, resolver, queues, functions: counted, positions, onTrouble: onFunctionTrouble };
  const mappings = await startMappings({
    ...parts,
    client: options.clock === undefined ? tables.client : withClockInStreams(tables.client, options.clock),
  });
  const ending = new AbortController();
  started.add(() => ending.abort());
  started.add(() => mappings.stopStreams(DRAIN_PATIENCE_MS));
  started.add(mappings.stopQueues);
  if (records !== undefined) {
    started.add(startStreamTrimming(records, mappings.streams));
  }
  const schedules = startSchedules({ ...parts, functions: counted.values() });
  started.add(() => Promise.all(schedules.map((schedule) => schedule.stop())));
  const control = await startControlEndpoint({ mappings: mappings.controls, schedules, counts });
  started.add(control.stop);

  const outputs = outputsOf(template, resolver);
  started.add(() => rmSync(paths.outputs, { force: true }));
  const { endpoint: Endpoint, dynamoDbEndpoint: DynamoDbEndpoint } = endpoints;
  const LambdaEndpoint = control.endpoint;
  writeOutputs(paths.outputs, stackName, { ...outputs, Endpoint, DynamoDbEndpoint, LambdaEndpoint });
  return {
    ...endpoints,
    outputs,
    outputsFile: paths.outputs,
    logsFolder: paths.logs,
    whenBroken: tables.whenBroken,
    fireSchedules: async () => void (await Promise.all(schedules.map((schedule) => schedule.fire()))),
    untilAtRest: () => mappings.untilAtRest(ending.signal),
    stop: started.stopAll,
  };
}

function startSynthesis(
  { synthesizeStack = synthesize }: LocalRunOptions,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  started: StopList,
): ReturnType<typeof synthesize> {
  const stopping = new AbortController();
  const synthesis = synthesizeStack(folder, environment, stopping.signal);
  // If something else fails first, nobody waits for this; and it must not write into the folder of the next local run.
  const settled = synthesis.catch(() => undefined);
  started.add(async () => {
    stopping.abort();
    await settled;
  });
  return synthesis;
}

function outputsOf(template: Template, resolver: Resolver): Record<string, string> {
  const outputs = Object.entries(template.Outputs ?? {});
  return Object.fromEntries(outputs.map(([name, { Value }]) => [name, String(resolver.resolve(Value))]));
}

/** Whoever sees the file sees all of it. */
function writeOutputs(file: string, stackName: string, outputs: Readonly<Record<string, string>>): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify({ [stackName]: outputs }, null, 2)}\n`);
  renameSync(draft, file);
}
