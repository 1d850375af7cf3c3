/** What the tools for operators need of a stack: its outputs, and clients of its tables, streams, queues and topics. */

import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '../protocol/routing.ts';
import { type EventTopics, snsEventTopics } from '../shell/event-topics.ts';
import { type OperationSettings, parseSettings } from '../shell/settings.ts';
import type { TableNames } from '../storage/ledger-store.ts';
import { StreamReader } from '../storage/stream-reader.ts';
import { type AwsPlace, openTables, type TableAccess } from '../storage/table-access.ts';
import { OperatorError } from './operator-command.ts';
import { DEFAULT_OUTPUTS_FILE, placeOf, readStackOutputs, StackOutputs } from './stack-outputs.ts';

/** The flags that choose a stack; each tool has them. */
export const STACK_FLAGS = {
  outputs: { type: 'string' },
  stack: { type: 'string' },
  endpoint: { type: 'string' },
} as const;

export const STACK_HELP = `  --outputs FILE           the stack's outputs (default ${DEFAULT_OUTPUTS_FILE}, of the local run;
                           otherwise the one that npm run deploy wrote, cdk.out/outputs.json)
  --stack NAME             which stack, if the file has several
  --endpoint URL           where AWS's services answer, if neither in AWS nor in a local run`;

export interface StackFlags {
  readonly outputs?: string | undefined;
  readonly stack?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Of the audit, which may read a restored copy instead of the stack's own tables. */
  readonly region?: string | undefined;
  readonly 'accounts-table'?: string | undefined;
  readonly 'transfers-table'?: string | undefined;
}

/** Lends the stack's clients to `work`, and closes them afterwards. @throws {OperatorError} when there are no such outputs */
export async function withStack<T>(flags: StackFlags, work: (stack: StackTools) => Promise<T>): Promise<T> {
  const stack = new StackTools(flags);
  try {
    return await work(stack);
  } finally {
    stack.close();
  }
}

/** Makes clients when they are asked for, and closes them all together. */
export class StackTools {
  readonly outputs: StackOutputs;
  readonly #flags: StackFlags;
  readonly #needsNone: boolean;
  readonly #closings: (() => void)[] = [];

  constructor(flags: StackFlags) {
    const { outputs, stack, 'accounts-table': accounts, 'transfers-table': transfers } = flags;
    this.#needsNone = outputs === undefined && accounts !== undefined && transfers !== undefined;
    this.outputs = this.#needsNone
      ? new StackOutputs('no file', {})
      : readStackOutputs(outputs ?? DEFAULT_OUTPUTS_FILE, stack);
    this.#flags = flags;
  }

  /** @throws {OperatorError} when the outputs lack a table that no flag names */
  get tableNames(): TableNames {
    return {
      accounts: this.#flags['accounts-table'] ?? this.outputs.get('AccountsTableName'),
      transfers: this.#flags['transfers-table'] ?? this.outputs.get('TransfersTableName'),
    };
  }

  /**
   * The settings that the stack's functions have; of tables that belong to no stack, those of this process's environment.
   * @throws {OperatorError} when the outputs lack them
   */
  get settings(): OperationSettings {
    return parseSettings(this.#needsNone ? process.env : parseEnvironment(this.outputs.get('Settings')));
  }

  /** @throws {OperatorError} when the outputs lack one */
  get topicArns(): Readonly<Record<Topic, string>> {
    return {
      to_creditors: this.outputs.get('ToCreditorsTopicArn'),
      to_debtors: this.outputs.get('ToDebtorsTopicArn'),
      to_coordinators: this.outputs.get('ToCoordinatorsTopicArn'),
    };
  }

  openTables(): TableAccess {
    const access = openTables(this.#placeOf('DynamoDbEndpoint'), this.tableNames);
    this.#closings.push(access.close);
    return access;
  }

  openStreams(): StreamReader {
    const streams = new StreamReader(this.#placeOf('DynamoDbEndpoint'));
    this.#closings.push(() => streams.close());
    return streams;
  }

  openTopics(): EventTopics {
    return snsEventTopics(this.openNotifications(), this.topicArns);
  }

  openNotifications(): SNSClient {
    const client = new SNSClient(this.#placeOf('Endpoint'));
    this.#closings.push(() => client.destroy());
    return client;
  }

  openQueues(): SQSClient {
    const client = new SQSClient(this.#placeOf('Endpoint'));
    this.#closings.push(() => client.destroy());
    return client;
  }

  /** Of Lambda, EventBridge and CloudWatch. */
  get lambdaPlace(): AwsPlace {
    return this.#placeOf('LambdaEndpoint');
  }

  #placeOf(output: 'DynamoDbEndpoint' | 'Endpoint' | 'LambdaEndpoint'): AwsPlace {
    const { region, endpoint: chosen } = this.#flags;
    const { outputs } = this;
    return placeOf({ region: region ?? outputs.region, local: outputs.find(output), chosen }, process.env);
  }

  close(): void {
    for (const close of this.#closings) {
      close();
    }
  }
}

/** @throws {OperatorError} when the text is anything but a table of texts */
function parseEnvironment(text: string): Readonly<Record<string, string>> {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null) {
      return values as Readonly<Record<string, string>>;
    }
  } catch {
    // Reported below, together with JSON of another form.
  }
  throw new OperatorError(
    `The stack's output Settings is ${JSON.stringify(text)}; it must be a JSON object.`,
  );
}
