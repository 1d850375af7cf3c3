import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  awsOperations,
  commandBlocks,
  isForDeployedStack,
  quotedCommands,
} from '../../support/guide-commands.ts';
import { configureAccount } from '../support/requests.ts';
import { printWire } from '../support/wire-json.ts';
import { scriptFor } from './support/guide-script.ts';
import { AWS_PROGRAM, EMULATOR, EXCEPTIONS, KeptStack } from './support/kept-stack.ts';

if (EMULATOR === undefined) {
  console.warn(
    'NO STACK THAT IS KEPT IS TESTED: it would stay in the AWS account (AWS_ENDPOINT_URL names no emulator).',
  );
} else if (AWS_PROGRAM === undefined) {
  console.warn("THE GUIDE'S aws COMMANDS ARE NOT TESTED: no AWS CLI is installed (pip install awscli).");
}

/** Deployments take a quarter of a minute each, and minutes on a busy machine. */
const PATIENCE_MS = 1_500_000;

/** The heading of what is run as a drill. */
const RECOVERY = 'Recovering the ledger';

describe.skipIf(EMULATOR === undefined)('A stack that is kept', () => {
  let stack: KeptStack;

  beforeAll(async () => {
    stack = new KeptStack();
    await stack.mustRun('npm run deploy');
  }, PATIENCE_MS);

  afterAll(() => stack?.remove(), PATIENCE_MS);

  it(
    'is not changed by `npm run deploy` where that would replace or delete a table',
    async () => {
      const before = await stateOf(stack);
      const undo = stack.project.edit('lib/storage/table-schema.ts', (text) =>
        text.replace("sortKey: 'transferId'", "sortKey: 'transferNumber'"),
      );
      const replaced = await stack.run('npm run --silent deploy');
      undo();
      expect([replaced.status, replaced.stdout]).toStrictEqual([
        1,
        expect.stringMatching(
          /^Transfers\w* would be replaced, since KeySchema and AttributeDefinitions change\.\nNothing was deployed\. A table or queue that is meant to go is named by --let-go ID,ID\.$/m,
        ),
      ]);
      const streams = ['accounts', 'transfers'].map(
        (name) =>
          `-c ${name}StreamArn=arn:aws:dynamodb:us-east-1:000000000000:table/${name}/stream/2027-01-15T08:00:00.000`,
      );
      const deleted = await stack.run(`npm run --silent deploy -- ${streams.join(' ')}`);
      expect([deleted.status, deleted.stdout]).toStrictEqual([
        1,
        expect.stringMatching(
          /^Accounts\w* would be deleted\.\nTransfers\w* would be deleted\.\nNothing was deployed\./m,
        ),
      ]);
      expect(await stateOf(stack)).toStrictEqual(before);
    },
    PATIENCE_MS,
  );

  it.skipIf(AWS_PROGRAM === undefined)(
    "takes every command of the operators' guide that is for a deployed stack",
    async () => {
      const blocks = commandBlocks()
        .filter(({ heading, script }) => isForDeployedStack(script) && heading !== RECOVERY)
        .map(({ script }) => script);
      const quoted = quotedCommands().filter(isWhole);
      expect([blocks.length, quoted.length]).toStrictEqual([5, 6]);
      const { stdout: functions } = await stack.run(
        `aws lambda list-functions --query "Functions[?starts_with(FunctionName, '${stack.name}')].FunctionName" --output text`,
      );
      const [aFunction = ''] = functions.split(/\s+/);
      const failed: string[] = [];
      for (const script of [...blocks, ...quoted]) {
        const { status, stderr } = await stack.run(
          scriptFor(stack.name, script, { NAME: aFunction, OLD: '1' }),
          {
            MESSAGE: printWire(configureAccount({ debtor_id: 1n, creditor_id: 0n })),
          },
        );
        if (status !== 0) {
          failed.push(`${script}\nStatus ${status}: ${stderr.slice(-2000)}`);
        }
      }
      expect(failed).toStrictEqual([]);
      const wanted = new Set([...blocks, ...quoted].flatMap(awsOperations));
      const calls = stack.awsCalls();
      const run = new Set(calls.map(({ command }) => command.split(' ').slice(0, 2).join(' ')));
      expect([...wanted].filter((operation) => !run.has(operation))).toStrictEqual([]);
      // An exception that the guide needs no more goes.
      const checked = calls.filter(({ isOnlyChecked }) => isOnlyChecked).map(({ command }) => command);
      const idle = Object.keys(EXCEPTIONS).filter(
        (operation) => !checked.some((command) => command.startsWith(operation)),
      );
      expect(idle).toStrictEqual([]);
    },
    PATIENCE_MS,
  );
});

/** Whether a quoted command is meant to be run as it is; others only name a command, or are run by other tests. */
function isWhole(command: string): boolean {
  return isForDeployedStack(command) && !/^aws [a-z]+ [a-z-]+$/.test(command);
}

/** What a deployment would change. */
async function stateOf({ name: StackName }: KeptStack) {
  const cloudFormation = new CloudFormationClient({});
  const { Stacks: [deployed] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  return {
    status: deployed?.StackStatus,
    updated: deployed?.LastUpdatedTime,
    outputs: deployed?.Outputs,
    TemplateBody,
  };
}
