/** Where the tests' stack is deployed to: an AWS account, or whatever answers at AWS_ENDPOINT_URL. */

import { SQSClient } from '@aws-sdk/client-sqs';
import { DeploymentError } from './deployment-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Target {
  /** In words. */
  readonly name: string;
  /** An emulator is bootstrapped without asking; an AWS account belongs to somebody. */
  readonly isEmulator: boolean;
  /** The environment that directs the CDK CLI and the SDK there. */
  readonly environment: Environment;
}

/** Emulators accept any credentials, but the SDK needs some. */
const ANYBODY = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
};

/** @throws {DeploymentError} when it is not possible to deploy there */
export async function findTarget(environment: Environment): Promise<Target> {
  const endpoint = environment.AWS_ENDPOINT_URL;
  if (endpoint === undefined || endpoint === '') {
    return findAccount(environment);
  }
  if (!(await isAnswering(endpoint))) {
    throw new DeploymentError(`Nothing answers at ${endpoint} (AWS_ENDPOINT_URL).`);
  }
  return { name: endpoint, isEmulator: true, environment: { ...ANYBODY, ...environment } };
}

const PATIENCE_MS = 5_000;

async function isAnswering(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}

async function findAccount(environment: Environment): Promise<Target> {
  const { config } = new SQSClient({});
  const region = await config.region().catch(() => undefined);
  const credentials = await config.credentials().catch(() => undefined);
  if (credentials === undefined) {
    throw new DeploymentError(
      'There are no AWS credentials, and AWS_ENDPOINT_URL names no other place to deploy to.',
    );
  }
  if (region === undefined) {
    throw new DeploymentError('No region is chosen; set AWS_REGION.');
  }
  return {
    name: `AWS, ${region}`,
    isEmulator: false,
    environment: { ...environment, AWS_REGION: region, AWS_DEFAULT_REGION: region },
  };
}
