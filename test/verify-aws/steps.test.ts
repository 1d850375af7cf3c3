import { describe, expect, it } from 'vitest';
import { parseIncomingMessage } from '../../lib/protocol/codec.ts';
import { findingsOf, tallyOf } from './steps/conflict-billing.ts';
import { openRootAccount } from './steps/cross-account.ts';
import { findingsOf as latencyOf } from './steps/latency.ts';
import { denying } from './steps/retry-cadence.ts';

describe('Cancelled transactions', () => {
  const tally = tallyOf([
    { units: 2 },
    { codes: ['TransactionConflict'] },
    { units: 2 },
    { codes: ['TransactionConflict'] },
    { codes: ['ConditionalCheckFailed'] },
  ]);

  it('are counted by reason, apart from those that say what they took', () => {
    expect(tally).toStrictEqual({
      succeeded: 2,
      cancelled: 3,
      knownUnits: 4,
      codes: { TransactionConflict: 2, ConditionalCheckFailed: 1 },
    });
  });

  it('took what the table consumed beyond what others say', () => {
    expect(findingsOf('conflict', tally, 10).map(([, value]) => value)).toStrictEqual([
      '2 and 3',
      'TransactionConflict 2, ConditionalCheckFailed 1',
      '2.00',
    ]);
  });

  it('took nobody knows what where there are no figures, or none', () => {
    const last = (of: typeof tally, consumed: number | undefined) =>
      findingsOf('conflict', of, consumed).at(-1)?.[1];
    expect(last(tally, undefined)).toBe('not possible here: CloudWatch has no figures of the table');
    expect(last(tallyOf([{ units: 2 }]), undefined)).toBe('none was cancelled');
  });
});

describe('Probes', () => {
  it('open a root account as any client does', () => {
    const message = parseIncomingMessage(openRootAccount('4242424242', new Date(1_800_000_000_000)));
    expect(message).toMatchObject({ type: 'ConfigureAccount', debtorId: 4_242_424_242n, creditorId: 0n });
  });

  it('deny publishing to everybody, and leave the rest of the policy', () => {
    const allow = { Sid: 'Others', Effect: 'Allow', Action: 'sns:Subscribe' };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
    expect(JSON.parse(denying(policy, 'arn:topic'))).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        allow,
        { Sid: 'Verification', Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: 'arn:topic' },
      ],
    });
  });

  it('tell the latency of each step of a payment', () => {
    const times = { p50: 48.4, p90: 60, p99: 120.6, max: 130 };
    const steps = { prepared: times, finalized: times, debited: times, credited: times, whole: times };
    const findings = latencyOf({ cases: [{ transferCount: 120, times: steps } as never] });
    expect(findings.slice(0, 2)).toStrictEqual([
      ['payments', '120'],
      ['PrepareTransfer sent → PreparedTransfer', 'p50 48 ms, p99 121 ms'],
    ]);
    expect(findings).toHaveLength(6);
  });
});
