/** The file of a stack's outputs, as the local run or a deployment wrote it: where the authority's queue and topics are. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Topic } from '../../protocol/routing.ts';
import { UsageError } from './usage-error.ts';

const LOCAL_FILE = '.local/outputs.json';
const DEPLOYED_FILE = 'cdk.out/outputs.json';

/** An authority's addresses. */
export interface AuthorityOutputs {
  readonly incomingQueueUrl: string;
  readonly topicArns: Readonly<Record<Topic, string>>;
  readonly region: string;
  /** Where SQS and SNS answer in a local run. */
  readonly endpoint: string | undefined;
  /** What the user should know about the choice of the file. */
  readonly notice: string | undefined;
  /** Where `swpt` keeps its records about this authority by default. A fresh local run deletes its own. */
  readonly storeFile: string;
}

/**
 * @param file where nothing is given, the local run's, else that of the last deployment
 * @throws {UsageError} where there is no such file, or it names no authority
 */
export function readOutputs(file: string | undefined, stackName?: string): AuthorityOutputs {
  const isOnlyDeployed = !existsSync(LOCAL_FILE) && existsSync(DEPLOYED_FILE);
  const path = file ?? (isOnlyDeployed ? DEPLOYED_FILE : LOCAL_FILE);
  const stacks = parse(path);
  const names = Object.keys(stacks);
  const name = stackName ?? (names.length === 1 ? names[0] : undefined);
  const outputs = name === undefined ? undefined : stacks[name];
  if (name === undefined || outputs === undefined) {
    throw new UsageError(`${path} has the stacks ${names.join(', ')}; choose one with --stack NAME.`);
  }
  const get = (output: string): string => {
    const value = outputs[output];
    if (value === undefined) {
      throw new UsageError(`${path} has no ${output}; name the outputs of an authority with --outputs FILE.`);
    }
    return value;
  };
  const topicArns = {
    to_creditors: get('ToCreditorsTopicArn'),
    to_debtors: get('ToDebtorsTopicArn'),
    to_coordinators: get('ToCoordinatorsTopicArn'),
  };
  const [, , , region = '', owner = ''] = topicArns.to_creditors.split(':');
  const endpoint = outputs.Endpoint;
  const storeFile =
    endpoint === undefined
      ? join('.swpt', `${name}-${owner}-${region}.sqlite`)
      : join(dirname(path), 'clients', 'swpt.sqlite');
  const notice =
    file === undefined && isOnlyDeployed ? `No local run is running; using ${DEPLOYED_FILE}.` : undefined;
  return { incomingQueueUrl: get('IncomingQueueUrl'), topicArns, region, endpoint, notice, storeFile };
}

function parse(path: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `There is no ${path}: start the local run (npm start), or name the file that npm run deploy wrote into cdk.out: --outputs FILE.`,
      { cause: error },
    );
  }
  try {
    const stacks: unknown = JSON.parse(text);
    if (isTable(stacks) && Object.values(stacks).every(isTable)) {
      return stacks as Readonly<Record<string, Readonly<Record<string, string>>>>;
    }
  } catch {
    // Reported below, together with JSON of another form.
  }
  throw new UsageError(
    `${path} is not a file of stack outputs; those look like {"<StackName>": {"<Output>": "…"}}.`,
  );
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
