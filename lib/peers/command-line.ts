/** The door to the listener: what its environment says, and the signals that end it. */

import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parseIdentity } from './identity.ts';
import { startListenerProcess } from './listener/listener-process.ts';
import { bucketSource, folderSource, type NetworkSource } from './listener/network-source.ts';
import { storeInQueue } from './listener/queue-store.ts';
import { reportLines } from './listener/report-lines.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Messages under way are stored, or given up, long before this. */
const STOPPING_MS = 60_000;

/** Runs the listener until SIGTERM or SIGINT. The variables are those that the listener's stack sets. */
export async function runListener(environment: Environment): Promise<void> {
  const stackName = required(environment, 'STACK_NAME');
  const queues = required(environment, 'QUEUE_URL_BASE');
  const sqs = new SQSClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } });
  const running = await startListenerProcess({
    identity: parseIdentity(required(environment, 'STOMP_IDENTITY')),
    source: sourceOf(environment),
    store: (name, bodies) => storeInQueue(sqs, queues + name, bodies),
    stackName,
    port: Number(required(environment, 'PORT')),
    healthPort: Number(required(environment, 'HEALTH_PORT')),
    reports: reportLines({
      namespace: required(environment, 'METRICS_NAMESPACE'),
      stackName,
      print: (line) => process.stdout.write(`${line}\n`),
      now: Date.now,
    }),
  });
  const stopped = Promise.withResolvers<void>();
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOPPING_MS).unref();
    running.stop().then(stopped.resolve, stopped.reject);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await stopped.promise;
}

function sourceOf(environment: Environment): NetworkSource {
  const { NODE_FOLDER } = environment;
  return NODE_FOLDER === undefined
    ? bucketSource(new S3Client({}), required(environment, 'NODE_BUCKET'))
    : folderSource(NODE_FOLDER);
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new Error(`The listener's environment lacks ${name}.`);
  }
  return value;
}
