/** The whole system under measurement: the benchmark's own local run, or a stack that is already running. */

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { itemClient } from '../../lib/storage/item-client.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import type { Authority } from './authority.ts';
import { HandlerLogs } from './handler-logs.ts';
import { readPrincipals } from './principals.ts';
import { cpuMsOf, findDescendant } from './process-cpu.ts';
import { connect } from './stack-client.ts';
import { readOutputs, type StackOutputs } from './stack-outputs.ts';
import type { Usage } from './usage.ts';

/** How results name it. */
export const LOCAL_RUN = 'the local run';

export interface LocalRunOptions {
  /** The local run's data folder; earlier contents are deleted. */
  readonly dir: string;
  /** The environment that the stack's options and settings are read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly updateDelaySeconds: number;
  readonly debtorPrefix: string;
  /** Where its threads, also those of the functions, write their CPU profiles when they end. */
  readonly profileFolder?: string | undefined;
}

/** Starts a local run in a separate process. */
export async function startLocalAuthority({
  dir,
  environment,
  updateDelaySeconds,
  debtorPrefix,
  profileFolder,
}: LocalRunOptions): Promise<Authority> {
  const child = fork(join(import.meta.dirname, '..', 'support', 'local-run-process.ts'), [dir], {
    env: { ...environment, APP_ACCOUNT_UPDATE_DELAY_SECONDS: `${updateDelaySeconds}` },
    execArgv: profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { outputsFile, logsFolder } = await new Promise<{ outputsFile: string; logsFolder: string }>(
    (resolve, reject) => {
      child.once('message', resolve as (message: unknown) => void);
      child.once('exit', () => reject(new Error('The local run did not start; see above.')));
    },
  );
  const logs = new HandlerLogs(logsFolder);
  const localRun = child.pid ?? 0;
  const tableEmulator = findDescendant(localRun, 'dynoxide') ?? 0;
  const usage = async (): Promise<Usage> => {
    const handlers = logs.read();
    const handlersCpu = Object.values(handlers.functions).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
    const { user, system } = process.cpuUsage();
    return {
      ...handlers,
      cpu: {
        handlers: handlersCpu,
        tableEmulator: cpuMsOf(tableEmulator),
        queueEmulator: cpuMsOf(localRun) - handlersCpu,
        clients: (user + system) / 1_000,
      },
    };
  };
  const stop = async () => {
    child.disconnect();
    await ended;
  };
  return connectTo(readOutputs(outputsFile), {
    description: LOCAL_RUN,
    updateDelaySeconds,
    debtorPrefix,
    usage,
    stop,
  });
}

/** Connects to a running stack, whose usage is unknown. */
export function connectToStack(outputs: StackOutputs, debtorPrefix: string): Promise<Authority> {
  const { endpoint = `AWS, ${outputs.messaging.region}` } = outputs.messaging;
  return connectTo(outputs, {
    description: `the stack at ${endpoint}`,
    debtorPrefix,
    usage: async () => undefined,
    stop: async () => {},
  });
}

async function connectTo(
  outputs: StackOutputs,
  options: Pick<Authority, 'description' | 'updateDelaySeconds' | 'usage' | 'stop'> & {
    readonly debtorPrefix: string;
  },
): Promise<Authority> {
  let listener = (_body: string): void => {};
  const client = await connect(outputs, options.debtorPrefix, (body) => listener(body));
  const dynamoDb = new DynamoDBClient(outputs.dynamoDb);
  const store = new LedgerStore(itemClient(dynamoDb), outputs.tables, { consumed: () => {} });
  return {
    ...options,
    send: client.send,
    listen: (onMessage) => {
      listener = onMessage;
    },
    readPrincipals: (debtorId, creditorIds) => readPrincipals(store, debtorId, creditorIds),
    countDeadLetters: client.countDeadLetters,
    stop: async () => {
      await client.close();
      dynamoDb.destroy();
      await options.stop();
    },
  };
}
