import { describe, expect, it } from 'vitest';
import { lossesBetween, type TemplateResource } from '../../../lib/operations/deploy/template-losses.ts';
import { withTestedStack } from '../../infrastructure/template.ts';

const TABLE: TemplateResource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'account', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'account', AttributeType: 'S' }],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    DeletionProtectionEnabled: true,
  },
};
const QUEUE: TemplateResource = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 240 } };
const DEPLOYED = { Resources: { Accounts: TABLE, Incoming: QUEUE } };

function withProperties(resource: TemplateResource, properties: object): TemplateResource {
  return { ...resource, Properties: { ...resource.Properties, ...properties } };
}

function lossesWith(resources: Record<string, TemplateResource>): string[] {
  return lossesBetween(DEPLOYED, { Resources: { ...DEPLOYED.Resources, ...resources } }).map(
    ({ logicalId, how }) => `${logicalId} ${how}`,
  );
}

describe('Losses between two templates', () => {
  it('are none for the stack as it is, whatever else of it changes', () => {
    const template = (options: Record<string, string>) =>
      withTestedStack(options, {}, (app, stack) => app.synth().getStackArtifact(stack.artifactId).template);
    expect(lossesBetween(template({}), template({ logLevel: 'DEBUG', auditHours: '24' }))).toStrictEqual([]);
  });

  it('are none where properties change in place, or only their form does', () => {
    expect(
      lossesWith({
        Accounts: {
          Type: TABLE.Type,
          Properties: {
            DeletionProtectionEnabled: 'false',
            StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
            AttributeDefinitions: [
              { AttributeType: 'S', AttributeName: 'account' },
              { AttributeType: 'N', AttributeName: 'indexed' },
            ],
            KeySchema: [{ KeyType: 'HASH', AttributeName: 'account' }],
          },
        },
        Incoming: withProperties(QUEUE, { VisibilityTimeout: 300 }),
      }),
    ).toStrictEqual([]);
  });

  it.each([
    ['a key', TABLE, { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }, 'KeySchema changes'],
    [
      'a key’s type',
      TABLE,
      { AttributeDefinitions: [{ AttributeName: 'account', AttributeType: 'N' }] },
      'AttributeDefinitions changes',
    ],
    ['a table’s name', TABLE, { TableName: 'Ledger' }, 'TableName changes'],
    [
      'a stream',
      TABLE,
      { StreamSpecification: { StreamViewType: 'KEYS_ONLY' } },
      'StreamSpecification changes',
    ],
    [
      'a queue’s name and kind',
      QUEUE,
      { QueueName: 'In.fifo', FifoQueue: true },
      'QueueName and FifoQueue change',
    ],
  ])('are replacements, by %s', (_, resource, change, reason) => {
    const id = resource === TABLE ? 'Accounts' : 'Incoming';
    expect(lossesWith({ [id]: withProperties(resource, change) })).toStrictEqual([
      `${id} would be replaced, since ${reason}`,
    ]);
  });

  it('are deletions, and name what may have been meant as another name', () => {
    expect(lossesBetween(DEPLOYED, { Resources: { Ledger: TABLE } })).toStrictEqual([
      {
        logicalId: 'Accounts',
        how: 'would be deleted; Ledger would be new and empty, even if it was meant as another name',
      },
      { logicalId: 'Incoming', how: 'would be deleted' },
    ]);
    expect(lossesWith({ Accounts: QUEUE })).toStrictEqual([
      'Accounts would be replaced by a resource of type AWS::SQS::Queue',
    ]);
  });
});
