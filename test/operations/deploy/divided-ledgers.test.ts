import { describe, expect, it } from 'vitest';
import { dividedLedgers } from '../../../lib/operations/deploy/divided-ledgers.ts';
import type { Template } from '../../../lib/operations/deploy/template-losses.ts';
import { withTestedStack } from '../../infrastructure/template.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:123456789012:table';
const RESTORED = {
  accountsStreamArn: `${TABLE}/A/stream/2027-01-15T08:00:00.000`,
  transfersStreamArn: `${TABLE}/T/stream/2027-01-15T08:00:00.000`,
};

function synthesized(options: Readonly<Record<string, string>>): Template {
  return withTestedStack(
    options,
    {},
    (app, stack) => app.synth().getStackArtifact(stack.artifactId).template,
  );
}

const OFF = synthesized({ trafficShift: 'off' });
const LINEAR = synthesized({ trafficShift: 'linear' });
const LINEAR_RESTORED = synthesized({ trafficShift: 'linear', ...RESTORED });

describe('A ledger', () => {
  it('is divided while old and new versions of functions work on different tables', () => {
    const divided = dividedLedgers(LINEAR, LINEAR_RESTORED);
    // All but publish-events, which reads what the streams bring.
    expect(divided.map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toStrictEqual([
      'ProcessMessages',
      'CreditRecipients',
      'RunChores',
      'SweepAccounts',
      'SweepTransfers',
      'PublishAgain',
    ]);
  });

  it.each([
    ['the tables stay', LINEAR, synthesized({ trafficShift: 'linear', logLevel: 'DEBUG' })],
    ['all invocations move at once', LINEAR, synthesized({ trafficShift: 'at-once', ...RESTORED })],
    ['there was no old version', OFF, LINEAR_RESTORED],
  ])('is not divided where %s', (_, deployed, next) => {
    expect(dividedLedgers(deployed, next)).toStrictEqual([]);
  });
});
