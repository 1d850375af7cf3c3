/**
 * The local run: the synthesized stack on emulators of AWS's services, with its functions in this process. Starting is a
 * list of steps; stopping undoes them from last to first.
 */

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunningConsole } from '../operations/console/console.ts';
import { Feed } from '../operations/console/feed.ts';
import type { FeedEvent } from '../operations/console/feed-event.ts';
import { NO_PROGRESS } from '../operations/progress.ts';
import { openDataFolder } from './data-folder.ts';
import { type EmulatorOptions, startEmulators } from './emulators/emulators.ts';
import { listenOn } from './emulators/ports.ts';
import { provisionQueues, provisionSubscriptions, provisionTopics } from './emulators/provision-messaging.ts';
import { provisionTables } from './emulators/provision-tables.ts';
import type { LocalQueue } from './emulators/queue-and-topic-emulator.ts';
import { openStreamRecords } from './emulators/stream-records.ts';
import {
  eventOfLogged,
  eventOfPublished,
  eventOfQueued,
  type WatchedQueues,
  watchedQueues,
} from './events.ts';
import { startControlEndpoint } from './lambda/control-endpoint.ts';
import { startMappings } from './lambda/event-source-mappings.ts';
import { createFaults, type Faults } from './lambda/faults.ts';
import { createInvocationCounts } from './lambda/invocation-counts.ts';
import { openPositions } from './lambda/positions.ts';
import { provisionFunctions } from './lambda/provision-functions.ts';
import { startSchedules } from './lambda/schedules.ts';
import { startStreamTrimming } from './lambda/stream-trimming.ts';
import { type ClockAhead, type VirtualClock, withClockInStreams } from './lambda/virtual-clock.ts';
import { synthesize } from './stack/assembly.ts';
import { type Endpoints, REGION } from './stack/emulated-cloud.ts';
import { outputsByStack } from './stack/peer-templates.ts';
import { Stack } from './stack/template.ts';
import { openStompDoor, type PeersWish, variablesOfPeers } from './stomp-door.ts';
import { StopList } from './stop-list.ts';

export interface LocalRunOptions extends EmulatorOptions {
  /** The folder for all data. */
  readonly dir: string;
  /** Holds the stack's options and settings. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Hears of each message, and of those without effect. */
  readonly onEvent?: ((event: FeedEvent) => void) | undefined;
  /** For people: one line about what went wrong. */
  readonly onTrouble?: ((line: string) => void) | undefined;
  /** The endpoints that the functions get, such as a proxy in front of the emulators that makes calls fail. */
  readonly endpointsOfFunctions?: ((emulators: Endpoints) => Promise<Endpoints>) | undefined;
  /** The clock that the functions see; the machine's if it is omitted. */
  readonly clock?: VirtualClock | undefined;
  /** The network, if the authority has peers. */
  readonly peers?: PeersWish | undefined;
  /** Where the console is to be; there is none if it is omitted. */
  readonly console?: { readonly clock: ClockAhead; readonly port: number } | undefined;
  /** Synthesizes the stack in a folder; tests give stacks of their own. */
  readonly synthesizeStack?: typeof synthesize | undefined;
}

export interface LocalRun extends Endpoints {
  /** The stack's outputs, by their names. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The file with the outputs and endpoints. */
  readonly outputsFile: string;
  readonly logsFolder: string;
  /** The port to which peers connect. */
  readonly stompPort: number | undefined;
  /** Where the console is, if there is one. */
  readonly consoleUrl: string | undefined;
  /** Resolves with the reason if the local run can't go on. It must still be stopped then. */
  readonly whenBroken: Promise<Error>;
  /** Fires all of the stack's schedules now; resolves when the invocations have ended. */
  readonly fireSchedules: () => Promise<void>;
  /** Resolves when queues, streams and functions have nothing left to do. */
  readonly untilAtRest: () => Promise<void>;
  /** Does to the functions what AWS may do to them. */
  readonly faults: Faults;
  /** Finishes the work under way, and keeps everything else for the next start. */
  readonly stop: () => Promise<void>;
}

/** How long stopping waits until the streams are read; records that are left wait for the next start. */
const DRAIN_PATIENCE_MS = 3_000;

/**
 * Starts the local run. When this resolves, everything is ready and the outputs file is written.
 * @throws {StartError} with a sentence for the person who started it
 */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const started = new StopList();
  try {
    return await startAll(options, started);
  } catch (error) {
    await started.stopAll();
    throw error;
  }
}

async function startAll(options: LocalRunOptions, started: StopList): Promise<LocalRun> {
  const { onTrouble = () => {} } = options;
  const onFunctionTrouble = (label: string, sentence: string) => onTrouble(`${label} ${sentence}`);

  const folder = openDataFolder(options.dir, options);
  started.add(folder.release);
  const { paths } = folder;
  const positions = openPositions(paths.positions);
  started.add(positions.close);
  const synthesis = startSynthesis(options, paths.assembly, started);
  const watched: { queues: WatchedQueues } = { queues: watchedQueues({}) };
  const clockTime = () => options.clock?.now() ?? Date.now();
  const feed = new Feed(clockTime);
  const emit = (event: FeedEvent | undefined) => {
    if (event !== undefined) {
      options.onEvent?.(event);
      feed.add(event);
    }
  };
  const emulatorOptions: EmulatorOptions = {
    ...options,
    onMessage: (message) => {
      options.onMessage?.(message);
      emit(eventOfPublished(message));
    },
    onQueued: (message) => emit(eventOfQueued(message, watched.queues)),
  };
  const { endpoints, messaging, tables } = await startEmulators(emulatorOptions, folder, started);

  const { stackName, peerStackNames, template, codeFolders } = await synthesis;
  const stack = new Stack(stackName, template);
  const queues = provisionQueues(stack, messaging);
  provisionTopics(stack, messaging);
  provisionSubscriptions(stack, messaging);
  await provisionTables(stack, tables);
  const records = tables.databaseFile === undefined ? undefined : openStreamRecords(tables.databaseFile);
  started.add(() => records?.close());
  const functionSurroundings = {
    ...((await options.endpointsOfFunctions?.(endpoints)) ?? endpoints),
    codeFolders,
    logs: paths.logs,
    extraVariables: variablesOfPeers(options.peers),
    clockMemory: options.clock?.memory,
    onLogged: (label: string, line: string) => {
      if (line.includes('"level":"ERROR"')) {
        onFunctionTrouble(label, `logged ${line.trim()}`);
      }
      emit(eventOfLogged(label, line));
    },
  };
  const counts = createInvocationCounts();
  const faults = createFaults({
    // The terminal hears of a kill as trouble.
    onFault: (functionLabel, sentence) => feed.add({ kind: 'fault', functionLabel, sentence }),
  });
  const provisioned = await provisionFunctions(stack, functionSurroundings, started);
  const functions = faults.watchAll(counts.watchAll(provisioned));

  const parts = { queues, functions, positions, onTrouble: onFunctionTrouble };
  const mappings = await startMappings(stack, {
    ...parts,
    now: clockTime,
    client: options.clock === undefined ? tables.client : withClockInStreams(tables.client, options.clock),
  });
  const ending = new AbortController();
  started.add(() => ending.abort());
  started.add(() => mappings.stopStreams(DRAIN_PATIENCE_MS));
  started.add(mappings.stopQueues);
  if (records !== undefined) {
    started.add(startStreamTrimming(records, mappings.streams));
  }
  const schedules = startSchedules(stack, parts);
  started.add(() => Promise.all(schedules.map((schedule) => schedule.stop())));
  const control = await startControlEndpoint({ mappings: mappings.controls, schedules, counts });
  started.add(control.stop);

  const stompPort =
    options.peers &&
    (await openStompDoor(
      options.peers,
      { ...endpoints, stackName, onTrouble, now: () => options.clock?.now() ?? Date.now() },
      started,
    ));
  const outputs = stack.outputs();
  watched.queues = watchedQueues(outputs);
  started.add(() => rmSync(paths.outputs, { force: true }));
  const localRun = {
    ...endpoints,
    outputs,
    stompPort,
    outputsFile: paths.outputs,
    logsFolder: paths.logs,
    whenBroken: tables.whenBroken,
    fireSchedules: async () => void (await Promise.all(schedules.map((schedule) => schedule.fire()))),
    faults,
    untilAtRest: () => mappings.untilAtRest(ending.signal),
    stop: () => started.stopAll(),
  };
  const { endpoint: Endpoint, dynamoDbEndpoint: DynamoDbEndpoint } = endpoints;
  const LambdaEndpoint = control.endpoint;
  const incoming = [...queues.values()].find(({ url }) => url === outputs.IncomingQueueUrl);
  const page = await startOwnConsole(options, { ...localRun, feed, send: incoming?.send }, started);
  const ofRun = { Endpoint, DynamoDbEndpoint, LambdaEndpoint, ...(page && { ConsoleUrl: page.url }) };
  writeOutputs(paths.outputs, outputsByStack({ ...outputs, ...ofRun }, [stackName, ...peerStackNames]));
  return { ...localRun, consoleUrl: page?.url };
}

/** Loaded only where it is wanted, since the local run starts sooner without the AWS SDK and the bundler. */
async function startOwnConsole(
  { console: wanted }: LocalRunOptions,
  { send, ...parts }: Omit<LocalRun, 'consoleUrl'> & { feed: Feed; send: LocalQueue['send'] | undefined },
  started: StopList,
): Promise<RunningConsole | undefined> {
  if (wanted === undefined || send === undefined) {
    return undefined;
  }
  const [{ startConsole }, { openTables }, { consoleActions }] = await Promise.all([
    import('../operations/console/console.ts'),
    import('../storage/table-access.ts'),
    import('./console-actions.ts'),
  ]);
  const { AccountsTableName: accounts = '', TransfersTableName: transfers = '' } = parts.outputs;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const place = { endpoint: parts.dynamoDbEndpoint, region: REGION, credentials };
  const tables = openTables(place, { accounts, transfers });
  started.add(tables.close);
  const { clock } = wanted;
  const actions = consoleActions({ ...parts, send, clock });
  const wish = { port: wanted.port, flag: '--console-port', patienceMs: 0 } as const;
  const page = await listenOn(wish, (port) =>
    startConsole(port, {
      title: 'the local run of this machine',
      ...{ feed: parts.feed, actions },
      ledger: {
        reading: { reader: tables.reader, progress: NO_PROGRESS, segmentCount: 1 },
        now: () => clock.now(),
        ...{ readsTransfers: true, minPauseMs: 0 },
      },
    }),
  );
  started.add(page.stop);
  return page;
}

function startSynthesis(
  { environment: given = process.env, peers, synthesizeStack = synthesize }: LocalRunOptions,
  folder: string,
  started: StopList,
): ReturnType<typeof synthesize> {
  const stopping = new AbortController();
  const environment = peers === undefined ? given : { ...given, APP_PEERS: resolve(peers.folder) };
  const synthesis = synthesizeStack(folder, environment, stopping.signal);
  // If another step fails first, nobody awaits this one; it must still end before the next local run gets the folder.
  const settled = synthesis.catch(() => undefined);
  started.add(async () => {
    stopping.abort();
    await settled;
  });
  return synthesis;
}

/** Writes a temporary file and renames it, so that nobody reads half of it. */
function writeOutputs(file: string, stacks: ReturnType<typeof outputsByStack>): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify(stacks, null, 2)}\n`);
  renameSync(draft, file);
}
