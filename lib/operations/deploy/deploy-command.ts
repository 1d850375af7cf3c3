/** `npm run deploy`: deploys the stack, unless that would lose a table or a queue. */

import {
  CloudFormationClient,
  GetTemplateCommand,
  SetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OperatorError, operatorCommand } from '../operator-command.ts';
import { runCdk } from './cdk-cli.ts';
import { type DeploymentTools, deployGuarded } from './guarded-deployment.ts';
import { readConcurrency } from './reserve-check.ts';
import { readSynthesizedStacks } from './synthesized-stack.ts';
import type { Template } from './template-losses.ts';

const ASSEMBLY_FOLDER = 'cdk.out';
const OUTPUTS_FILE = 'cdk.out/outputs.json';

const HELP = `Deploys the stack with the CDK, and refuses a change that would delete or replace a table or a queue.

  npm run deploy -- [-c name=value …] [--dry-run] [--let-go ID,ID]

Options and settings come from the context (-c, or cdk.json) or the environment. Where to: AWS_PROFILE and AWS_REGION. Before
it deploys, it shows the difference, and looks whether the account can reserve the concurrency that is asked for. Afterwards a stack policy has CloudFormation itself refuse such changes. A disposable
stack is deployed without any of this.

  -c, --context NAME=VALUE  an option or a setting; may be repeated
  --dry-run                 only show the difference, and what would be lost
  --let-go ID,ID            tables and queues, by logical ID, that may be deleted or replaced this time
  --require-approval WHEN   never, broadening or any-change, as cdk deploy has it
  --help                    show this

It writes ${OUTPUTS_FILE}. Exit code: 0 when it is deployed, 1 when a table or queue would be lost, 2 when it failed.
`;

export const runDeployCommand = operatorCommand({
  help: HELP,
  flags: {
    context: { type: 'string', short: 'c', multiple: true },
    'dry-run': { type: 'boolean' },
    'let-go': { type: 'string' },
    'require-approval': { type: 'string' },
  },
  run: async (flags, output) => {
    const client = new CloudFormationClient({});
    const lambda = new LambdaClient({ maxAttempts: 2 });
    try {
      // The CLI and this client must mean the same place.
      const region = await client.config.region();
      const environment = { AWS_REGION: region, AWS_DEFAULT_REGION: region };
      const approval = flags['require-approval'];
      const cdk = (...args: string[]) => runCdk([...args, '--app', ASSEMBLY_FOLDER], environment);
      const tools: DeploymentTools = {
        synthesize: async () => {
          const context = (flags.context ?? []).flatMap((each) => ['--context', each]);
          if (!(await runCdk(['synth', '--quiet', '--output', ASSEMBLY_FOLDER, ...context], environment))) {
            throw new OperatorError('The stack could not be synthesized; the reason is above.');
          }
          return readSynthesizedStacks(ASSEMBLY_FOLDER);
        },
        ...cloudFormation(client),
        readConcurrency: () => readConcurrency(lambda),
        showDifference: async () => {
          if (!(await cdk('diff'))) {
            throw new OperatorError('The difference could not be shown; the reason is above.');
          }
        },
        deploy: () =>
          cdk(
            ...['deploy', '--all', '--outputs-file', OUTPUTS_FILE],
            ...(approval === undefined ? [] : ['--require-approval', approval]),
          ),
      };
      const released = (flags['let-go'] ?? '').split(',').filter((id) => id !== '');
      return await deployGuarded(tools, { released, isDryRun: flags['dry-run'] ?? false }, output);
    } finally {
      client.destroy();
      lambda.destroy();
    }
  },
});

function cloudFormation(
  client: CloudFormationClient,
): Pick<DeploymentTools, 'deployedTemplate' | 'setStackPolicy'> {
  return {
    deployedTemplate: async (StackName) => {
      try {
        const { TemplateBody = '' } = await client.send(
          new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
        );
        return JSON.parse(TemplateBody) as Template;
      } catch (error) {
        const { name, message } = error as Error;
        if (name === 'ValidationError' && message.includes('does not exist')) {
          return undefined;
        }
        throw error;
      }
    },
    setStackPolicy: async (StackName, StackPolicyBody) => {
      await client.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }));
    },
  };
}
