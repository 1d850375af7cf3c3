import { describe, expect, it } from 'vitest';
import { exitCodeOf, printVerification, type Verification } from './report.ts';

const VERIFICATION: Verification = {
  place: 'AWS, eu-central-1',
  isEmulator: false,
  startedAt: '2026-11-27T08:00:00.000Z',
  deployment: { kind: 'destroyed', stackName: 'Tried' },
  results: [
    {
      name: 'latency',
      outcome: { kind: 'measured', findings: [['payments', '120']] },
      seconds: 150.4,
    },
    { name: 'loop-detection', outcome: { kind: 'not possible', reason: 'it is | an emulator' }, seconds: 0 },
    { name: 'retry-cadence', outcome: { kind: 'failed', reason: 'AccessDenied: no' }, seconds: 1 },
  ],
  estimate: [{ service: 'DynamoDB', item: 'write units', quantity: 1_234.5678, dollars: 0.00077 }],
};

describe('The report of a verification', () => {
  it('says what was measured, what was not possible, what failed, and what it cost', () => {
    expect(printVerification(VERIFICATION)).toBe(`# Verification on AWS, eu-central-1

2026-11-27. The stack Tried was deployed for it and destroyed.

| step | outcome | seconds |
| --- | --- | --- |
| latency | measured | 150 |
| loop-detection | not possible: it is \\| an emulator | 0 |
| retry-cadence | failed: AccessDenied: no | 1 |

## How long a payment takes, one a second

| what | found |
| --- | --- |
| payments | 120 |

## What it cost

An estimate, from what was counted and the prices in \`test/bench/cost/prices.ts\`. AWS’s own figures come a day later, in Cost Explorer: choose the tag \`ledger\` with the stack’s name.

| service | what | quantity | dollars |
| --- | --- | --- | --- |
| DynamoDB | write units | 1,234.568 | 0.0008 |
| total |  |  | 0.0008 |
`);
  });

  it('says so when a stack goes on costing money', () => {
    const of = (kind: 'kept' | 'left behind') =>
      printVerification({ ...VERIFICATION, deployment: { kind, stackName: 'Tried' } }).split('\n')[2];
    expect([of('kept'), of('left behind')]).toStrictEqual([
      '2026-11-27. The stack Tried is kept, and costs money until somebody destroys it.',
      '2026-11-27. The stack Tried could not be destroyed: do it in the console of CloudFormation, or it goes on costing money.',
    ]);
  });

  it('is well when no step failed and the stack is where it should be', () => {
    const [measured, impossible] = VERIFICATION.results;
    const results = [measured, impossible] as Verification['results'];
    expect(exitCodeOf({ ...VERIFICATION, results })).toBe(0);
    expect(exitCodeOf(VERIFICATION)).toBe(1);
    const left = { kind: 'left behind', stackName: 'Tried' } as const;
    expect(exitCodeOf({ ...VERIFICATION, results, deployment: left })).toBe(1);
  });
});
