/** The names of a stack's tables, queues and topics, from the file that the deployment or the local run wrote. */

import { readFileSync } from 'node:fs';
import { peerQueuePrefix } from '../peers/queue-names.ts';
import type { AwsPlace } from '../storage/table-access.ts';
import { OperatorError } from './operator-command.ts';

/** Where the local run writes them. */
export const DEFAULT_OUTPUTS_FILE = '.local/outputs.json';

type Values = Readonly<Record<string, string>>;

export class StackOutputs {
  /** `undefined` where tables belong to no stack. */
  readonly stackName: string | undefined;
  /** Those of the stacks of its peers, by node ID. */
  readonly peers: ReadonlyMap<string, StackOutputs>;
  readonly #file: string;
  readonly #values: Values;

  constructor(
    file: string,
    values: Values,
    stack: { readonly name?: string; readonly peers?: ReadonlyMap<string, StackOutputs> } = {},
  ) {
    this.#file = file;
    this.#values = values;
    this.stackName = stack.name;
    this.peers = stack.peers ?? new Map();
  }

  find(name: string): string | undefined {
    return this.#values[name];
  }

  /** The values of all outputs with such names. */
  matching(names: RegExp): readonly string[] {
    return Object.entries(this.#values).flatMap(([name, value]) => (names.test(name) ? [value] : []));
  }

  /** @throws {OperatorError} when the stack has no such output */
  get(name: string): string {
    const value = this.#values[name];
    if (value === undefined) {
      throw new OperatorError(
        `${this.#file} has no ${name}; deploy (or start) this version of the stack, and name the file with its outputs: --outputs FILE.`,
      );
    }
    return value;
  }

  /** The region that the stack's topics are in. */
  get region(): string | undefined {
    return this.find('ToCreditorsTopicArn')?.split(':')[3];
  }
}

/**
 * Reads the file, `{"<StackName>": {…}}`.
 * @param stackName which stack's outputs, where the file has several; those of peers count with the stack that they belong to
 * @throws {OperatorError} when there is no such file or stack
 */
export function readStackOutputs(file: string, stackName: string | undefined): StackOutputs {
  const stacks = parseStacks(file);
  const names = Object.keys(stacks);
  const name =
    stackName ?? names.find((main) => names.every((each) => each === main || each.startsWith(`${main}-`)));
  const outputs = name === undefined ? undefined : stacks[name];
  if (names.length === 0) {
    throw new OperatorError(`${file} names no stack; name the file with the outputs of one: --outputs FILE.`);
  }
  if (outputs === undefined || name === undefined) {
    throw new OperatorError(`${file} has the stacks ${names.join(', ')}; choose one with --stack NAME.`);
  }
  return new StackOutputs(file, outputs, { name, peers: peersIn(file, stacks, peerQueuePrefix(name)) });
}

/** The stack of a peer is named as its queues are: by the stack that it belongs to, and by the node ID. */
function peersIn(
  file: string,
  stacks: Readonly<Record<string, Values>>,
  prefix: string,
): ReadonlyMap<string, StackOutputs> {
  return new Map(
    Object.entries(stacks)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, values]) => [name.slice(prefix.length), new StackOutputs(file, values, { name })]),
  );
}

function parseStacks(file: string): Readonly<Record<string, Values>> {
  const text = readText(file);
  try {
    const stacks: unknown = JSON.parse(text);
    if (isTableOf(stacks, (outputs) => isTableOf(outputs, (value) => typeof value === 'string'))) {
      return stacks as Readonly<Record<string, Values>>;
    }
  } catch {
    // Reported below, together with JSON of another form.
  }
  throw new OperatorError(
    `${file} is not a file of stack outputs; those look like {"<StackName>": {"<Output>": "…"}}.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'EISDIR') {
      throw new OperatorError(`${file} is a folder; name the file with the stack's outputs: --outputs FILE.`);
    }
    if (code !== 'ENOENT') {
      throw error;
    }
    throw new OperatorError(
      `There is no ${file}: start the local run (npm start), or name the file that npm run deploy wrote into cdk.out: --outputs FILE.`,
    );
  }
}

function isTableOf(value: unknown, isValue: (value: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isValue);
}

/** Emulators take any. */
const ANY_REGION = 'us-east-1';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** What decides where a service of the stack answers. */
export interface Whereabouts {
  readonly region: string | undefined;
  /** The endpoint of the service in a local run. */
  readonly local: string | undefined;
  /** An endpoint that the operator has chosen. */
  readonly chosen: string | undefined;
}

/** @param environment the variables of the process, whose keys and region count where nothing else is known */
export function placeOf(
  { region, local, chosen }: Whereabouts,
  environment: Readonly<Record<string, string | undefined>>,
): AwsPlace {
  const endpoint = chosen ?? local;
  const hasCredentials = environment.AWS_ACCESS_KEY_ID !== undefined || environment.AWS_PROFILE !== undefined;
  // A local run never gets real keys; another endpoint may need keys of its own.
  const isKeyless = endpoint !== undefined && (endpoint === local || !hasCredentials);
  const isRegionOpen = region === undefined && environment.AWS_REGION === undefined;
  return {
    ...(region !== undefined && { region }),
    ...(isRegionOpen && endpoint !== undefined && { region: ANY_REGION }),
    ...(endpoint !== undefined && { endpoint }),
    ...(isKeyless && { credentials: LOCAL_CREDENTIALS }),
  };
}
