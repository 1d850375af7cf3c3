import { describe, expect, it } from 'vitest';
import { synthesize } from './template.ts';

const PROTECTED = {
  BillingMode: 'PAY_PER_REQUEST',
  DeletionProtectionEnabled: true,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  // Encrypted with DynamoDB's own key.
  SSESpecification: { SSEEnabled: false },
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

describe('Tables', () => {
  // The name is part of the logical ID: CloudFormation makes a new, empty table when that changes.
  it('keeps accounts under one key, protected and kept when the stack goes', () => {
    expect(tableOf(synthesize(), 'Accounts')).toStrictEqual({
      Properties: {
        ...PROTECTED,
        AttributeDefinitions: [{ AttributeName: 'account', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'account', KeyType: 'HASH' }],
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('keeps transfers under their senders, and lets finished ones expire', () => {
    expect(tableOf(synthesize(), 'Transfers')).toStrictEqual({
      Properties: {
        ...PROTECTED,
        AttributeDefinitions: [
          { AttributeName: 'account', AttributeType: 'S' },
          { AttributeName: 'transferId', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'account', KeyType: 'HASH' },
          { AttributeName: 'transferId', KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it.each(['Accounts', 'Transfers'])('destroys %s with a disposable stack', (name) => {
    const { Properties, DeletionPolicy } = tableOf(synthesize({ disposable: 'true' }), name);
    expect([Properties?.DeletionProtectionEnabled, DeletionPolicy]).toStrictEqual([false, 'Delete']);
  });
});

function tableOf({ Resources }: ReturnType<typeof synthesize>, name: string) {
  const { Properties, DeletionPolicy, UpdateReplacePolicy } = Resources[name] ?? {};
  return { Properties, DeletionPolicy, UpdateReplacePolicy };
}
