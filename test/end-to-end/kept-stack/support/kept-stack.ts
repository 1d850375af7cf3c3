/**
 * A stack that is deployed with `npm run deploy` as one that is kept: protected, and not disposable. Only on an emulator, since what is kept
 * has to be removed by hand.
 */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { findFreePort } from '../../../../lib/local/emulators/ports.ts';
import type { CommandResult } from '../../support/commands.ts';
import { ProjectCopy } from './project-copy.ts';
import type { RecordedCall, Recording } from './recorded-aws.ts';

/** The AWS CLI, where it is installed. */
export const AWS_PROGRAM: string | undefined =
  spawnSync('bash', ['-c', 'aws --version >/dev/null 2>&1 && command -v aws'], {
    encoding: 'utf8',
  }).stdout.trim() || undefined;

export const EMULATOR: string | undefined = process.env.AWS_ENDPOINT_URL || undefined;

/** What MiniStack 1.5.33 can't do, by service and operation. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'sqs start-message-move-task': 'it knows no such action',
};

const WAIT_SECONDS = 60;

export class KeptStack {
  readonly name = `Kept${randomBytes(4).toString('hex')}`;
  readonly project: ProjectCopy;
  readonly #calls: string;
  readonly #programs: string;
  #closedEndpoint = '';
  /** The emulator restores the present, whatever the instant; so a restore takes these, by table. */
  backups: Readonly<Record<string, string>> = {};

  constructor() {
    const { E2E_OUTPUTS_FILE, APP_DISPOSABLE, ...environment } = process.env;
    this.project = new ProjectCopy({
      ...environment,
      APP_STACK_NAME: this.name,
      // The emulator has no CodeDeploy.
      APP_TRAFFIC_SHIFT: 'at-once',
      APP_ACCOUNT_UPDATE_DELAY_SECONDS: '2',
      APP_SYNTHETIC_PAYMENT_MINUTES: '0',
      CI: 'true',
    });
    this.#calls = join(this.project.folder, 'aws-calls.jsonl');
    this.#programs = join(this.project.folder, 'programs');
    writeFileSync(this.#calls, '');
    mkdirSync(this.#programs);
    const stand = join(this.#programs, 'aws');
    const recorder = join(import.meta.dirname, 'recorded-aws.ts');
    writeFileSync(stand, `#!/usr/bin/env bash\nexec '${process.execPath}' '${recorder}' "$@"\n`);
    chmodSync(stand, 0o755);
  }

  /** Runs a script of the guide in the project's folder, where `aws` is recorded. */
  async run(script: string, variables: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    this.#closedEndpoint ||= `http://127.0.0.1:${await findFreePort()}`;
    const recording: Recording = {
      program: AWS_PROGRAM ?? '',
      endpoint: EMULATOR ?? '',
      closedEndpoint: this.#closedEndpoint,
      exceptions: EXCEPTIONS,
      backups: this.backups,
      file: this.#calls,
    };
    return this.project.run(script, {
      ...variables,
      PATH: [this.#programs, process.env.PATH].join(delimiter),
      RECORDED_AWS: JSON.stringify(recording),
    });
  }

  /** @throws {Error} with what it said, when it fails */
  async mustRun(script: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { status, stdout, stderr } = await this.run(script, variables);
    if (status !== 0) {
      throw new Error(`${script}\nStatus ${status}: ${stderr.slice(-4000)}\n${stdout.slice(-2000)}`);
    }
    return stdout;
  }

  /** All calls of `aws` so far. */
  awsCalls(): RecordedCall[] {
    const lines = readFileSync(this.#calls, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  }

  outputs(): Readonly<Record<string, string>> {
    const file = readFileSync(join(this.project.folder, 'cdk.out', 'outputs.json'), 'utf8');
    return JSON.parse(file)[this.name];
  }

  /** With all tables whose names begin with the stack's. */
  async remove(): Promise<void> {
    const cloudFormation = new CloudFormationClient({});
    const dynamoDb = new DynamoDBClient({});
    const StackName = this.name;
    await cloudFormation.send(
      new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
    );
    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete(
      { client: cloudFormation, maxWaitTime: WAIT_SECONDS, minDelay: 1 },
      { StackName },
    );
    const { TableNames = [] } = await dynamoDb.send(new ListTablesCommand({}));
    for (const TableName of TableNames.filter((name) => name.startsWith(this.name))) {
      await dynamoDb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      await dynamoDb.send(new DeleteTableCommand({ TableName }));
    }
    this.project.remove();
  }
}
