/** What every tool for operators needs of a stack: its outputs, and clients of its tables, queues and topics. */

import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '../protocol/routing.ts';
import { type EventTopics, snsEventTopics } from '../shell/event-topics.ts';
import { type AwsPlace, openTables, type TableAccess } from '../storage/table-access.ts';
import { DEFAULT_OUTPUTS_FILE, placeOf, readStackOutputs, type StackOutputs } from './stack-outputs.ts';

/** The flags with which a stack is chosen; each tool has them. */
export const STACK_FLAGS = {
  outputs: { type: 'string', default: DEFAULT_OUTPUTS_FILE },
  stack: { type: 'string' },
  endpoint: { type: 'string' },
} as const;

export const STACK_HELP = `  --outputs FILE           the stack's outputs (default ${DEFAULT_OUTPUTS_FILE}, of the local run;
                           otherwise what cdk deploy --outputs-file wrote)
  --stack NAME             which stack, if the file has several
  --endpoint URL           where AWS's services answer, if neither in AWS nor in a local run`;

export interface StackFlags {
  readonly outputs: string;
  readonly stack?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** Clients are made when they are first asked for, and all closed together. */
export class StackTools {
  readonly outputs: StackOutputs;
  readonly #flags: StackFlags;
  readonly #closings: (() => void)[] = [];

  /** @throws {OperatorError} when there are no such outputs */
  constructor(flags: StackFlags) {
    this.outputs = readStackOutputs(flags.outputs, flags.stack);
    this.#flags = flags;
  }

  openTables(): TableAccess {
    const access = openTables(this.tablesPlace, {
      accounts: this.outputs.get('AccountsTableName'),
      transfers: this.outputs.get('TransfersTableName'),
    });
    this.#closings.push(access.close);
    return access;
  }

  openTopics(): EventTopics {
    const client = new SNSClient(this.#messagingPlace);
    this.#closings.push(() => client.destroy());
    const arns: Record<Topic, string> = {
      to_creditors: this.outputs.get('ToCreditorsTopicArn'),
      to_debtors: this.outputs.get('ToDebtorsTopicArn'),
      to_coordinators: this.outputs.get('ToCoordinatorsTopicArn'),
    };
    return snsEventTopics(client, arns);
  }

  openQueues(): SQSClient {
    const client = new SQSClient(this.#messagingPlace);
    this.#closings.push(() => client.destroy());
    return client;
  }

  get tablesPlace(): AwsPlace {
    return this.#placeOf('DynamoDbEndpoint');
  }

  /** Of Lambda, EventBridge and CloudWatch. */
  get lambdaPlace(): AwsPlace {
    return this.#placeOf('LambdaEndpoint');
  }

  get #messagingPlace(): AwsPlace {
    return this.#placeOf('Endpoint');
  }

  #placeOf(output: string): AwsPlace {
    const { outputs } = this;
    return placeOf(outputs.region, outputs.find(output), this.#flags.endpoint, process.env);
  }

  close(): void {
    for (const close of this.#closings) {
      close();
    }
  }
}
