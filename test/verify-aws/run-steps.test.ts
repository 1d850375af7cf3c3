import { describe, expect, it } from 'vitest';
import type { PlannedStep, StepName } from './plan.ts';
import type { Outcome } from './report.ts';
import { runSteps } from './run-steps.ts';

const MEASURED: Outcome = { kind: 'measured', findings: [['payments', '3']] };
const PLAN: readonly PlannedStep[] = [
  { name: 'end-to-end', obstacle: undefined },
  { name: 'latency', obstacle: undefined },
  { name: 'cross-account', obstacle: 'there is no other account' },
];

/** Steps that take a second each. */
async function run(work: (name: StepName) => Promise<Outcome>, isInterrupted = () => false) {
  let now = 0;
  const started: StepName[] = [];
  const results = await runSteps(PLAN, {
    run: async (name) => {
      now += 1_000;
      return work(name);
    },
    now: () => now,
    onStep: (name, result) => void (result ?? started.push(name)),
    isInterrupted,
  });
  return { results, started };
}

describe('The steps of a verification', () => {
  it('are run one after the other, and timed', async () => {
    expect(await run(async () => MEASURED)).toStrictEqual({
      results: [
        { name: 'end-to-end', outcome: MEASURED, seconds: 1 },
        { name: 'latency', outcome: MEASURED, seconds: 1 },
        {
          name: 'cross-account',
          outcome: { kind: 'not possible', reason: 'there is no other account' },
          seconds: 0,
        },
      ],
      started: ['end-to-end', 'latency', 'cross-account'],
    });
  });

  it('go on after one that fails, whose reason is one line', async () => {
    const { results } = await run(async (name) => {
      if (name === 'end-to-end') {
        throw new Error('the tests did not run\nand more');
      }
      throw Object.assign(new Error('Not allowed'), { name: 'AccessDenied' });
    });
    expect(results.map(({ outcome }) => outcome)).toStrictEqual([
      { kind: 'failed', reason: 'the tests did not run' },
      { kind: 'failed', reason: 'AccessDenied: Not allowed' },
      { kind: 'not possible', reason: 'there is no other account' },
    ]);
  });

  it('are not begun after an interruption', async () => {
    let interrupted = false;
    const { results } = await run(
      async () => {
        interrupted = true;
        return MEASURED;
      },
      () => interrupted,
    );
    expect(results.map(({ outcome }) => outcome)).toStrictEqual([
      MEASURED,
      { kind: 'failed', reason: 'interrupted' },
      { kind: 'not possible', reason: 'there is no other account' },
    ]);
  });
});
