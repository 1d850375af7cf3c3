import { describe, expect, it } from 'vitest';
import { type DeploymentTools, deployGuarded } from '../../../lib/operations/deploy/guarded-deployment.ts';
import type { Concurrency } from '../../../lib/operations/deploy/reserve-check.ts';
import { stackPolicy } from '../../../lib/operations/deploy/stack-policy.ts';
import type { Template } from '../../../lib/operations/deploy/template-losses.ts';

const LEDGER: Template = { Resources: { Accounts: { Type: 'AWS::DynamoDB::Table' } } };
const EMPTY: Template = { Resources: {} };

interface World {
  readonly deployed?: Template;
  readonly next: Template;
  readonly isKept?: boolean;
  readonly succeeds?: boolean;
  readonly concurrency?: Concurrency | Error;
}

const PLENTY = { limit: 1_000, unreserved: 1_000 };
const WITH_RESERVE: Template = {
  Resources: { Publish: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 5 } } },
};

/** Records what happens, in order. */
function inWorld({ deployed, next, isKept = true, succeeds = true, concurrency = PLENTY }: World) {
  const events: string[] = [];
  const tools: DeploymentTools = {
    synthesize: async () => [{ name: 'Ledger', template: next, isKept }],
    deployedTemplate: async () => deployed,
    setStackPolicy: async (name, policy) => {
      events.push(`policy of ${name}: ${policy === stackPolicy([]) ? 'all kept' : policy}`);
    },
    readConcurrency: async () => {
      if (concurrency instanceof Error) {
        throw concurrency;
      }
      return concurrency;
    },
    showDifference: async () => void events.push('difference'),
    deploy: async () => {
      events.push('deploy');
      return succeeds;
    },
  };
  const deploy = async (released: string[] = [], isDryRun = false) => {
    const status = await deployGuarded(
      tools,
      { released, isDryRun },
      {
        print: (line) => void events.push(line),
        tell: (line) => void events.push(line),
        isTerminal: false,
      },
    );
    return [status, ...events];
  };
  return { deploy, events };
}

const KEPT = 'policy of Ledger: all kept';

/** A function whose alias CodeDeploy moves. */
function withTable(name: string): Template {
  return {
    Resources: {
      Pay: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { ACCOUNTS_TABLE_NAME: name } } },
      },
      PayLive: {
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionName: { Ref: 'Pay' } },
        UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} },
      },
    },
  };
}

describe('A deployment that changes the tables of functions', () => {
  it('does not begin while their versions would change by and by', async () => {
    const world = inWorld({ deployed: withTable('Old'), next: withTable('Restored') });
    expect(await world.deploy()).toStrictEqual([
      1,
      'difference',
      'Pay would write to the old tables and to the new ones at the same time. Nothing was deployed. Pause the stack, and change its tables with -c trafficShift=at-once.',
    ]);
  });
});

describe('A deployment that reserves concurrency', () => {
  it('does not begin where the account can not reserve so much', async () => {
    const concurrency = { limit: 109, unreserved: 109 };
    expect(await inWorld({ next: WITH_RESERVE, concurrency }).deploy()).toStrictEqual([
      1,
      'difference',
      'reservedConcurrency (APP_RESERVED_CONCURRENCY) is 5, for each of two functions; the account has 109 in this region and must keep 100 unreserved, so it can be 4 at the most. Ask AWS for a higher quota.',
    ]);
  });

  it('goes on where it is enough, and where the account can not be asked', async () => {
    expect(await inWorld({ next: WITH_RESERVE }).deploy()).toStrictEqual([0, 'difference', 'deploy', KEPT]);
    const concurrency = new Error('Region is missing');
    expect(await inWorld({ next: WITH_RESERVE, concurrency }).deploy()).toStrictEqual([
      0,
      'difference',
      "The account's concurrency could not be checked: Region is missing",
      'deploy',
      KEPT,
    ]);
  });
});

describe('A guarded deployment', () => {
  it('shows the difference, deploys, and has CloudFormation refuse losses from then on', async () => {
    expect(await inWorld({ next: LEDGER }).deploy()).toStrictEqual([0, 'difference', 'deploy', KEPT]);
    expect(await inWorld({ deployed: LEDGER, next: LEDGER }).deploy()).toStrictEqual([
      0,
      'difference',
      KEPT,
      'deploy',
      KEPT,
    ]);
  });

  it('refuses a change that would lose a table', async () => {
    expect(await inWorld({ deployed: LEDGER, next: EMPTY }).deploy()).toStrictEqual([
      1,
      'difference',
      'Accounts would be deleted.',
      'Nothing was deployed. A table or queue that is meant to go is named by --let-go ID,ID.',
    ]);
  });

  it('lets a table go that is named, for this time only, also when the deployment fails', async () => {
    const { deploy } = inWorld({ deployed: LEDGER, next: EMPTY, succeeds: false });
    expect(await deploy(['Accounts'])).toStrictEqual([
      2,
      'difference',
      `policy of Ledger: ${stackPolicy(['Accounts'])}`,
      'deploy',
      KEPT,
    ]);
  });

  it('refuses to let go what would not be lost, which is more likely a slip', async () => {
    const { deploy, events } = inWorld({ deployed: LEDGER, next: LEDGER });
    await expect(deploy(['Account'])).rejects.toThrow(
      '--let-go names Account, which this deployment would not lose.',
    );
    expect(events).toStrictEqual([]);
  });

  it('changes nothing in a dry run', async () => {
    expect(await inWorld({ deployed: LEDGER, next: LEDGER }).deploy([], true)).toStrictEqual([
      0,
      'difference',
      'No table and no queue would be lost. Nothing was deployed; omit --dry-run to deploy.',
    ]);
  });

  it('protects no disposable stack', async () => {
    expect(await inWorld({ deployed: LEDGER, next: EMPTY, isKept: false }).deploy()).toStrictEqual([
      0,
      'difference',
      'deploy',
    ]);
  });
});

describe('The stack policy', () => {
  it('denies that tables and queues are replaced or deleted, and nothing else', () => {
    expect(JSON.parse(stackPolicy(['Accounts']))).toStrictEqual({
      Statement: [
        { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: ['Update:Replace', 'Update:Delete'],
          Principal: '*',
          NotResource: ['LogicalResourceId/Accounts'],
          Condition: { StringEquals: { ResourceType: ['AWS::DynamoDB::Table', 'AWS::SQS::Queue'] } },
        },
      ],
    });
    expect(JSON.parse(stackPolicy([])).Statement[1]).toMatchObject({ Effect: 'Deny', Resource: '*' });
  });
});
